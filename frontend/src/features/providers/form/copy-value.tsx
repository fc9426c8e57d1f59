import { useTranslation } from "react-i18next";
import type { ChannelView, FieldDescriptor } from "../../../api/schema.gen";
import { CopyField } from "../../../ui/copy";
import { copyValue } from "./descriptors";
import { HelpWithPlace } from "./place";

type CopyDescriptor = Extract<FieldDescriptor, { kind: "copy" }>;

/** A value of ours for the provider's console; until the channel is saved, only what it will be. */
export function CopyValue({ field, channel }: { field: CopyDescriptor; channel: ChannelView | undefined }) {
  const { t } = useTranslation("providers");
  const help = <HelpWithPlace help={field.help} place={field.where_to_find} field={field.name} />;
  const value = channel ? copyValue(field.template, channel) : undefined;
  if (value !== undefined) {
    return <CopyField label={field.label} value={value} help={help} />;
  }
  return (
    <div className="grid gap-1.5">
      <p className="font-medium text-sm">{field.label}</p>
      <p className="rounded-md border border-line border-dashed bg-sunken px-2.5 py-1.5 text-ink-soft text-sm">
        {channel ? t("copy.unavailable") : t("copy.afterSaving")}
      </p>
      <p className="break-anywhere text-ink-soft text-xs">{help}</p>
    </div>
  );
}
