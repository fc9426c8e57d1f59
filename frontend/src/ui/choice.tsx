import clsx from "clsx";
import { type ChangeEvent, type ReactNode, useId } from "react";
import { type Control, FieldError, FieldHelp, type FieldTexts } from "./field-frame";

type ChoiceProps = Pick<FieldTexts, "label" | "help" | "error"> &
  Omit<Control<"input">, "type" | "role"> & { onCheckedChange?: ((checked: boolean) => void) | undefined };

/** Takes effect at once. In forms that are saved, `Checkbox`. */
export function Switch(props: ChoiceProps) {
  return <Choice {...props} role="switch" />;
}

export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} />;
}

function Choice({
  label,
  help,
  error,
  id,
  role,
  onChange,
  onCheckedChange,
  ...input
}: ChoiceProps & { role?: "switch" }) {
  const own = useId();
  const controlId = id ?? own;
  function change(event: ChangeEvent<HTMLInputElement>) {
    onChange?.(event);
    onCheckedChange?.(event.currentTarget.checked);
  }
  return (
    <div className="grid justify-start gap-1.5">
      <div className="flex items-start gap-2.5">
        <input
          {...input}
          type="checkbox"
          role={role}
          id={controlId}
          onChange={change}
          aria-invalid={error ? true : undefined}
          aria-describedby={clsx(error && `${controlId}-error`, help && `${controlId}-help`) || undefined}
          className={role === "switch" ? "switch" : "check mt-0.5"}
        />
        <div className="grid gap-0.5">
          <label htmlFor={controlId} className="min-h-5 text-sm">
            {label}
          </label>
          <FieldHelp id={`${controlId}-help`} help={help} />
        </div>
      </div>
      <FieldError id={`${controlId}-error`} error={error} />
    </div>
  );
}

export interface CheckboxGroupProps<T extends string> {
  legend: ReactNode;
  help?: ReactNode | undefined;
  error?: string | undefined;
  options: readonly { value: T; label: ReactNode; help?: ReactNode | undefined; disabled?: boolean | undefined }[];
  values: readonly T[];
  /** The chosen values, in the options' order. */
  onChange: (values: T[]) => void;
}

export function CheckboxGroup<T extends string>({
  legend,
  help,
  error,
  options,
  values,
  onChange,
}: CheckboxGroupProps<T>) {
  const id = useId();
  function toggle(value: T, on: boolean) {
    onChange(options.map((option) => option.value).filter((each) => (each === value ? on : values.includes(each))));
  }
  return (
    <fieldset aria-describedby={clsx(error && `${id}-error`, help && `${id}-help`) || undefined} className="grid gap-2">
      <legend className="mb-2 font-medium text-sm">{legend}</legend>
      {options.map((option) => (
        <Checkbox
          key={option.value}
          label={option.label}
          help={option.help}
          disabled={option.disabled}
          checked={values.includes(option.value)}
          onCheckedChange={(on) => toggle(option.value, on)}
        />
      ))}
      <FieldError id={`${id}-error`} error={error} />
      <FieldHelp id={`${id}-help`} help={help} />
    </fieldset>
  );
}
