import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { messageQuery } from "../../../api/messages";
import { asProblem } from "../../../api/problem";
import type { ChannelView, MessageView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailureNote } from "../../../domain/failure";
import { Button } from "../../../ui/button";
import { TextField } from "../../../ui/field";
import { Notice } from "../../../ui/notice";
import { useStartRoundTrip } from "../queries";
import { ProblemNotice } from "./problem-notice";

/** The simulator's customer who reads everything. */
const VIRTUAL_CUSTOMER = "+447700900123";

/** Sends a test message: its receipt is the proof that what goes out comes back. */
export function RoundTrip({ channel }: { channel: ChannelView }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const sandbox = workspace.environment === "sandbox";
  const start = useStartRoundTrip();
  const [to, setTo] = useState(sandbox ? VIRTUAL_CUSTOMER : "");
  const [empty, setEmpty] = useState(false);
  const problem = start.error ? asProblem(start.error) : undefined;
  const atField = problem?.errors.find(({ field }) => field === "to");
  const closed = atField?.code === "window_closed";
  const started = start.data;

  function submit(event: FormEvent) {
    event.preventDefault();
    const number = to.replace(/[\s().-]/g, "");
    setEmpty(number === "");
    if (number !== "") {
      start.mutate({ channel: channel.id, body: { to: number } });
    }
  }

  return (
    <form aria-label={t("roundTrip.title")} noValidate onSubmit={submit} className="grid max-w-xl gap-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="flex-1 basis-56">
          <TextField
            label={t("roundTrip.to")}
            help={t(sandbox ? "roundTrip.helpSandbox" : "roundTrip.help")}
            error={empty ? t("fault.required") : closed ? t("roundTrip.closed") : atField?.message}
            type="tel"
            autoComplete="off"
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        </div>
        <div className="sm:pt-6.5">
          <Button type="submit" icon={<Send />} busy={start.isPending}>
            {t("roundTrip.action")}
          </Button>
        </div>
      </div>
      {closed && sandbox ? (
        <p className="text-sm">
          <Link
            to="/w/$workspace/phone"
            params={{ workspace: workspace.id }}
            search={{ channel: channel.id }}
            className="link inline-block py-0.5"
          >
            {t("roundTrip.toPhone")}
          </Link>
        </p>
      ) : null}
      {problem && !atField ? <ProblemNotice title={t("roundTrip.failed")} problem={problem} /> : null}
      {started ? <Course message={started.message_id} /> : null}
    </form>
  );
}

/** How far the test message is; its receipt is the end of the way. */
function Course({ message }: { message: string }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const query = useQuery(messageQuery(workspace.id, message));
  const story = (
    <Link
      to="/w/$workspace/messages"
      params={{ workspace: workspace.id }}
      search={{ message }}
      className="link inline-block py-0.5"
    >
      {t("roundTrip.message")}
    </Link>
  );
  return (
    <div className="grid gap-2">
      {query.isError ? <ProblemNotice title={t("roundTrip.unseen")} problem={asProblem(query.error)} /> : null}
      <Standing message={query.data} action={story} />
    </div>
  );
}

function Standing({ message, action }: { message: MessageView | undefined; action: ReactNode }) {
  const { t } = useTranslation("providers");
  const { t: td } = useTranslation("domain");
  const { state = "queued", failure, hold_reason: hold } = message ?? {};
  switch (state) {
    case "delivered":
    case "read":
      return <Notice tone="ok" title={t("roundTrip.arrived")} action={action} />;
    case "failed":
    case "expired":
    case "cancelled":
    case "unknown":
      return failure ? (
        <>
          <FailureNote failure={failure} state={state} />
          {action}
        </>
      ) : (
        <Notice tone={state === "failed" ? "bad" : "warn"} title={t(`roundTrip.ended.${state}`)} action={action} />
      );
    default:
      return state === "queued" && hold ? (
        <Notice tone="warn" title={td(`hold.${hold}.title`)} action={action}>
          {td(`hold.${hold}.cure`)}
        </Notice>
      ) : (
        <Notice tone="info" title={t("roundTrip.started")} action={action}>
          {t("roundTrip.waiting")}
        </Notice>
      );
  }
}
