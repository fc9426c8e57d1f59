import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type DeliveryWishes, useChangeDeliverySettings } from "../../../api/delivery-settings";
import type { MessageClass } from "../../../api/schema.gen";
import { Checkbox, CheckboxGroup, TextField } from "../../../ui/field";
import { TimeZoneField } from "../../../ui/time-zone-field";
import { useToast } from "../../../ui/toast";
import { complaintAt, timeOf } from "./faults";
import { SettingForm } from "./setting-form";
import { useDraft } from "./use-draft";

/** Replies and one-time codes are always sent: somebody waits for those. */
const classes = ["marketing", "utility"] as const satisfies readonly MessageClass[];

interface Values {
  on: boolean;
  from: string;
  until: string;
  classes: readonly MessageClass[];
  timeZone: string;
}

function valuesOf({ quietHours, timeZone }: DeliveryWishes): Values {
  const { from, until, classes } = quietHours ?? { from: "21:00", until: "08:00", classes: ["marketing" as const] };
  return { on: quietHours !== null, from, until, classes, timeZone };
}

/** A field of text: those that browsers have for times show twelve hours in some languages, and 24 in others. */
const clock = { placeholder: "21:00", inputMode: "text", autoComplete: "off", maxLength: 5 } as const;

/** When nothing is sent to people, by the clock where they are. */
export function QuietHoursForm({ wishes, mayWrite }: { wishes: DeliveryWishes; mayWrite: boolean }) {
  const { t } = useTranslation("delivery-settings");
  const toast = useToast();
  const save = useChangeDeliverySettings();
  const { draft, dirty, change, tidy } = useDraft(valuesOf(wishes));
  const [asked, setAsked] = useState(false);
  const [from, until] = [timeOf(draft.from), timeOf(draft.until)];
  const faults = asked && draft.on ? faultsOf(draft) : {};
  const said = (field: string) => complaintAt(save.error, `quiet_hours.${field}`)?.message;

  function submit() {
    setAsked(true);
    if (draft.on && Object.keys(faultsOf(draft)).length > 0) {
      return;
    }
    const { on, classes, timeZone } = draft;
    save.mutate(
      {
        quiet_hours: on && from && until ? { from, until, classes: [...classes] } : null,
        time_zone: timeZone,
      },
      {
        onSuccess: (saved) => {
          // However they were written, they are kept with two digits each; hours that are off have their usual ones again.
          const { from, until, classes } = valuesOf(saved);
          tidy(draft, { from, until, classes });
          toast.ok(t("saved"));
        },
      },
    );
  }

  function textOf(field: "from" | "until" | "classes"): string | undefined {
    const fault = faults[field];
    return fault && t(`quiet.error.${fault}`);
  }

  return (
    <SettingForm
      title={t("quiet.title")}
      lead={t("quiet.lead")}
      dirty={dirty}
      busy={save.isPending}
      error={save.error}
      mayWrite={mayWrite}
      onSave={submit}
    >
      <Checkbox label={t("quiet.on")} checked={draft.on} onCheckedChange={(on) => change({ on })} />
      {draft.on ? (
        <>
          <div className="grid max-w-md items-start gap-3 sm:grid-cols-2">
            <TextField
              label={t("quiet.from")}
              help={t("quiet.clock")}
              {...clock}
              error={textOf("from") ?? said("from")}
              value={draft.from}
              onChange={(event) => change({ from: event.currentTarget.value })}
            />
            <TextField
              label={t("quiet.until")}
              {...clock}
              help={until && from && until < from ? t("quiet.nextDay") : t("quiet.clock")}
              error={textOf("until") ?? said("until")}
              value={draft.until}
              onChange={(event) => change({ until: event.currentTarget.value })}
            />
          </div>
          <CheckboxGroup
            legend={t("quiet.classes")}
            help={t("quiet.classesHelp")}
            error={textOf("classes") ?? said("classes")}
            values={classes.filter((each) => draft.classes.includes(each))}
            onChange={(classes) => change({ classes })}
            options={classes.map((each) => ({
              value: each,
              label: t(`quiet.class.${each}`),
            }))}
          />
        </>
      ) : null}
      <div className="max-w-md">
        <TimeZoneField
          label={t("quiet.zone")}
          help={t("quiet.zoneHelp")}
          error={complaintAt(save.error, "time_zone")?.message}
          value={draft.timeZone}
          onChange={(event) => change({ timeZone: event.currentTarget.value })}
        />
      </div>
    </SettingForm>
  );
}

type Fault = "required" | "same" | "none";

function faultsOf({ from, until, classes }: Values): Partial<Record<"from" | "until" | "classes", Fault>> {
  const [begins, ends] = [timeOf(from), timeOf(until)];
  return {
    ...(begins === undefined && { from: "required" }),
    ...(ends === undefined && { until: "required" }),
    ...(ends !== undefined && ends === begins && { until: "same" }),
    ...(classes.length === 0 && { classes: "none" }),
  };
}
