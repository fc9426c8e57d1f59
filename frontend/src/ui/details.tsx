import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

export interface DetailsProps {
  summary: ReactNode;
  open?: boolean | undefined;
  children: ReactNode;
}

/** More for those who ask for it. */
export function Details({ summary, open, children }: DetailsProps) {
  return (
    <details open={open}>
      <summary className="flex min-h-8 list-none items-center gap-1.5 rounded-md py-1 font-medium text-ink-soft text-sm transition-colors hover:text-ink">
        <ChevronRight aria-hidden className="size-4 shrink-0 transition-transform [[open]>summary>&]:rotate-90" />
        {summary}
      </summary>
      <div className="pt-2 pb-1">{children}</div>
    </details>
  );
}
