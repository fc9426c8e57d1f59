import clsx from "clsx";
import { type ReactNode, useId } from "react";

export interface CardProps {
  title?: ReactNode | undefined;
  /** The heading's level. */
  level?: 2 | 3 | 4 | undefined;
  description?: ReactNode | undefined;
  actions?: ReactNode | undefined;
  /** Under the content, behind a line: a form's buttons. */
  footer?: ReactNode | undefined;
  /** The content reaches the edges: a table, a list of rows. */
  flush?: boolean | undefined;
  id?: string | undefined;
  children?: ReactNode | undefined;
}

/** A part of a page with a heading, framed by a line. */
export function Card({ title, level = 2, description, actions, footer, flush = false, id, children }: CardProps) {
  const headingId = useId();
  const Heading = `h${level}` as const;
  const Frame = title ? "section" : "div";
  return (
    <Frame
      id={id}
      aria-labelledby={title ? headingId : undefined}
      className="relative flex flex-col overflow-clip rounded-lg border border-line bg-panel"
    >
      {title || actions ? (
        <div
          className={clsx(
            "flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5",
            flush ? "pb-3" : "",
          )}
        >
          <div className="grid gap-0.5">
            {title ? (
              <Heading id={headingId} className="break-anywhere font-semibold text-base">
                {title}
              </Heading>
            ) : null}
            {description ? <div className="max-w-prose text-ink-soft text-sm">{description}</div> : null}
          </div>
          {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
        </div>
      ) : null}
      {children !== undefined && children !== null ? (
        <div className={clsx("flex-1", !flush && "p-4", flush && (title || actions) && "border-line border-t")}>
          {children}
        </div>
      ) : null}
      {footer ? (
        <div className="flex flex-wrap items-center gap-2 border-line border-t bg-sunken px-4 py-3">{footer}</div>
      ) : null}
    </Frame>
  );
}
