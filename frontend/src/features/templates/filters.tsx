import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/field";
import { WordsField } from "../../ui/words-field";
import type { TemplatesSearch } from "./search";
import { categories, statuses } from "./words";

export function isFiltered({ text, status, category }: TemplatesSearch): boolean {
  return text !== undefined || status !== undefined || category !== undefined;
}

export function Filters({
  search,
  onChange,
  onClear,
}: {
  search: TemplatesSearch;
  onChange: (change: Partial<TemplatesSearch>) => void;
  onClear: () => void;
}) {
  const { t } = useTranslation("templates");
  return (
    // biome-ignore lint/a11y/useSemanticElements: the shortcut for the filters and older screen readers look for the role.
    <form
      role="search"
      aria-label={t("filter.label")}
      onSubmit={(event) => event.preventDefault()}
      className="grid grid-cols-2 items-end gap-3 md:grid-cols-[repeat(3,minmax(0,14rem))_auto]"
    >
      <WordsField
        label={t("filter.text")}
        spellCheck={false}
        shown={search.text ?? ""}
        onWords={(words) => onChange({ text: words || undefined })}
      />
      <SelectField
        label={t("filter.status")}
        value={search.status ?? ""}
        options={[
          { value: "", label: t("filter.all") },
          ...statuses.map((status) => ({ value: status, label: t(`status.${status}`) })),
        ]}
        onChange={({ currentTarget: { value } }) => onChange({ status: statuses.find((status) => status === value) })}
      />
      <SelectField
        label={t("filter.category")}
        value={search.category ?? ""}
        options={[
          { value: "", label: t("filter.all") },
          ...categories.map((category) => ({ value: category, label: t(`category.${category}`) })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ category: categories.find((category) => category === value) })
        }
      />
      {isFiltered(search) ? (
        <div className="col-span-2 md:col-span-1">
          <Button look="quiet" icon={<X />} onClick={onClear}>
            {t("filter.clear")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
