import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Circle, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/channels";
import { sessionQuery } from "../../api/session";
import { useWorkspace } from "../../api/workspace";
import { Card } from "../../ui/card";
import { Skeleton } from "../../ui/state";
import { LoadError } from "./load-error";
import { firstSteps } from "./model";
import { anyApiKeyQuery, ledgerQuery } from "./queries";

/** First steps that tick themselves from what is there. */
export function Checklist() {
  const { t } = useTranslation("overview");
  const { id, can } = useWorkspace();
  const ledger = useQuery(ledgerQuery(id));
  const channels = useQuery(channelsQuery(id));
  const key = useQuery({ ...anyApiKeyQuery(id), enabled: can("api_keys:read") });
  const session = useQuery(sessionQuery);
  const live = session.data?.workspaces.find(({ workspace }) => workspace.environment === "live")?.workspace.id;
  const real = useQuery({ ...channelsQuery(live ?? ""), enabled: live !== undefined });
  const used = [ledger, channels, ...(can("api_keys:read") ? [key] : []), ...(live ? [real] : [])];
  const broken = used.find(({ isError, data }) => isError && data === undefined);
  const done = firstSteps(ledger.data ?? [], channels.data ?? []);
  return (
    <Card title={t("steps.title")}>
      {broken ? (
        <LoadError query={broken} />
      ) : used.some(({ isPending }) => isPending) ? (
        <Skeleton height="13rem" />
      ) : (
        <ul className="grid gap-1 text-sm">
          <Item done={done.sent} why={t("steps.sendWhy")}>
            {t("steps.send")}
          </Item>
          <Item done={done.answered} why={t("steps.answerWhy")}>
            {t("steps.answer")}
          </Item>
          <Item done={done.both} why={t("steps.compareWhy")}>
            <Link to="/w/$workspace/providers" params={{ workspace: id }} className="link">
              {t("steps.compare")}
            </Link>
          </Item>
          {can("api_keys:read") && (
            <Item done={key.data ?? false} why={t("steps.keyWhy")}>
              <Link to="/w/$workspace/api-keys" params={{ workspace: id }} className="link">
                {t("steps.key")}
              </Link>
            </Item>
          )}
          {live && (
            <Item done={(real.data?.length ?? 0) > 0} why={t("steps.realWhy")}>
              <Link to="/w/$workspace/providers" params={{ workspace: live }} className="link">
                {t("steps.real")}
              </Link>
            </Item>
          )}
        </ul>
      )}
    </Card>
  );
}

function Item({ done, why, children }: { done: boolean; why: string; children: ReactNode }) {
  const { t } = useTranslation("overview");
  const Icon = done ? CircleCheck : Circle;
  return (
    <li className="flex gap-2.5 py-1">
      <Icon aria-hidden className={clsx("mt-0.5 size-4 shrink-0", done ? "text-accent" : "text-ink-faint")} />
      <div className="grid gap-0.5">
        <p className="font-medium">
          {children}
          <span className="sr-only"> ({done ? t("steps.done") : t("steps.open")})</span>
        </p>
        <p className="text-ink-soft text-xs">{why}</p>
      </div>
    </li>
  );
}
