import { useEffect } from "react";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Capabilities, TemplateView } from "../../../api/schema.gen";
import { Button } from "../../../ui/button";
import { SelectField } from "../../../ui/field";
import { Notice } from "../../../ui/notice";
import { Skeleton } from "../../../ui/state";
import type { ComposeValues } from "../values";
import { canBeChosen, valuesFor } from "./known";
import { KnownFields } from "./known-fields";
import { ManualFields } from "./manual-fields";
import { emptyTemplate } from "./template-values";
import { useKnown } from "./use-known";

/** Which template, and what fills it: one that the gateway keeps, or another one whose name is typed. */
export function TemplateFields({ can }: { can: Capabilities | undefined }) {
  const { t } = useTranslation("compose");
  const { getValues, setValue, watch, clearErrors } = useFormContext<ComposeValues>();
  const { known, query } = useKnown();
  const chosen = watch("template.chosen");
  const view = known.find(({ id }) => id === chosen);
  const provider = can?.provider;
  const allKnown = query.isSuccess && !query.hasNextPage;
  const offered = known.filter((one) => one.id === chosen || (provider && canBeChosen(one, provider)));

  // A link chooses a template by its id. A message that is sent again names its template: the form becomes that of the template, its values kept.
  useEffect(() => {
    const template = getValues("template");
    const linked = known.find(({ id }) => id === template.chosen);
    const same = known.find(({ name, language }) => name === template.name && language === template.language);
    if (template.chosen !== "" && template.name === "" && linked) {
      setValue("template", valuesFor(linked));
    } else if (template.chosen !== "" && template.name === "" && allKnown) {
      // The link's template is gone.
      setValue("template.chosen", "");
    } else if (template.chosen === "" && same && provider && canBeChosen(same, provider)) {
      setValue("template", valuesFor(same, template));
    }
  }, [known, allKnown, provider, getValues, setValue]);

  function choose(id: string) {
    const next = known.find((one) => one.id === id);
    clearErrors("template");
    setValue("template", next ? valuesFor(next) : emptyTemplate(), { shouldDirty: true });
  }

  return (
    <div className="grid gap-5">
      {query.isError ? (
        <Notice
          tone="warn"
          title={t("template.knownFailed")}
          action={
            <Button size="small" busy={query.isFetching} onClick={() => void query.refetch()}>
              {t("limits.retry")}
            </Button>
          }
        />
      ) : null}
      {offered.length > 0 ? (
        <SelectField
          label={t("template.choose")}
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
      ) : chosen && query.isPending && query.isFetching ? (
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
