import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { CircleAlert, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { openAlertsQuery } from "../api/alerts";
import type { AlertView } from "../api/schema.gen";
import { useWorkspace } from "../api/workspace";
import { buttonClass } from "../ui/button";
import { handsFocusOver } from "../ui/focus";

/** Kept by the tab, so that what was put away there comes back in the next visit. */
const PUT_AWAY = "duplex.alerts-put-away";

/** What is the matter in this workspace, over every page of it, until it is over or put away. */
export function AlertBanner() {
  // Its words come late: what waits for them inside the place that is read out would be shown together with it, and not be heard.
  useTranslation("alerts");
  const workspace = useWorkspace();
  const alerts = useQuery({ ...openAlertsQuery(workspace.id), enabled: workspace.can("channels:read") });
  const [putAway, setPutAway] = useState(readPutAway);
  const open = (alerts.data ?? []).filter(({ id }) => !putAway.includes(id));
  // The gravest speaks for all.
  const first = open.find(({ severity }) => severity === "critical") ?? open[0];
  return (
    // Always here, so that what comes later is read out.
    <div aria-live="polite">
      {first ? (
        <Banner first={first} count={open.length} onPutAway={() => setPutAway(keepPutAway(putAway, open))} />
      ) : null}
    </div>
  );
}

function Banner({ first, count, onPutAway }: { first: AlertView; count: number; onPutAway: () => void }) {
  const { t } = useTranslation("alerts");
  const workspace = useWorkspace();
  const critical = first.severity === "critical";
  const Icon = critical ? CircleAlert : TriangleAlert;
  return (
    <section
      ref={handsFocusOver}
      aria-label={t("banner")}
      className={clsx(
        "flex flex-wrap items-start gap-x-3 gap-y-1 border-line border-b px-4 py-2 text-sm md:px-6",
        critical ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn",
      )}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="break-anywhere grid min-w-0 flex-1 basis-60 gap-0.5">
        <p>
          <strong className="font-semibold">
            {t(`severity.${first.severity}`)}: {t(`kind.${first.kind}`)}.
          </strong>{" "}
          <span lang="en">{first.detail}</span>
        </p>
        {first.cure ? (
          <p lang="en" className="text-ink">
            {first.cure}
          </p>
        ) : null}
        <p className="flex flex-wrap gap-x-4">
          {first.channel_id ? (
            <Link
              to="/w/$workspace/channels/$channel"
              params={{ workspace: workspace.id, channel: first.channel_id }}
              className="inline-block py-1 underline"
            >
              {t("toChannel")}
            </Link>
          ) : null}
          <Link
            to="/w/$workspace/settings"
            params={{ workspace: workspace.id }}
            hash="alerts"
            className="inline-block py-1 underline"
          >
            {t("all", { count })}
          </Link>
        </p>
      </div>
      <button type="button" className={buttonClass({ look: "quiet", size: "small" })} onClick={onPutAway}>
        <X aria-hidden size={16} />
        <span className="sr-only">{t("putAway")}</span>
      </button>
    </section>
  );
}

function readPutAway(): readonly string[] {
  try {
    return (sessionStorage.getItem(PUT_AWAY) ?? "").split(" ");
  } catch {
    return [];
  }
}

/** Those of other workspaces stay away as well. */
function keepPutAway(before: readonly string[], alerts: readonly AlertView[]): readonly string[] {
  const ids = [...before, ...alerts.map(({ id }) => id)];
  try {
    sessionStorage.setItem(PUT_AWAY, ids.join(" "));
  } catch {
    // Without a store it is put away until the page is loaded again.
  }
  return ids;
}
