import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";

const widths = ["w-full", "w-11/12", "w-4/5", "w-full", "w-3/5"];

/** Holds the place of what is loading, in its final size: so many lines, or a block of this height (a CSS length). */
export function Skeleton({ lines = 3, height }: { lines?: number | undefined; height?: string | undefined }) {
  const { t } = useTranslation("ui");
  return (
    <div>
      <span className="sr-only">{t("loading")}</span>
      {height ? (
        <div aria-hidden className="rounded-md bg-hover" style={{ height }} />
      ) : (
        <div aria-hidden className="grid">
          {Array.from({ length: lines }, (_, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places.
            <div key={line} className="flex h-5 items-center">
              <div className={`h-3 rounded-sm bg-hover ${widths[line % widths.length]}`} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

export interface EmptyStateProps {
  icon?: ReactNode | undefined;
  title: ReactNode;
  /** The next step. */
  action?: ReactNode | undefined;
  /** Why there is nothing. */
  children?: ReactNode | undefined;
}

/** There is nothing here, and that is known for certain. */
export function EmptyState({ icon, title, action, children }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-4 px-4 py-10 text-center">
      {icon ? (
        <div
          aria-hidden
          className="grid size-10 place-items-center rounded-lg border border-line bg-sunken text-ink-soft [&_svg]:size-5"
        >
          {icon}
        </div>
      ) : null}
      <div className="grid max-w-md gap-1">
        <p className="font-semibold text-base">{title}</p>
        {children ? <div className="text-balance text-ink-soft text-sm">{children}</div> : null}
      </div>
      {action ? <div className="flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

export interface ErrorStateProps {
  /** What could not be done. */
  title?: ReactNode | undefined;
  detail?: ReactNode | undefined;
  code?: string | undefined;
  requestId?: string | undefined;
  onRetry?: (() => void) | undefined;
  retrying?: boolean | undefined;
  action?: ReactNode | undefined;
}

/** Stands in the place of data that could not be loaded, so that a failure never looks like "nothing here". */
export function ErrorState({ title, detail, code, requestId, onRetry, retrying, action }: ErrorStateProps) {
  const { t } = useTranslation("ui");
  return (
    <div role="alert" className="grid justify-items-center gap-4 px-4 py-10 text-center">
      <div aria-hidden className="grid size-10 place-items-center rounded-lg bg-bad-soft text-bad">
        <CircleAlert className="size-5" />
      </div>
      <div className="grid max-w-md gap-1">
        <p className="break-anywhere font-semibold text-base">{title ?? t("failedTitle")}</p>
        {detail ? <div className="break-anywhere text-ink-soft text-sm">{detail}</div> : null}
      </div>
      {onRetry || action ? (
        <div className="flex flex-wrap justify-center gap-2">
          {onRetry ? (
            <Button onClick={onRetry} busy={retrying}>
              {t("retry")}
            </Button>
          ) : null}
          {action}
        </div>
      ) : null}
      {code || requestId ? (
        <p className="break-anywhere font-mono text-ink-soft text-xs">
          {code ? `${t("errorCode")}: ${code}` : null}
          {code && requestId ? " · " : null}
          {requestId ? `${t("requestId")}: ${requestId}` : null}
        </p>
      ) : null}
    </div>
  );
}

/** A thin bar while old data is refreshed. Takes no room: it lies on the upper edge of the nearest positioned box. */
export function RefetchBar({ active }: { active: boolean }) {
  return active ? (
    <div aria-hidden className="refetch-bar pointer-events-none absolute inset-x-0 top-0 z-20 h-0.5 overflow-hidden" />
  ) : null;
}

export interface LoadMoreProps {
  hasMore: boolean;
  loading: boolean;
  onLoad: () => void;
  /** The last attempt failed: says so, and the button tries again. */
  failed?: boolean | undefined;
  shown?: number | undefined;
  total?: number | undefined;
}

/** The foot of a list that comes in pages: how much of it is here, and a button for the next page. */
export function LoadMore({ hasMore, loading, onLoad, failed = false, shown, total }: LoadMoreProps) {
  const { t } = useTranslation("ui");
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2 text-ink-soft text-xs">
      <span>
        {shown === undefined
          ? null
          : total === undefined
            ? t("shown", { count: shown })
            : t("shownOf", { shown, total })}
      </span>
      <div className="flex flex-wrap items-center gap-3">
        {failed ? (
          <span role="alert" className="text-bad">
            {t("loadMoreFailed")}
          </span>
        ) : null}
        {hasMore ? (
          <Button size="small" busy={loading} onClick={onLoad}>
            {t(failed ? "retry" : "loadMore")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
