import { Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { ChannelView } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { PhoneNumber } from "../../domain/number";
import { ProviderMark } from "../../domain/provider";
import { Button } from "../../ui/button";
import { Details } from "../../ui/details";
import { SelectField, TextField } from "../../ui/field";
import { Time } from "../../ui/time";
import { isSameThread, looksLikeCustomer, plainCustomer, type Thread } from "./model";

/** Whose telephone is shown: the threads so far, and a way to anybody who is not among them. */
export function ThreadList({
  threads,
  current,
  channels,
  more,
}: {
  threads: readonly Thread[];
  current: Thread | undefined;
  channels: readonly ChannelView[];
  /** What stands below the list while there are more. */
  more: ReactNode;
}) {
  const { t } = useTranslation("phone");
  const { id } = useWorkspace();
  return (
    <div className="grid">
      <ul aria-label={t("threads.title")} className="grid max-h-112 divide-y divide-line overflow-y-auto">
        {threads.map((thread) => {
          const last = thread.messages.at(-1);
          const isCurrent = current !== undefined && isSameThread(thread, current);
          return (
            <li key={`${thread.channel} ${thread.customer}`}>
              <Link
                to="/w/$workspace/phone"
                params={{ workspace: id }}
                search={{ channel: thread.channel, customer: thread.customer }}
                resetScroll={false}
                aria-current={isCurrent ? "true" : undefined}
                className={clsx(
                  "grid gap-0.5 px-4 py-2 text-sm transition-colors focus-visible:-outline-offset-2",
                  isCurrent ? "bg-accent-soft" : "hover:bg-hover",
                )}
              >
                <span className="flex items-baseline justify-between gap-2">
                  <span className="truncate font-medium">{thread.name ?? <PhoneNumber value={thread.customer} />}</span>
                  <span className="shrink-0 text-ink-soft text-xs">
                    {last ? <Time value={last.at} look="short" /> : null}
                  </span>
                </span>
                {thread.name ? (
                  <span className="text-ink-soft text-xs">
                    <PhoneNumber value={thread.customer} />
                  </span>
                ) : null}
                <span className="flex items-center gap-2 text-ink-soft text-xs">
                  <span className="shrink-0">
                    <ProviderMark provider={thread.provider} />
                  </span>
                  <bdi className="truncate">{last?.text ?? t("threads.empty")}</bdi>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {more ? <div className="border-line border-t px-4">{more}</div> : null}
      <div className="border-line border-t px-4 py-2">
        <Details summary={t("another.title")}>
          <AnotherCustomer channels={channels} />
        </Details>
      </div>
    </div>
  );
}

/** Opens the telephone of anybody, whether there is a conversation already or not. */
function AnotherCustomer({ channels }: { channels: readonly ChannelView[] }) {
  const { t } = useTranslation("phone");
  const navigate = useNavigate({ from: "/w/$workspace/phone" });
  const form = useForm({ defaultValues: { customer: "", channel: "" } });
  const { errors } = form.formState;
  return (
    <form
      noValidate
      className="grid gap-3"
      onSubmit={form.handleSubmit(({ customer, channel }) => {
        const wanted = { channel: channel || channels[0]?.id, customer: plainCustomer(customer.trim()) };
        form.reset();
        return navigate({ search: wanted, resetScroll: false });
      })}
    >
      <TextField
        label={t("another.customer")}
        help={t("another.customerHelp")}
        autoComplete="off"
        error={errors.customer?.message}
        {...form.register("customer", {
          validate: (text) => looksLikeCustomer(text.trim()) || t("another.customerWrong"),
        })}
      />
      <SelectField
        label={t("another.channel")}
        options={channels.map(({ id, name }) => ({ value: id, label: name }))}
        {...form.register("channel")}
      />
      <div>
        <Button type="submit">{t("another.open")}</Button>
      </div>
    </form>
  );
}
