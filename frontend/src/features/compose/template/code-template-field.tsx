import { useTranslation } from "react-i18next";
import { SelectField } from "../../../ui/field";
import type { Draft } from "../kinds/parts";
import { canCarryCodes, type Way } from "./known";
import { useKnown } from "./use-known";

/** Chooses the authentication template of a one-time code from those that the gateway keeps. */
export function CodeTemplateField({
  way,
  draft,
  onChange,
}: {
  way: Way;
  draft: Draft;
  onChange: (draft: Draft) => void;
}) {
  const { t } = useTranslation("compose");
  const { known } = useKnown();
  const offered = known.filter((one) => canCarryCodes(one, way));
  const chosen = offered.find(({ name, language }) => name === draft["name"] && language === draft["language"]);
  return offered.length === 0 ? null : (
    <SelectField
      label={t("template.choose")}
      value={chosen?.id ?? ""}
      options={[
        { value: "", label: t("template.another") },
        ...offered.map(({ id, name, language }) => ({ value: id, label: `${name} · ${language}` })),
      ]}
      onChange={(event) => {
        const next = offered.find(({ id }) => id === event.currentTarget.value);
        onChange({ ...draft, name: next?.name ?? "", language: next?.language ?? "" });
      }}
    />
  );
}
