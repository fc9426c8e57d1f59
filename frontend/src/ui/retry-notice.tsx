import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";
import { Notice } from "./notice";

/** Says beside what is still usable that something could not be loaded, and tries it again. */
export function RetryNotice({
  title,
  query,
  children,
}: {
  title: string;
  query: { isFetching: boolean; refetch: () => unknown };
  children?: ReactNode | undefined;
}) {
  const { t } = useTranslation("ui");
  return (
    <Notice
      tone="warn"
      title={title}
      action={
        <Button size="small" busy={query.isFetching} onClick={() => void query.refetch()}>
          {t("retry")}
        </Button>
      }
    >
      {children}
    </Notice>
  );
}
