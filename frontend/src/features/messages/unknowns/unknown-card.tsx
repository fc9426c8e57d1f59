import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleX, RotateCcw } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, UnknownDecision, UnknownView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { contentText } from "../../../domain/content";
import { FailureDetail } from "../../../domain/failure";
import { PhoneNumber } from "../../../domain/number";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { Details } from "../../../ui/details";
import { type Fact, Facts } from "../../../ui/facts";
import { Checkbox } from "../../../ui/field";
import { handsFocusOver } from "../../../ui/focus";
import { Time } from "../../../ui/time";
import { ChannelName } from "../channel-name";
import { Looks } from "../story/looks";

/** One message of which nobody knows, the evidence there is, and the ways to end the doubt. */
export function UnknownCard({
  unknown: { message, attempt, next_look_at, deadline_at, policy },
  channels,
  chosen,
  onChoose,
  onDecide,
}: {
  unknown: UnknownView;
  channels: readonly ChannelView[];
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
  onDecide: (decision: UnknownDecision) => void;
}) {
  const { t } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const workspace = useWorkspace();
  const id = useId();
  const mayDecide = workspace.can("messages:write");
  const inquiry = attempt.inquiry ?? {};
  const looks = inquiry.looks ?? [];
  const last = looks.at(-1);
  const failure = attempt.failure ?? message.failure;
  const items: Fact[] = [
    { label: t("unknowns.fact.channel"), value: <ChannelName id={attempt.channel_id} channels={channels} /> },
    {
      label: t("unknowns.fact.left"),
      value: (
        <>
          <Time value={attempt.left_at} look="full" />{" "}
          <span className="text-ink-soft">({t("attempts.n", { n: attempt.n })})</span>
        </>
      ),
    },
  ];
  if (failure) {
    items.push({
      label: t("unknowns.fact.lost"),
      value: (
        <>
          <p>{td(`failure.${failure.code}.title`)}</p>
          <div className="text-ink-soft text-xs">
            <FailureDetail failure={failure} />
          </div>
        </>
      ),
    });
  }
  items.push(
    {
      label: t("unknowns.fact.looks"),
      value: last ? (
        <>
          {t("unknowns.looked", { count: inquiry.asked ?? looks.length })}: {t(`looks.outcome.${last.outcome}`)}
        </>
      ) : (
        t("unknowns.notYet")
      ),
    },
    {
      label: t("unknowns.fact.next"),
      value: next_look_at ? <Time value={next_look_at} look="full" /> : t("unknowns.noMore"),
    },
    {
      label: t("unknowns.fact.deadline"),
      value: (
        <>
          <Time value={deadline_at} look="full" />
          <span className="block text-ink-soft text-xs">{t(`unknowns.policy.${policy}`)}</span>
        </>
      ),
    },
  );
  return (
    <li ref={handsFocusOver} className="rounded-lg border border-line bg-panel">
      <article aria-labelledby={`${id}-title`} className="grid gap-3 p-4">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <h2 id={`${id}-title`} className="font-semibold text-base">
            {mayDecide ? (
              <Checkbox checked={chosen} onCheckedChange={onChoose} label={<PhoneNumber value={message.person} />} />
            ) : (
              <PhoneNumber value={message.person} />
            )}
          </h2>
          <span className="flex flex-wrap items-center gap-2">
            {message.class ? <Badge>{td(`class.${message.class}`)}</Badge> : null}
            <Badge tone={next_look_at ? "neutral" : "warn"}>
              {t(next_look_at ? "unknowns.state.still" : "unknowns.state.over")}
            </Badge>
          </span>
        </div>
        <p dir="auto" className="break-anywhere line-clamp-3 rounded-md bg-canvas px-3 py-2 text-sm">
          {contentText(message, td)}
        </p>
        <Facts items={items} />
        {looks.length > 0 ? (
          <Details summary={t("looks.title")}>
            <Looks inquiry={inquiry} />
          </Details>
        ) : null}
        <div className="flex flex-wrap items-center gap-2">
          {mayDecide ? (
            <>
              <Button icon={<CircleCheck />} aria-describedby={`${id}-title`} onClick={() => onDecide("accepted")}>
                {t("decide.option.accepted")}
              </Button>
              <Button icon={<CircleX />} aria-describedby={`${id}-title`} onClick={() => onDecide("failed")}>
                {t("decide.option.failed")}
              </Button>
              <Button icon={<RotateCcw />} aria-describedby={`${id}-title`} onClick={() => onDecide("resend")}>
                {t("decide.option.resend")}
              </Button>
            </>
          ) : null}
          <Link
            to="/w/$workspace/messages"
            params={{ workspace: workspace.id }}
            search={{ message: message.id }}
            aria-describedby={`${id}-title`}
            className="link text-sm"
          >
            {t("unknowns.story")}
          </Link>
        </div>
      </article>
    </li>
  );
}
