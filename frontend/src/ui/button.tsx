import clsx from "clsx";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps, MouseEvent, ReactNode } from "react";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";
export type ButtonSize = "normal" | "small";

const looks: Record<ButtonLook, string> = {
  primary: "border-transparent bg-accent text-accent-ink enabled-hover:bg-accent-hover",
  plain: "border-edge bg-panel text-ink enabled-hover:bg-hover",
  quiet: "border-transparent text-ink-soft enabled-hover:bg-hover enabled-hover:text-ink",
  danger: "border-transparent bg-danger text-danger-ink enabled-hover:bg-danger-hover",
};

const sizes: Record<ButtonSize, string> = {
  normal: "h-8 gap-2 px-3 text-sm",
  small: "h-7 gap-1.5 px-2 text-xs",
};

/** The look of a button, for links that are one: `<Link className={buttonClass({ look: "primary" })}>`. */
export function buttonClass({
  look = "plain",
  size = "normal",
}: {
  look?: ButtonLook | undefined;
  size?: ButtonSize | undefined;
} = {}): string {
  return clsx(
    "relative inline-flex max-w-full shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium",
    "transition-colors disabled:opacity-50 aria-busy:cursor-progress [&_svg]:size-4 [&_svg]:shrink-0",
    looks[look],
    sizes[size],
  );
}

type Native = Omit<ComponentProps<"button">, "className" | "style">;

export type ButtonProps = Native & {
  look?: ButtonLook | undefined;
  size?: ButtonSize | undefined;
  /** Something is under way: the button keeps its focus, name and size, but does nothing. */
  busy?: boolean | undefined;
  icon?: ReactNode | undefined;
};

export function Button({ look, size, busy = false, icon, type = "button", onClick, children, ...rest }: ButtonProps) {
  function click(event: MouseEvent<HTMLButtonElement>) {
    // Also stops a submit button from submitting twice.
    if (busy) event.preventDefault();
    else onClick?.(event);
  }
  return (
    <button
      {...rest}
      type={type}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={click}
      className={buttonClass({ look, size })}
    >
      {icon ? (
        <span aria-hidden className="contents">
          {busy ? <Spinner /> : icon}
        </span>
      ) : null}
      {busy && !icon ? (
        <span aria-hidden className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      ) : null}
      <span className={clsx("truncate", busy && !icon && "opacity-0")}>{children}</span>
    </button>
  );
}

export type IconButtonProps = Omit<Native, "children" | "aria-label"> & {
  /** What it does; also shown as the tip. */
  label: string;
  icon: ReactNode;
  size?: ButtonSize | undefined;
  look?: "plain" | "quiet" | undefined;
};

export function IconButton({
  label,
  icon,
  size = "normal",
  look = "quiet",
  type = "button",
  ...rest
}: IconButtonProps) {
  return (
    <button
      title={label}
      {...rest}
      type={type}
      aria-label={label}
      className={clsx(
        "inline-grid shrink-0 place-items-center rounded-md border transition-colors disabled:opacity-50 [&_svg]:size-4",
        looks[look],
        size === "small" ? "size-7" : "size-8",
      )}
    >
      {icon}
    </button>
  );
}

function Spinner() {
  return <LoaderCircle aria-hidden className="animate-spin" />;
}
