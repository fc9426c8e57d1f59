import { CornerUpLeft, Pencil, SmilePlus, Trash2 } from "lucide-react";
import { type FormEvent, type ReactNode, type Ref, type RefCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Bubble, CustomerContent } from "../../api/schema.gen";
import type { FaceButton } from "../../domain/face";
import { Button } from "../../ui/button";
import { TextArea, TextField } from "../../ui/field";
import { handsFocusOver } from "../../ui/focus";
import { filledIn, objectIn } from "./answers";
import { useFocusTurns } from "./use-focus-turns";

const emojis = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** What needs a word more before it is sent, at one bubble. */
export type Doing =
  | { id: string; what: "edit" | "react" }
  /** A form of the business that is filled in. */
  | { id: string; what: "fill"; button: FaceButton };

/** What the customer can do with one message, below it. */
export function BubbleActions({
  bubble,
  doing,
  busy,
  onBegin,
  onAnswer,
  onDo,
}: {
  bubble: Bubble;
  doing: Doing | undefined;
  busy: boolean;
  onBegin: (doing: Doing | undefined) => void;
  onAnswer: () => void;
  onDo: (content: CustomerContent) => void;
}) {
  const { t } = useTranslation("phone");
  const id = bubble.provider_message_id;
  const { opener, opened } = useFocusTurns(doing?.id === id);
  if (bubble.error_code != null) {
    return <p className="text-bad text-xs">{t("phone.failed", { code: bubble.error_code })}</p>;
  }
  if (doing?.id === id) {
    const cancel = () => onBegin(undefined);
    switch (doing.what) {
      case "edit":
        return <EditForm ref={opened} text={bubble.text} busy={busy} onCancel={cancel} onDo={onDo} id={id} />;
      case "react":
        return <Emojis ref={opened} id={id} onDo={onDo} onCancel={cancel} />;
      case "fill":
        return <FillForm ref={opened} button={doing.button} busy={busy} onCancel={cancel} onDo={onDo} />;
    }
  }
  if (bubble.direction === "inbound") {
    return bubble.content.kind === "text" && !bubble.deleted ? (
      <div className="flex flex-wrap gap-1">
        <SmallAction
          ref={opener}
          icon={<Pencil aria-hidden className="size-3.5" />}
          onClick={() => onBegin({ id, what: "edit" })}
        >
          {t("phone.edit")}
        </SmallAction>
        <SmallAction
          ref={handsFocusOver}
          icon={<Trash2 aria-hidden className="size-3.5" />}
          onClick={() => onDo({ kind: "revoke", message_id: id })}
        >
          {t("phone.revoke")}
        </SmallAction>
      </div>
    ) : null;
  }
  // Only what reached the telephone can be answered on it.
  if (!["delivered", "read"].includes(bubble.status)) {
    return null;
  }
  return (
    <div className="flex flex-wrap gap-1">
      <SmallAction icon={<CornerUpLeft aria-hidden className="size-3.5" />} onClick={onAnswer}>
        {t("phone.answerThis")}
      </SmallAction>
      <SmallAction
        ref={opener}
        icon={<SmilePlus aria-hidden className="size-3.5" />}
        onClick={() => onBegin({ id, what: "react" })}
      >
        {t("phone.react")}
      </SmallAction>
    </div>
  );
}

interface FormProps {
  ref: RefCallback<HTMLElement>;
  busy: boolean;
  onCancel: () => void;
  onDo: (content: CustomerContent) => void;
}

function EditForm({ ref, id, text, busy, onCancel, onDo }: FormProps & { id: string; text: string }) {
  const { t } = useTranslation("phone");
  const [changed, setChanged] = useState(text);
  return (
    <SmallForm
      ref={ref}
      busy={busy}
      onCancel={onCancel}
      onSubmit={() => changed.trim() !== "" && onDo({ kind: "edit", message_id: id, text: changed })}
    >
      <TextField
        label={t("phone.edited")}
        dir="auto"
        autoComplete="off"
        value={changed}
        error={changed.trim() === "" ? t("phone.missing") : undefined}
        onChange={(event) => setChanged(event.currentTarget.value)}
      />
    </SmallForm>
  );
}

/** What comes back from a flow or a request for an address, as the provider hands it on. */
function FillForm({ ref, button, busy, onCancel, onDo }: FormProps & { button: FaceButton }) {
  const { t } = useTranslation("phone");
  const [json, setJson] = useState(() => JSON.stringify(filledIn(button.does), undefined, 2));
  const [wrong, setWrong] = useState(false);
  return (
    <SmallForm
      ref={ref}
      busy={busy}
      onCancel={onCancel}
      onSubmit={() => {
        const response_json = objectIn(json);
        setWrong(response_json === undefined);
        if (response_json) {
          onDo({ kind: "flow_reply", response_json });
        }
      }}
    >
      <TextArea
        label={t("phone.filled")}
        rows={4}
        spellCheck={false}
        value={json}
        error={wrong ? t("other.notJson") : undefined}
        onChange={(event) => setJson(event.currentTarget.value)}
      />
    </SmallForm>
  );
}

function SmallForm({
  ref,
  busy,
  onCancel,
  onSubmit,
  children,
}: {
  ref: RefCallback<HTMLElement>;
  busy: boolean;
  onCancel: () => void;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation("phone");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form ref={ref} noValidate onSubmit={submit} className="grid gap-2">
      {children}
      <div className="flex gap-2">
        <Button type="submit" size="small" busy={busy}>
          {t("other.send")}
        </Button>
        <Button size="small" look="quiet" onClick={onCancel}>
          {t("phone.cancel")}
        </Button>
      </div>
    </form>
  );
}

function Emojis({ ref, id: message_id, onDo, onCancel }: Omit<FormProps, "busy"> & { id: string }) {
  const { t } = useTranslation("phone");
  return (
    <fieldset ref={ref} aria-label={t("phone.react")} className="flex flex-wrap items-center gap-1">
      {emojis.map((emoji) => (
        <button
          key={emoji}
          type="button"
          aria-label={t("phone.reactWith", { emoji })}
          className="size-7 rounded-sm hover:bg-hover"
          onClick={() => onDo({ kind: "reaction", message_id, emoji })}
        >
          {emoji}
        </button>
      ))}
      <Button size="small" look="quiet" onClick={() => onDo({ kind: "reaction", message_id })}>
        {t("phone.reactNot")}
      </Button>
      <Button size="small" look="quiet" onClick={onCancel}>
        {t("phone.cancel")}
      </Button>
    </fieldset>
  );
}

function SmallAction({
  ref,
  icon,
  onClick,
  children,
}: {
  ref?: Ref<HTMLButtonElement> | undefined;
  icon: ReactNode;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      ref={ref}
      type="button"
      className="-ms-1 inline-flex min-h-6 w-fit items-center gap-1 rounded-sm px-1 text-ink-soft text-xs hover:bg-hover hover:text-ink"
      onClick={onClick}
    >
      {icon}
      {children}
    </button>
  );
}
