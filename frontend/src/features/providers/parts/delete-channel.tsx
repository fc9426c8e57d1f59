import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { ChannelView } from "../../../api/schema.gen";
import { Confirm } from "../../../ui/dialog";
import { useToast } from "../../../ui/toast";
import { useDeleteChannel } from "../queries";
import { ProblemText } from "./problem-notice";

/** Asks for the channel's name first: its credentials are gone for good. */
export function DeleteChannel({
  channel,
  open,
  onClose,
  onDeleted,
}: {
  channel: ChannelView;
  open: boolean;
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}) {
  const { t } = useTranslation("providers");
  const toast = useToast();
  const remove = useDeleteChannel();
  return (
    <Confirm
      open={open}
      tone="danger"
      title={t("delete.title", { name: channel.name })}
      body={
        <>
          <p>{t("delete.body")}</p>
          {channel.is_default ? <p className="mt-2">{t("delete.default")}</p> : null}
        </>
      }
      typed={channel.name}
      confirmLabel={t("delete.confirm")}
      busy={remove.isPending}
      error={remove.error ? <ProblemText problem={asProblem(remove.error)} /> : undefined}
      onCancel={() => {
        remove.reset();
        onClose();
      }}
      onConfirm={() =>
        remove.mutate(channel.id, {
          onSuccess: () => {
            toast.ok(t("delete.done", { name: channel.name }));
            onClose();
            onDeleted?.();
          },
        })
      }
    />
  );
}
