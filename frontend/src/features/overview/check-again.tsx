import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { useWorkspace } from "../../api/workspace";
import { Button } from "../../ui/button";
import { useCheckChannel } from "./queries";

/** Tests a channel; what it held goes out when nothing is wrong any more. */
export function CheckAgain({ channel }: { channel: string }) {
  const { t } = useTranslation("overview");
  const { can } = useWorkspace();
  const check = useCheckChannel();
  if (!can("channels:write")) {
    return null;
  }
  return (
    <>
      <Button size="small" busy={check.isPending} onClick={() => check.mutate(channel)}>
        {t("channels.check")}
      </Button>
      <span role="status" className={check.isError ? "text-bad text-xs" : "sr-only"}>
        {check.isError ? asProblem(check.error).message : check.data ? said(check.data.report.healthy, t) : ""}
      </span>
    </>
  );
}

function said(healthy: boolean, t: ReturnType<typeof useTranslation<"overview">>["t"]): string {
  return healthy ? t("channels.allPassed") : t("channels.somethingWrong");
}
