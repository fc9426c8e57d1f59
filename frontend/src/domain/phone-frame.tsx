import clsx from "clsx";
import { CircleUserRound } from "lucide-react";
import type { ReactNode } from "react";

/**
 * A telephone with a thread on it; the newest bubble is in sight. `label` makes it a landmark of that name.
 * `size`: "thread" keeps its height whatever is in it, "preview" is as high as what it shows, within bounds.
 */
export function PhoneFrame({
  title,
  subtitle,
  footer,
  label,
  size = "thread",
  children,
}: {
  title: ReactNode;
  subtitle?: ReactNode;
  footer?: ReactNode;
  label?: string | undefined;
  size?: "thread" | "preview" | undefined;
  children: ReactNode;
}) {
  const Frame = label ? "section" : "div";
  return (
    <Frame
      {...(label ? { "aria-label": label } : {})}
      className="mx-auto flex w-full max-w-90 flex-col overflow-hidden rounded-[28px] border-6 border-line bg-panel"
    >
      <header className="flex items-center gap-2 border-b border-line bg-sunken px-4 py-2">
        <CircleUserRound aria-hidden className="size-6 shrink-0 text-ink-soft" />
        <div className="min-w-0">
          <p className="truncate text-sm font-medium">{title}</p>
          {subtitle ? <p className="truncate text-xs text-ink-soft">{subtitle}</p> : null}
        </div>
      </header>
      {/* Reversed, a browser keeps the end in sight when something is added; the thread itself reads from the top. */}
      <div
        className={clsx(
          "flex flex-col-reverse overflow-y-auto overscroll-contain bg-canvas",
          size === "thread" ? "h-96" : "max-h-96 min-h-48",
        )}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
      >
        <div className="mt-auto flex flex-col gap-2 p-3">{children}</div>
      </div>
      {footer ? <div className="border-t border-line bg-panel p-3">{footer}</div> : null}
    </Frame>
  );
}
