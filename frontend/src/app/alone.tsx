import type { ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { NotFoundPage, ProblemPage } from "./problem-page";

/** The frame of a page that stands without the shell. */
export function Alone({ children }: { children: ReactNode }) {
  return <main className="min-h-dvh bg-canvas text-ink">{children}</main>;
}

export function NotFoundAlone() {
  return (
    <Alone>
      <NotFoundPage />
    </Alone>
  );
}

export function ProblemAlone(props: ErrorComponentProps) {
  return (
    <Alone>
      <ProblemPage {...props} />
    </Alone>
  );
}
