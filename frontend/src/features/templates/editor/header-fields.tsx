import { useTranslation } from "react-i18next";
import type { TemplateHeader } from "../../../api/schema.gen";
import { SelectField } from "../../../ui/field";
import { emptyHeader, type HeaderType } from "./definition";
import type { FaultAt } from "./fault-at";
import { SampleField } from "./sample-field";
import { TextFields } from "./text-fields";

const types: readonly HeaderType[] = ["text", "image", "video", "document", "location", "product"];
const cardTypes: readonly HeaderType[] = ["image", "video", "product"];

/** What stands above the body of a template or of a card. */
export function HeaderFields({
  at,
  value,
  faultAt,
  onChange,
}: {
  at: string;
  value: TemplateHeader | null | undefined;
  faultAt: FaultAt;
  onChange: (value: TemplateHeader | null) => void;
}) {
  const { t } = useTranslation("templates");
  const isCard = at !== "header";
  return (
    <div className="grid gap-3">
      <SelectField
        label={t("editor.header")}
        value={value?.type ?? ""}
        error={faultAt(at)}
        options={[
          ...(isCard ? [] : [{ value: "", label: t("headerType.none") }]),
          ...(isCard ? cardTypes : types).map((type) => ({ value: type, label: t(`headerType.${type}`) })),
        ]}
        onChange={(event) => {
          const type = types.find((one) => one === event.currentTarget.value);
          onChange(type ? emptyHeader(type) : null);
        }}
      />
      {value?.type === "text" ? (
        <TextFields
          label={t("editor.headerText")}
          at={at}
          value={value}
          faultAt={faultAt}
          onChange={(text) => onChange({ type: "text", ...text })}
        />
      ) : null}
      {value?.type === "image" || value?.type === "video" || value?.type === "document" ? (
        <SampleField
          key={value.type}
          at={at}
          value={value}
          faultAt={faultAt}
          onChange={(sample) => onChange({ ...value, ...sample })}
        />
      ) : null}
    </div>
  );
}
