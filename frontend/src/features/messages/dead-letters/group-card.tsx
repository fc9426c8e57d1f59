import { Link } from "@tanstack/react-router";
import { ArrowRightLeft, FlaskConical, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { DeadLetterGroup } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { ProviderMark } from "../../../domain/provider";
import { formatNumber } from "../../../lib/format";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Facts } from "../../../ui/facts";
import { handsFocusOver } from "../../../ui/focus";
import { Time } from "../../../ui/time";
import { listOf } from "./group";

/** The messages that ended for one reason on one channel, and what can be done with all of them. */
export function GroupCard({
  group,
  other,
  trying,
  onTry,
  onRetry,
  onFailOver,
}: {
  group: DeadLetterGroup;
  /** The name of the other provider, when there is a channel at it. */
  other: string | undefined;
  trying: boolean;
  onTry: () => void;
  onRetry: () => void;
  onFailOver: () => void;
}) {
  const { t, i18n } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const workspace = useWorkspace();
  const { failure_code, provider_code, count, oldest_at, newest_at, detail, actor, retry_helps } = group;
  return (
    <div ref={handsFocusOver} className="grid">
      <Card
        title={td(`failure.${failure_code}.title`)}
        actions={
          <span className="flex flex-wrap items-center gap-2">
            {provider_code ? <Badge>{t("dead.code", { code: provider_code })}</Badge> : null}
            <Badge tone="bad">{t("dead.count", { count, shown: formatNumber(count, i18n.language) })}</Badge>
          </span>
        }
        footer={
          <>
            {workspace.can("messages:write") ? (
              <>
                <Button icon={<RotateCcw />} onClick={onRetry}>
                  {t("dead.retryAll")}
                </Button>
                <Button icon={<FlaskConical />} busy={trying} onClick={onTry}>
                  {t("dead.tryOne")}
                </Button>
                {other && failure_code !== "expired" ? (
                  <Button icon={<ArrowRightLeft />} onClick={onFailOver}>
                    {t("dead.failOver", { provider: other })}
                  </Button>
                ) : null}
              </>
            ) : null}
            <Link
              to="/w/$workspace/messages"
              params={{ workspace: workspace.id }}
              search={listOf(group)}
              className="link text-sm"
            >
              {t("dead.open")}
            </Link>
          </>
        }
      >
        <div className="grid gap-3">
          <div className="grid gap-1 text-sm">
            <p>{td(`failure.${failure_code}.cure`)}</p>
            <p lang="en" className="break-anywhere text-ink-soft text-xs">
              {detail}
            </p>
          </div>
          <Facts
            items={[
              {
                label: t("fact.channel"),
                value: <ProviderMark provider={group.provider} name={group.channel_name} />,
              },
              { label: t("dead.actor"), value: td(`actor.${actor}`) },
              { label: t("dead.again"), value: t(retry_helps ? "dead.helps" : "dead.helpsNot") },
              {
                label: t("dead.when"),
                value: (
                  <>
                    <Time value={oldest_at} look="full" />
                    {oldest_at === newest_at ? null : (
                      <>
                        {" – "}
                        <Time value={newest_at} look="full" />
                      </>
                    )}
                  </>
                ),
              },
            ]}
          />
        </div>
      </Card>
    </div>
  );
}
