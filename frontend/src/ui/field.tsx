import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import { type ClipboardEvent, type ReactNode, type Ref, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Control, controlClass, Field, type FieldTexts } from "./field-frame";

// Whoever builds a form finds every kind of field here.
export { Checkbox, CheckboxGroup, Switch } from "./choice";
export { type ControlProps, controlClass, Field, FieldError, FieldHelp } from "./field-frame";

export type TextFieldProps = FieldTexts &
  Control<"input"> & {
    /** A fixed part in front of the value, such as "+" or "https://". */
    prefix?: ReactNode | undefined;
    suffix?: ReactNode | undefined;
  };

export function TextField({ label, help, error, optional, hint, prefix, suffix, id, ...input }: TextFieldProps) {
  return (
    <Field id={id} label={label} help={help} error={error} optional={optional} hint={hint}>
      {(control) => {
        const field = <input type="text" {...input} {...control} className={controlClass()} />;
        if (!prefix && !suffix) return field;
        return (
          <div className="flex [&>input]:rounded-none [&>input]:first:rounded-l-md [&>input]:last:rounded-r-md">
            {prefix ? <Affix side="left">{prefix}</Affix> : null}
            {field}
            {suffix ? <Affix side="right">{suffix}</Affix> : null}
          </div>
        );
      }}
    </Field>
  );
}

function Affix({ side, children }: { side: "left" | "right"; children: ReactNode }) {
  return (
    <span
      className={clsx(
        "flex shrink-0 items-center border-line-strong border-y bg-sunken px-2.5 text-ink-soft text-sm",
        side === "left" ? "rounded-l-md border-l" : "rounded-r-md border-r",
      )}
    >
      {children}
    </span>
  );
}

export type TextAreaProps = FieldTexts &
  Control<"textarea"> & {
    /** Counts the characters against a limit. The limit is told, not enforced: pasted text is not cut. */
    counter?: { max: number } | undefined;
  };

export function TextArea({ label, help, error, optional, hint, counter, id, ref, onInput, ...area }: TextAreaProps) {
  const { t } = useTranslation("ui");
  const own = useId();
  const element = useRef<HTMLTextAreaElement>(null);
  const [used, setUsed] = useState(0);
  // The value may be set from outside (a form's reset), which no event tells.
  useLayoutEffect(() => setUsed(countCharacters(element.current?.value ?? "")));
  const counterId = `${id ?? own}-counter`;
  const count = counter ? (
    <span id={counterId} className={used > counter.max ? "font-medium text-bad" : undefined}>
      <span aria-hidden>
        {used} / {counter.max}
      </span>
      <span className="sr-only">{t("counter", { used, max: counter.max })}</span>
    </span>
  ) : null;
  return (
    <Field id={id ?? own} label={label} help={help} error={error} optional={optional} hint={hint ?? count}>
      {(control) => (
        <textarea
          rows={3}
          {...area}
          {...control}
          aria-describedby={clsx(control["aria-describedby"], count && counterId) || undefined}
          ref={(node) => {
            element.current = node;
            return passRef(ref, node);
          }}
          onInput={(event) => {
            setUsed(countCharacters(event.currentTarget.value));
            onInput?.(event);
          }}
          className={clsx(controlClass(), "field-sizing-content max-h-80 min-h-16 resize-y py-1.5")}
        />
      )}
    </Field>
  );
}

/** Characters as people count them: an emoji is one. */
function countCharacters(text: string): number {
  return Array.from(text).length;
}

function passRef<T>(ref: Ref<T> | undefined, node: T | null) {
  if (typeof ref === "function") return ref(node);
  if (ref) ref.current = node;
}

export type SecretFieldProps = FieldTexts & {
  label: string;
  /** Takes the blanks around a pasted value away, which copying from a web page often adds. */
  trim?: boolean | undefined;
} & Omit<Control<"input">, "type">;

export function SecretField({
  label,
  help,
  error,
  optional,
  hint,
  id,
  trim = true,
  onPaste,
  autoComplete = "off",
  ...input
}: SecretFieldProps) {
  const { t } = useTranslation("ui");
  const [shown, setShown] = useState(false);
  function paste(event: ClipboardEvent<HTMLInputElement>) {
    onPaste?.(event);
    const pasted = event.clipboardData.getData("text");
    if (!trim || event.defaultPrevented || pasted === pasted.trim()) return;
    event.preventDefault();
    insert(event.currentTarget, pasted.trim());
  }
  return (
    <Field id={id} label={label} help={help} error={error} optional={optional} hint={hint}>
      {(control) => (
        <div className="relative">
          <input
            spellCheck={false}
            autoCapitalize="none"
            {...input}
            {...control}
            autoComplete={autoComplete}
            type={shown ? "text" : "password"}
            onPaste={paste}
            className={clsx(controlClass(), "pr-16", shown && "font-mono text-sm")}
          />
          <button
            type="button"
            disabled={input.disabled}
            aria-label={t(shown ? "hideNamed" : "showNamed", { label })}
            aria-controls={control.id}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-1 right-1 min-w-12 rounded-sm px-2 font-medium text-ink-soft text-xs transition-colors enabled-hover:bg-hover enabled-hover:text-ink focus-visible:outline-offset-0 disabled:opacity-50"
          >
            {t(shown ? "hide" : "show")}
          </button>
        </div>
      )}
    </Field>
  );
}

/** Puts text in place of the selection as if it had been typed. */
function insert(field: HTMLInputElement, text: string) {
  const start = field.selectionStart ?? field.value.length;
  const rest = field.value.slice(field.selectionEnd ?? start);
  // The prototype's own setter: React replaces the element's, and would not notice the change.
  Reflect.set(HTMLInputElement.prototype, "value", field.value.slice(0, start) + text + rest, field);
  field.setSelectionRange(start + text.length, start + text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export interface SelectOption {
  value: string;
  label: string;
  disabled?: boolean | undefined;
}

export type SelectFieldProps = FieldTexts & Control<"select"> & { options: readonly SelectOption[] };

/** The system's own select: light, and at home on every phone. */
export function SelectField({ label, help, error, optional, hint, id, options, ...select }: SelectFieldProps) {
  return (
    <Field id={id} label={label} help={help} error={error} optional={optional} hint={hint}>
      {(control) => (
        <div className="relative">
          <select {...select} {...control} className={clsx(controlClass(), "appearance-none truncate pr-8")}>
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            aria-hidden
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-2.5 size-4 text-ink-soft"
          />
        </div>
      )}
    </Field>
  );
}
