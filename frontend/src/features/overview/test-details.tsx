import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Control, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { apiAddress } from "../../api/address";
import { messageQuery } from "../../api/messages";
import type { MessageStory } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { curlOf } from "../../domain/curl";
import { bodyValue, readBody } from "../../domain/raw-body";
import { CodeBlock } from "../../ui/copy";
import { Details } from "../../ui/details";
import { JsonView } from "../../ui/json";
import { Time } from "../../ui/time";
import { MagicNumbers } from "./magic-numbers";
import type { TestDraft } from "./test-form";

/** What is behind the test, for those who unfold it. */
export function TestDetails({
  story,
  arrived,
  control,
  onUse,
}: {
  story: MessageStory | undefined;
  /** The id of the customer's answer. */
  arrived: string | undefined;
  control: Control<TestDraft>;
  onUse: (number: string) => void;
}) {
  const { t } = useTranslation("overview");
  return (
    <div className="grid gap-1 border-line border-t pt-3">
      <Details summary={t("received.summary")}>
        <Received story={story} arrived={arrived} />
      </Details>
      <Details summary={t("code.summary")}>
        <AsCode control={control} />
      </Details>
      <Details summary={t("magic.summary")}>
        <MagicNumbers onUse={onUse} />
      </Details>
    </div>
  );
}

function Received({ story, arrived }: { story: MessageStory | undefined; arrived: string | undefined }) {
  const { t } = useTranslation("overview");
  const workspace = useWorkspace();
  const answer = useQuery({ ...messageQuery(workspace.id, arrived ?? ""), enabled: arrived !== undefined });
  const webhooks = [story, answer.data].flatMap((told) =>
    (told?.webhooks ?? []).map((webhook) => ({
      ...webhook,
      read: readBody(webhook.body),
      kind: told?.timeline.find(({ webhook_id }) => webhook_id === webhook.id)?.type,
    })),
  );
  if (webhooks.length === 0) {
    return <p className="text-ink-soft text-sm">{t("received.none")}</p>;
  }
  return (
    <div className="grid gap-3">
      <p className="text-ink-soft text-sm">{t("received.why")}</p>
      <ol className="grid gap-3">
        {webhooks.map(({ id, received_at, read, kind }) => (
          <li key={id} className="grid gap-1">
            <p className="flex flex-wrap justify-between gap-x-3 text-ink-soft text-xs">
              <code className="font-mono text-ink">{kind ?? t("received.other")}</code>
              <Time value={received_at} look="clock" />
            </p>
            <JsonView value={bodyValue(read)} label={t(read.kind === "form" ? "received.form" : "received.body")} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function AsCode({ control }: { control: Control<TestDraft> }) {
  const { t } = useTranslation("overview");
  const { id } = useWorkspace();
  const { to, text } = useWatch({ control });
  const code = curlOf({
    method: "POST",
    url: `${apiAddress}/api/v1/messages`,
    body: { to, content: { type: "text", body: text } },
  });
  return (
    <div className="grid gap-2">
      <CodeBlock code={code} language="sh" label={t("code.label")} />
      <p className="text-ink-soft text-sm">
        {t("code.key")}{" "}
        <Link to="/w/$workspace/api-keys" params={{ workspace: id }} className="link">
          {t("code.makeKey")}
        </Link>
      </p>
    </div>
  );
}
