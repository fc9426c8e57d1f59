import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { ContactDetail } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { useProblemText } from "../../domain/problem-text";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { TimeZoneField } from "../../ui/time-zone-field";
import { useToast } from "../../ui/toast";
import { useSetTimeZone } from "./queries";

/** The person's time zone: known from their number, or set here. */
export function ContactZone({ contact }: { contact: ContactDetail }) {
  const { t } = useTranslation("contacts");
  const mayWrite = useWorkspace().can("messages:write");
  const toast = useToast();
  const problemText = useProblemText();
  const save = useSetTimeZone(contact.id);
  const stored = contact.time_zone_source === "set" ? contact.time_zone : "";
  const [chosen, setChosen] = useState<string>();
  const value = chosen ?? stored;

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(value || null, {
      onSuccess: () => {
        setChosen(undefined);
        toast.ok(t("zone.saved"));
      },
    });
  }

  return (
    <section aria-label={t("zone.title")} className="grid gap-2">
      <h3 className="font-semibold text-sm">{t("zone.title")}</h3>
      <p className="text-ink-soft text-sm">
        {t(`zone.from.${contact.time_zone_source}`, { zone: contact.time_zone.replaceAll("_", " ") })}
      </p>
      {mayWrite ? (
        <form noValidate onSubmit={submit} className="grid max-w-md gap-3">
          {save.error ? (
            <Notice tone="bad" title={t("zone.failedTitle")}>
              {problemText(asProblem(save.error))}
            </Notice>
          ) : null}
          <TimeZoneField
            label={t("zone.label")}
            help={t("zone.help")}
            none={t("zone.none")}
            value={value}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <div>
            <Button type="submit" disabled={value === stored} busy={save.isPending}>
              {t("zone.save")}
            </Button>
          </div>
        </form>
      ) : null}
    </section>
  );
}
