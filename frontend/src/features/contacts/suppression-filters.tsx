import { useTranslation } from "react-i18next";
import { Checkbox, SelectField } from "../../ui/field";
import { WordsField } from "../../ui/words-field";
import { personOf } from "./person";
import { type SuppressionsSearch, scopes, sources } from "./search";

export function SuppressionFilters({
  search,
  onChoose,
}: {
  search: SuppressionsSearch;
  onChoose: (change: SuppressionsSearch) => void;
}) {
  const { t } = useTranslation("contacts");
  return (
    // biome-ignore lint/a11y/useSemanticElements: the shortcut for filters looks for the role.
    <div
      role="search"
      aria-label={t("filter.label")}
      className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2 md:grid-cols-[repeat(3,minmax(0,14rem))_auto]"
    >
      <WordsField
        label={t("filter.person")}
        type="search"
        inputMode="tel"
        placeholder="+447700900123"
        shown={search.person ?? ""}
        onWords={(person) => onChoose({ person: personOf(person) || undefined })}
      />
      <SelectField
        label={t("filter.scope")}
        value={search.scope ?? ""}
        onChange={({ currentTarget: { value } }) => onChoose({ scope: scopes.find((each) => each === value) })}
        options={[
          { value: "", label: t("filter.everyScope") },
          ...scopes.map((scope) => ({ value: scope, label: t(`scope.${scope}`) })),
        ]}
      />
      <SelectField
        label={t("filter.source")}
        value={search.source ?? ""}
        onChange={({ currentTarget: { value } }) => onChoose({ source: sources.find((each) => each === value) })}
        options={[
          { value: "", label: t("filter.everySource") },
          ...sources.map((source) => ({ value: source, label: t(`source.${source}`) })),
        ]}
      />
      <div className="flex min-h-8 items-center">
        <Checkbox
          label={t("filter.lifted")}
          checked={search.lifted ?? false}
          onCheckedChange={(lifted) => onChoose({ lifted: lifted || undefined })}
        />
      </div>
    </div>
  );
}
