import clsx from "clsx";
import { type ReactNode, useId } from "react";
import { FieldError, FieldHelp } from "./field-frame";

export interface RadioCard<T extends string> {
  value: T;
  label: ReactNode;
  description?: ReactNode | undefined;
  badge?: ReactNode | undefined;
  icon?: ReactNode | undefined;
  disabled?: boolean | undefined;
}

export interface RadioCardsProps<T extends string> {
  legend: string;
  /** For where a heading already says it; screen readers still hear it. */
  hideLegend?: boolean | undefined;
  name: string;
  value: T | undefined;
  onChange: (value: T) => void;
  options: readonly RadioCard<T>[];
  /** Side by side where there is room. */
  columns?: 1 | 2 | 3 | undefined;
  help?: ReactNode | undefined;
  error?: string | undefined;
  disabled?: boolean | undefined;
}

const grids = { 1: "", 2: "@md:grid-cols-2", 3: "@md:grid-cols-2 @2xl:grid-cols-3" };

/** One of few, each with room to say what it is. Real radio inputs: arrow keys and forms work as everywhere. */
export function RadioCards<T extends string>(props: RadioCardsProps<T>) {
  const { legend, hideLegend = false, name, value, onChange, options, columns = 1, help, error, disabled } = props;
  const id = useId();
  return (
    <fieldset
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: HTML allows this role on a fieldset.
      role="radiogroup"
      aria-labelledby={`${id}-legend`}
      aria-invalid={error ? true : undefined}
      aria-describedby={clsx(error && `${id}-error`, help && `${id}-help`) || undefined}
      disabled={disabled}
      className="@container grid gap-1.5"
    >
      <legend id={`${id}-legend`} className={hideLegend ? "sr-only" : "mb-1.5 font-medium text-sm"}>
        {legend}
      </legend>
      <div className={clsx("grid gap-2", grids[columns])}>
        {options.map((option) => (
          <label
            key={option.value}
            htmlFor={`${id}-${option.value}`}
            className={clsx(
              "relative flex items-start gap-2.5 rounded-md border bg-panel px-3 py-2.5 transition-colors",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 has-disabled:opacity-60",
              value === option.value
                ? "border-accent bg-accent-soft ring-1 ring-accent ring-inset"
                : "border-edge hover:bg-hover",
              error && value !== option.value && "border-bad",
            )}
          >
            <input
              type="radio"
              id={`${id}-${option.value}`}
              name={name}
              value={option.value}
              checked={value === option.value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
              aria-labelledby={`${id}-${option.value}-label`}
              aria-describedby={option.description ? `${id}-${option.value}-text` : undefined}
              className="check mt-0.5 outline-none"
            />
            <span className="grid flex-1 gap-0.5">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
                {option.icon ? (
                  <span aria-hidden className="contents [&_svg]:size-4">
                    {option.icon}
                  </span>
                ) : null}
                <span id={`${id}-${option.value}-label`} className="break-anywhere">
                  {option.label}
                </span>
                {option.badge}
              </span>
              {option.description ? (
                <span id={`${id}-${option.value}-text`} className="text-ink-soft text-xs">
                  {option.description}
                </span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
      <FieldError id={`${id}-error`} error={error} />
      <FieldHelp id={`${id}-help`} help={help} />
    </fieldset>
  );
}
