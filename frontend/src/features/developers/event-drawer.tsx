import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { Event } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { Drawer } from "../../ui/dialog";
import { type Fact, Facts } from "../../ui/facts";
import { JsonView } from "../../ui/json";
import { EmptyState, Skeleton } from "../../ui/state";
import { Time } from "../../ui/time";
import { ChannelLink } from "./channel-link";
import { CopiedId } from "./copied-id";
import { EventKindName } from "./event-kind";
import { eventQuery } from "./queries";

interface EventDrawerProps {
  entry: string | undefined;
  /** What is loaded already: most entries are opened from the list. */
  known: readonly Event[] | undefined;
  onClose: () => void;
}

export function EventDrawer({ entry, known, onClose }: EventDrawerProps) {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const place = entry !== undefined && /^[1-9]\d{0,14}$/.test(entry) ? Number(entry) : undefined;
  const loaded = known?.find(({ seq }) => seq === place);
  const query = useQuery({ ...eventQuery(workspace.id, place), enabled: place !== undefined && !loaded });
  const event = loaded ?? query.data;

  return (
    <Drawer
      open={entry !== undefined}
      onClose={onClose}
      title={place === undefined ? t("events.drawer.loading") : t("events.drawer.entry", { place })}
      description={event ? t(`events.kind.${event.type}`) : undefined}
    >
      {event ? (
        <EventFacts event={event} />
      ) : query.isError ? (
        <FailedLoad title={t("events.drawer.errorTitle")} problem={asProblem(query.error)} query={query} />
      ) : place !== undefined && query.isPending ? (
        <Skeleton lines={10} />
      ) : (
        <EmptyState title={t("events.drawer.gone")} />
      )}
    </Drawer>
  );
}

function EventFacts({ event }: { event: Event }) {
  const { t } = useTranslation("developers");
  const workspace = useWorkspace();
  const params = { workspace: workspace.id };

  const facts: Fact[] = [
    { label: t("events.drawer.type"), value: <EventKindName kind={event.type} /> },
    { label: t("events.drawer.at"), value: <Time value={event.at} look="full" /> },
  ];
  if (event.message_id) {
    facts.push({
      label: t("events.drawer.message"),
      value: (
        <Link to="/w/$workspace/messages" params={params} search={{ message: event.message_id }} className="link">
          {t("events.drawer.openMessage")}
        </Link>
      ),
    });
  }
  if (event.channel_id) {
    facts.push({
      label: t("events.drawer.channel"),
      value: <ChannelLink channel={event.channel_id} />,
    });
  }
  if (event.webhook_id) {
    facts.push({
      label: t("events.drawer.webhook"),
      value: (
        <Link
          to="/w/$workspace/event-log"
          params={params}
          search={{ tab: "webhooks", entry: event.webhook_id }}
          className="link"
        >
          {t("events.drawer.openWebhook")}
        </Link>
      ),
    });
  }
  facts.push({
    label: t("events.drawer.id"),
    value: <CopiedId id={event.id} label={t("log.copyId")} />,
  });
  return (
    <div className="grid gap-5">
      <Facts items={facts} />
      <JsonView value={event} label={t("events.drawer.json")} />
    </div>
  );
}
