import clsx from "clsx";
import { CircleAlert } from "lucide-react";
import { type ComponentProps, cloneElement, isValidElement, type ReactElement, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";

/** What ties a control to its label, help and error. */
export interface ControlProps {
  id: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
}

export interface FieldTexts {
  label: ReactNode;
  help?: ReactNode | undefined;
  /** What is wrong with the value; shown under the control and read out with it. */
  error?: string | undefined;
  /** Marks the label. Fields are required unless they say otherwise. */
  optional?: boolean | undefined;
  /** At the right end of the label's line: a link, a counter. */
  hint?: ReactNode | undefined;
}

export interface FieldProps extends FieldTexts {
  id?: string | undefined;
  /** One control, which is given its wiring, or a function that passes it on. */
  children: ReactElement<Partial<ControlProps>> | ((control: ControlProps) => ReactNode);
}

/** Label above, control, then the error, then the help. */
export function Field({ id, label, help, error, optional, hint, children }: FieldProps) {
  const { t } = useTranslation("ui");
  const own = useId();
  const controlId = id ?? own;
  const control: ControlProps = {
    id: controlId,
    "aria-describedby": clsx(error && `${controlId}-error`, help && `${controlId}-help`) || undefined,
    "aria-invalid": error ? true : undefined,
  };
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3 text-sm">
        <label htmlFor={controlId} className="font-medium text-ink">
          {label}
          {optional ? <span className="font-normal text-ink-faint"> ({t("optional")})</span> : null}
        </label>
        {hint ? <div className="shrink-0 text-ink-soft text-xs">{hint}</div> : null}
      </div>
      {isValidElement(children) ? cloneElement(children, control) : children(control)}
      <FieldError id={`${controlId}-error`} error={error} />
      <FieldHelp id={`${controlId}-help`} help={help} />
    </div>
  );
}

export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  return error ? (
    <p id={id} className="flex items-start gap-1.5 text-bad text-xs">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="break-anywhere">{error}</span>
    </p>
  ) : null;
}

export function FieldHelp({ id, help }: { id: string; help: ReactNode | undefined }) {
  return help ? (
    <div id={id} className="break-anywhere text-ink-soft text-xs">
      {help}
    </div>
  ) : null;
}

/** The look of a text control, for inputs that these parts do not cover. */
export function controlClass(): string {
  return clsx(
    "min-h-8 w-full rounded-md border border-line-strong bg-panel px-2.5 py-1 text-base text-ink",
    "transition-colors focus-visible:border-accent focus-visible:outline-offset-0",
    "[&[readonly]]:bg-sunken disabled:bg-sunken disabled:text-ink-soft disabled:opacity-60 aria-invalid:border-bad",
  );
}

/** What an element takes by itself, but for its looks. */
export type Control<Tag extends "input" | "textarea" | "select"> = Omit<
  ComponentProps<Tag>,
  "className" | "style" | "prefix" | "children"
>;
