import { useEffect, useRef } from "react";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Capabilities, TemplateView } from "../../../api/schema.gen";
import { useLatest } from "../../../lib/use-latest";
import { SelectField } from "../../../ui/field";
import { RetryNotice } from "../../../ui/retry-notice";
import { Skeleton } from "../../../ui/state";
import type { ComposeValues } from "../values";
import { canBeChosen, valuesFor } from "./known";
import { KnownFields } from "./known-fields";
import { ManualFields } from "./manual-fields";
import { emptyTemplate } from "./template-values";
import { useKnown } from "./use-known";

/** Which template, and what fills it: one that the gateway keeps, or another one whose name is typed. */
export function TemplateFields({ can, channel }: { can: Capabilities | undefined; channel: string | undefined }) {
  const { t } = useTranslation("compose");
  const { getValues, setValue, watch, clearErrors, formState } = useFormContext<ComposeValues>();
  const { known, query } = useKnown();
  const chosen = watch("template.chosen");
  const view = known.find(({ id }) => id === chosen);
  const provider = can?.provider;
  // As long as more may come, a template that is not here may still be among them.
  const settled = query.fetchStatus === "idle" && (!query.hasNextPage || query.isError);
  const linked = useRef(chosen);
  const offered = known.filter((one) => one.id === chosen || canBeChosen(one, { channel, provider }));

  // What is typed by hand stays as it is, whatever becomes known meanwhile.
  const typed = useLatest(formState.dirtyFields.template !== undefined);

  // A link chooses a template by its id. A message that is sent again names its template: the form becomes that of the template, its values kept.
  useEffect(() => {
    const template = getValues("template");
    const named = ({ name, language }: TemplateView) => name === template.name && language === template.language;
    const wanted = template.name === "" && known.find(({ id }) => id !== "" && id === linked.current);
    const same = template.again && known.find((one) => named(one) && canBeChosen(one, { channel, provider }));
    if (template.chosen === "" && typed.current) {
      return;
    }
    if (wanted && wanted.category === "authentication") {
      const { name, language } = wanted;
      setValue("template.chosen", "");
      setValue("parted.one_time_code", { ...getValues("parted.one_time_code"), name, language });
      setValue("kind", "one_time_code");
    } else if (wanted) {
      setValue("template", valuesFor(wanted, template));
    } else if (template.chosen !== "" && settled && !known.some(({ id }) => id === template.chosen)) {
      // It is gone or can't be had: it is named by hand, until it can when a link asks for it.
      setValue("template.chosen", "");
    } else if (same) {
      setValue("template", valuesFor(same, template));
    }
  }, [known, settled, channel, provider, typed, getValues, setValue]);

  function choose(id: string) {
    linked.current = "";
    const next = known.find((one) => one.id === id);
    clearErrors("template");
    setValue("template", next ? valuesFor(next) : emptyTemplate(), { shouldDirty: true });
  }

  return (
    <div className="grid gap-5">
      {query.isError ? <RetryNotice title={t("template.knownFailed")} query={query} /> : null}
      {offered.length > 0 ? (
        <SelectField
          label={t("template.choose")}
          error={formState.errors.template?.chosen?.message}
          value={chosen}
          options={[
            ...offered.map((one) => ({ value: one.id, label: nameOf(one) })),
            { value: "", label: t("template.another") },
          ]}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      ) : null}
      {view ? (
        <KnownFields key={view.id} view={view} />
      ) : chosen && !settled ? (
        <Skeleton lines={4} />
      ) : (
        <ManualFields can={can} />
      )}
    </div>
  );
}

function nameOf({ name, language }: TemplateView): string {
  return `${name} · ${language}`;
}
