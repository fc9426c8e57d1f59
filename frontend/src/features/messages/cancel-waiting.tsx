import { Ban } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { CancelMessages, ChannelView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { useToast } from "../../ui/toast";
import { cancelOf, type MessageFilter } from "./filter";
import { useCancelWaiting } from "./queries";

/** Where the list shows what waits, the way to take all of it back. */
export function CancelWaiting({ filter, channels }: { filter: MessageFilter; channels: readonly ChannelView[] }) {
  const { t } = useTranslation("messages");
  const workspace = useWorkspace();
  const toast = useToast();
  const problemText = useProblemText();
  const cancel = useCancelWaiting();
  /** What was shown when it was asked: what is queued later is not meant. */
  const [asked, setAsked] = useState<CancelMessages>();
  if (!workspace.can("messages:write") || !cancelOf(filter, "")) {
    return null;
  }
  const close = () => {
    cancel.reset();
    setAsked(undefined);
  };
  const channel = channels.find(({ id }) => id === filter.channel_id)?.name;
  return (
    <div className="flex flex-wrap">
      <Button icon={<Ban />} onClick={() => setAsked(cancelOf(filter, new Date().toISOString()))}>
        {t("cancelAll.open")}
      </Button>
      {asked ? (
        <Confirm
          open
          tone="danger"
          title={t("cancelAll.title")}
          body={
            <span className="grid gap-2">
              <span>{t("cancelAll.body")}</span>
              {channel ? <span>{t("cancelAll.channel", { channel })}</span> : null}
              {filter.person ? <span>{t("cancelAll.person", { person: filter.person })}</span> : null}
            </span>
          }
          confirmLabel={t("cancelAll.confirm")}
          busy={cancel.isPending}
          error={cancel.error ? problemText(asProblem(cancel.error)) : undefined}
          onConfirm={() =>
            cancel.mutate(asked, {
              onSuccess: ({ cancelled }) => {
                toast.ok(t("cancelAll.done", { count: cancelled }));
                close();
              },
            })
          }
          onCancel={close}
        />
      ) : null}
    </div>
  );
}
