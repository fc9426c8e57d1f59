import { useQuery } from "@tanstack/react-query";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { ConversationWindow } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { useSettled } from "../../lib/use-settled";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { Time } from "../../ui/time";
import { isRecipient } from "./faults";
import { windowQuery } from "./queries";
import { type ComposeValues, recipientOf } from "./values";

/** Whoever types a number is not asked about at each digit. */
const SETTLED_MS = 400;

/** Whether free messages reach this person by this channel now, and what does when they don't. */
export function WindowNote({ channel }: { channel: string | undefined }) {
  const workspace = useWorkspace();
  const { watch } = useFormContext<ComposeValues>();
  const person = useSettled(recipientOf(watch("to")), SETTLED_MS);
  const kind = watch("kind");
  const asked = channel !== undefined && isRecipient(person) && workspace.can("messages:read");
  const { data } = useQuery({ ...windowQuery(workspace.id, channel ?? "", person), enabled: asked });
  if (!asked || !data) {
    return null;
  }
  // Templates are what the window does not hold back.
  return kind === "template" || kind === "one_time_code" ? (
    <FreeEntry conversation={data} />
  ) : (
    <Free conversation={data} />
  );
}

function Free({ conversation }: { conversation: ConversationWindow }) {
  const { t } = useTranslation("compose");
  const { setValue } = useFormContext<ComposeValues>();
  const { state, until } = conversation.window;
  switch (state) {
    case "open":
      return (
        <div className="grid gap-1">
          <p className="text-ink-soft text-sm">
            {t("window.open")} {until ? <Time value={until} look="full" /> : null}
          </p>
          <FreeEntry conversation={conversation} />
        </div>
      );
    case "closed":
      return (
        <Notice
          tone="warn"
          title={t("window.closed")}
          action={
            <Button size="small" onClick={() => setValue("kind", "template", { shouldDirty: true })}>
              {t("window.template")}
            </Button>
          }
        >
          {t("window.closedWhy")}
        </Notice>
      );
    case "unknown":
      return <p className="text-ink-soft text-sm">{t("window.unknown")}</p>;
  }
}

/** A person who came by an ad is written to without a charge for a while. */
function FreeEntry({ conversation: { free_entry_until: until } }: { conversation: ConversationWindow }) {
  const { t } = useTranslation("compose");
  return until ? (
    <p className="text-ink-soft text-sm">
      {t("window.freeEntry")} <Time value={until} look="full" />
    </p>
  ) : null;
}
