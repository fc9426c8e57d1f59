import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { messageQuery } from "../../api/messages";
import { useWorkspace } from "../../api/workspace";
import { contentText } from "../../domain/content";
import { IconButton } from "../../ui/button";
import { handsFocusOver } from "../../ui/focus";

/** The message that is answered or reacted to, in one line. What can't be loaded is named by its id, as the form has it. */
export function EarlierMessage({
  label,
  message,
  note,
  onRemove,
}: {
  label: string;
  message: string;
  /** Why it will not be seen, in the API's words. */
  note?: string | undefined;
  onRemove?: (() => void) | undefined;
}) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const workspace = useWorkspace();
  const { data } = useQuery({ ...messageQuery(workspace.id, message), enabled: UUID.test(message), retry: false });
  return (
    <div ref={handsFocusOver} className="flex items-center justify-between gap-2">
      <div className="min-w-0">
        <p className="text-ink-soft text-xs">{label}</p>
        <blockquote dir="auto" className="truncate border-accent border-s-2 ps-2 text-sm">
          {data ? contentText(data, td) : message}
        </blockquote>
        {note ? (
          <p lang="en" className="text-sm text-warn">
            {note}
          </p>
        ) : null}
      </div>
      {onRemove ? <IconButton size="small" label={t("reply.remove")} icon={<X />} onClick={onRemove} /> : null}
    </div>
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
