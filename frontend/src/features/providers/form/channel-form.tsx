import { PlugZap } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView, FieldGroup, Provider } from "../../../api/schema.gen";
import { Button } from "../../../ui/button";
import { Details } from "../../../ui/details";
import { CheckReportView } from "../parts/check-report";
import { ProblemNotice } from "../parts/problem-notice";
import { groupFields } from "./descriptors";
import { FieldControl } from "./field-control";
import { GuidedBy } from "./guide-link";
import { useChannelForm } from "./use-channel-form";

export interface ChannelFormProps {
  provider: Provider;
  /** The channel that is changed; a new one is made when absent. */
  channel?: ChannelView | undefined;
  /** The form's name, as its heading says it. */
  label: string;
  /** The report stands under the form, unless the page has a place of its own for it. */
  showsReport?: boolean | undefined;
  onSaved?: ((channel: ChannelView) => void) | undefined;
  onDirty: (dirty: boolean) => void;
  /** Beside the button. */
  actions?: ReactNode | undefined;
}

/** The form of a provider's channel, drawn from the descriptors that the API gives. */
export function ChannelForm({
  provider,
  channel,
  label,
  showsReport = true,
  onSaved,
  onDirty,
  actions,
}: ChannelFormProps) {
  const { t } = useTranslation("providers");
  const control = useChannelForm({ provider, channel, onSaved });
  const { step, outcome, saveProblem, testProblem, dirty } = control;

  // Whoever guards the page against being left has to know, however many forms stand on it.
  useEffect(() => {
    onDirty(dirty);
    return () => onDirty(false);
  }, [dirty, onDirty]);

  return (
    <form
      ref={control.root}
      aria-label={label}
      noValidate
      autoComplete="off"
      onSubmit={control.submit}
      className="grid gap-6"
    >
      {saveProblem ? <ProblemNotice title={t("form.notSaved")} problem={saveProblem} /> : null}
      <GuidedBy value={provider.id}>
        {groupFields(control.fields).map(({ group, fields }) => (
          <Group key={group} group={group}>
            {fields.map((field) => (
              <FieldControl key={field.name} field={field} channel={channel} control={control} />
            ))}
          </Group>
        ))}
      </GuidedBy>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button type="submit" look="primary" busy={step !== "idle"} icon={<PlugZap />}>
          {t("form.submit")}
        </Button>
        {actions}
        <span role="status" className="text-ink-soft text-sm">
          {step === "saving" ? t("form.saving") : step === "testing" ? t("form.testing") : null}
        </span>
      </div>
      {testProblem ? <ProblemNotice title={t("form.notTested")} problem={testProblem} /> : null}
      {outcome && showsReport ? (
        <CheckReportView
          report={outcome.report}
          resumed={outcome.resumed}
          fields={control.fields}
          onField={control.goTo}
        />
      ) : null}
    </form>
  );
}

/** What only few need is folded away. */
function Group({ group, children }: { group: FieldGroup; children: ReactNode }) {
  const { t } = useTranslation("providers");
  const controls = <div className="grid gap-4">{children}</div>;
  return group === "advanced" ? (
    <Details summary={t("group.advanced")}>{controls}</Details>
  ) : (
    <fieldset className="grid gap-3">
      <legend className="mb-3 w-full border-line border-b pb-1.5 font-semibold text-sm">{t(`group.${group}`)}</legend>
      {controls}
    </fieldset>
  );
}
