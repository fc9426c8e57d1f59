import clsx from "clsx";
import { type ReactNode, useEffect, useRef } from "react";
import { UnsavedDialog } from "./unsaved-dialog";

export interface PageProps {
  title: string;
  description?: ReactNode | undefined;
  actions?: ReactNode | undefined;
  /** Beside the title: a badge. */
  mark?: ReactNode | undefined;
  width?: "normal" | "wide" | "full" | undefined;
  children: ReactNode;
}

const widths = { normal: "max-w-4xl", wide: "max-w-6xl", full: "max-w-none" };

// The first page of a visit leaves the focus where the browser put it; every later one takes it.
let visited = false;

/** A page's frame: its heading takes the focus after navigation, so that it is read out and Tab goes on from there. */
export function Page({ title, description, actions, mark, width = "normal", children }: PageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Duplex`;
  }, [title]);

  useEffect(() => {
    const takenByField = frame.current?.contains(document.activeElement) ?? false;
    if (visited && !takenByField) heading.current?.focus({ preventScroll: true });
    visited = true;
  }, []);

  return (
    <div ref={frame} className={clsx("mx-auto grid w-full gap-5 px-4 py-5 sm:px-6 sm:py-6 lg:px-8", widths[width])}>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="grid gap-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 ref={heading} tabIndex={-1} className="break-anywhere font-semibold text-xl tracking-tight">
              {title}
            </h1>
            {mark}
          </div>
          {description ? <div className="max-w-prose text-ink-soft text-sm">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      {children}
      <UnsavedDialog />
    </div>
  );
}
