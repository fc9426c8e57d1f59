import clsx from "clsx";
import type { ReactNode } from "react";
import { type Tone, toneClass } from "./tone";

/** A state in a word. The colour only repeats what the word says. */
export function Badge({
  tone = "neutral",
  icon,
  children,
}: {
  tone?: Tone | undefined;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span
      className={clsx(
        "inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 align-middle font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0",
        toneClass[tone],
      )}
    >
      {icon ? (
        <span aria-hidden className="contents">
          {icon}
        </span>
      ) : null}
      <span className="truncate">{children}</span>
    </span>
  );
}
