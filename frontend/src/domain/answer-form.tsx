import { type FormEvent, type ReactNode, type Ref, useState } from "react";
import { Button } from "../ui/button";
import { controlClass, Field } from "../ui/field";

/** One line to write and send, at the foot of a thread. What was typed goes only when it was taken. */
export function AnswerForm({
  label,
  button,
  missing,
  initial = "",
  busy,
  disabled = false,
  error,
  above,
  inputRef,
  onSend,
}: {
  label: string;
  button: string;
  /** Said when there is nothing to send. */
  missing: string;
  initial?: string | undefined;
  busy: boolean;
  /** While it is not known whom it goes to. */
  disabled?: boolean | undefined;
  /** Why the last one was not taken. */
  error?: string | undefined;
  /** Between thread and field: what is answered. */
  above?: ReactNode;
  inputRef?: Ref<HTMLInputElement> | undefined;
  onSend: (text: string, taken: () => void) => void;
}) {
  const [text, setText] = useState(initial);
  const [blank, setBlank] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") {
      setBlank(true);
      return;
    }
    // Whoever types on while it is on its way keeps the new words.
    onSend(text, () => setText((now) => (now === text ? "" : now)));
  }

  return (
    <form noValidate onSubmit={submit} className="grid gap-2">
      {above}
      <Field label={label} error={blank ? missing : error}>
        {(control) => (
          <div className="flex gap-2">
            <input
              {...control}
              ref={inputRef}
              type="text"
              dir="auto"
              disabled={disabled}
              autoComplete="off"
              className={controlClass()}
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                setBlank(false);
              }}
            />
            <Button type="submit" busy={busy} disabled={disabled}>
              {button}
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}
