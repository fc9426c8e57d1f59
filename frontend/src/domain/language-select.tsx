import { useTranslation } from "react-i18next";
import { languages, pickLanguage } from "../i18n/languages";
import { changeLanguage } from "../i18n/start";
import { SelectField } from "../ui/field";

/** Changes the console's language at once, in this browser. */
export function LanguageSelect() {
  const { t, i18n } = useTranslation();
  return (
    <SelectField
      label={t("language.label")}
      value={i18n.language}
      onChange={(event) => void changeLanguage(pickLanguage([event.target.value]))}
      options={languages.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
