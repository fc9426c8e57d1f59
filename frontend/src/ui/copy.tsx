import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./button";
import { controlClass, Field } from "./field-frame";
import { Scroller } from "./scroller";

export interface CopyButtonProps {
  value: string;
  /** The button's name: "Copy webhook address". */
  label: string;
  /** `text` shows the word beside the icon. */
  look?: "icon" | "text" | undefined;
}

/** Puts a value on the clipboard and says that it did. */
export function CopyButton({ value, label, look = "icon" }: CopyButtonProps) {
  const { t } = useTranslation("ui");
  const [outcome, setOutcome] = useState<"copied" | "copyFailed">();
  const frame = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), outcome === "copied" ? 2000 : 8000);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    const done = await writeClipboard(value, frame.current);
    setOutcome(done ? "copied" : "copyFailed");
  }

  const icon = outcome === "copied" ? <Check className="text-ok" /> : <Copy />;
  return (
    <span ref={frame} className="relative inline-flex shrink-0 items-center gap-2">
      {look === "icon" ? (
        <IconButton size="small" label={label} icon={icon} onClick={copy} />
      ) : (
        <Button size="small" icon={icon} aria-label={label} onClick={copy}>
          {t(outcome === "copied" ? "copied" : "copy")}
        </Button>
      )}
      <span role="status" className={outcome === "copyFailed" ? "text-bad text-xs" : "sr-only"}>
        {outcome ? t(outcome) : null}
      </span>
    </span>
  );
}

async function writeClipboard(value: string, near: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    // Browsers refuse it on plain HTTP, where a gateway in one's own network often stands; the old way still works there.
    return near !== null && copyBySelection(value, near);
  }
}

/** The text must stand near the button: with a dialog open, what is outside of it cannot be selected. */
function copyBySelection(value: string, near: HTMLElement): boolean {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = value;
  area.readOnly = true;
  area.className = "sr-only";
  near.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

export interface CodeBlockProps {
  code: string;
  language?: string | undefined;
  /** What it is: names the block and its copy button. */
  label: string;
  children?: ReactNode | undefined;
}

/** Lines to be copied. They scroll within the block; `children` may show the same code with colours. */
export function CodeBlock({ code, language, label, children }: CodeBlockProps) {
  const { t } = useTranslation("ui");
  return (
    <div className="grid overflow-hidden rounded-md border border-line bg-sunken">
      <div className="flex min-h-9 items-center justify-between gap-3 border-line border-b py-1 pr-1 pl-3">
        <span className="truncate text-ink-soft text-xs">
          {label}
          {language ? <span className="text-ink-faint"> · {language}</span> : null}
        </span>
        <CopyButton value={code} label={`${t("copy")}: ${label}`} look="text" />
      </div>
      <Scroller label={label} className="max-h-96">
        <pre className="w-max min-w-full p-3 font-mono text-ink text-xs leading-5">
          <code>{children ?? code}</code>
        </pre>
      </Scroller>
    </div>
  );
}

export interface CopyFieldProps {
  label: string;
  value: string;
  help?: ReactNode | undefined;
}

/** A value to be put in somewhere else: readable, selected by a click, with its copy button. */
export function CopyField({ label, value, help }: CopyFieldProps) {
  const { t } = useTranslation("ui");
  return (
    <Field label={label} help={help}>
      {(control) => (
        <div className="flex items-center gap-1">
          <input
            {...control}
            readOnly
            value={value}
            onFocus={(event) => event.currentTarget.select()}
            className={`${controlClass()} font-mono text-xs`}
          />
          <CopyButton value={value} label={`${t("copy")}: ${label}`} />
        </div>
      )}
    </Field>
  );
}
