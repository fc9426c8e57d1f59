import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Radio } from "lucide-react";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../../api/channels";
import { messageQuery } from "../../../api/messages";
import { asProblem } from "../../../api/problem";
import type { Content } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { EnvironmentBadge } from "../../../domain/environment";
import { useProblemText } from "../../../domain/problem-text";
import { buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Notice } from "../../../ui/notice";
import { Page } from "../../../ui/page";
import { EmptyState, ErrorState, Skeleton } from "../../../ui/state";
import { ComposeForm } from "../compose-form";
import { type ComposeValues, emptyValues, valuesOf } from "../values";

export function ComposePage() {
  const { t } = useTranslation("compose");
  const workspace = useWorkspace();
  return (
    <Page title={t("title")} width="wide" mark={<EnvironmentBadge environment={workspace.environment} />}>
      {workspace.can("messages:write") ? (
        <Ready />
      ) : (
        <Card>
          <EmptyState title={t("notAllowed.title")}>{t("notAllowed.why")}</EmptyState>
        </Card>
      )}
    </Page>
  );
}

/** The form, as soon as what it begins with is known. */
function Ready() {
  const { t } = useTranslation("compose");
  const problemText = useProblemText();
  const workspace = useWorkspace();
  const { to, channel, from, reply, react, template } = useSearch({ from: "/w/$workspace/compose" });
  const about = from ?? reply ?? react;
  const channels = useQuery(channelsQuery(workspace.id));
  const earlier = useQuery({ ...messageQuery(workspace.id, about ?? ""), enabled: about !== undefined });

  if (channels.isPending || (about !== undefined && earlier.isPending)) {
    return <Skeleton height="32rem" />;
  }
  if (!channels.data) {
    const problem = asProblem(channels.error);
    return (
      <ErrorState
        title={t("channel.failed")}
        detail={problemText(problem)}
        code={problem.code}
        requestId={problem.requestId}
        onRetry={() => void channels.refetch()}
        retrying={channels.isFetching}
      />
    );
  }
  if (channels.data.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={<Radio />}
          title={t("channel.none.title")}
          action={
            <Link
              to="/w/$workspace/providers"
              params={{ workspace: workspace.id }}
              className={buttonClass({ look: "primary" })}
            >
              {t("channel.none.action")}
            </Link>
          }
        >
          {t("channel.none.why")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      {earlier.isError ? <Notice tone="warn" title={t("again.failed")} /> : null}
      <ComposeForm
        key={`${from} ${reply} ${react} ${template}`}
        channels={channels.data}
        to={to}
        channel={channel}
        initial={initial(channels.data.map(({ id }) => id))}
      />
    </>
  );

  function initial(known: readonly string[]): ComposeValues {
    // A link may name a channel that has been removed: then the form begins with the default one.
    const by = (id: string | undefined) => (id && known.includes(id) ? id : "");
    const content = earlier.data?.content;
    if (from && earlier.data && content && earlier.data.direction === "outbound") {
      // What went out has a content that can go out.
      return valuesOf(content as Content, to ?? earlier.data.person, by(channel ?? earlier.data.channel_id));
    }
    const fresh = emptyValues(to ?? earlier.data?.person, by(channel ?? earlier.data?.channel_id));
    if (react) {
      const reaction = { ...fresh.parted.reaction, message_id: react };
      return { ...fresh, kind: "reaction", parted: { ...fresh.parted, reaction } };
    }
    if (template) {
      return { ...fresh, kind: "template", template: { ...fresh.template, chosen: template } };
    }
    return { ...fresh, replyTo: reply ?? "" };
  }
}
