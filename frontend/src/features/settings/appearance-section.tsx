import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { languages } from "../../i18n/languages";
import { changeLanguage } from "../../i18n/start";
import { useShortcutsOn } from "../../lib/shortcuts";
import { useTheme } from "../../lib/theme";
import { Card } from "../../ui/card";
import { SelectField, Switch } from "../../ui/field";
import { RadioCards } from "../../ui/radio-cards";

/** What this browser remembers; nothing here goes to the server. */
export function AppearanceSection() {
  const { t, i18n } = useTranslation("settings");
  const [theme, setTheme] = useTheme();
  const [shortcuts, setShortcuts] = useShortcutsOn();
  const [failed, setFailed] = useState(false);

  async function choose(value: string) {
    const language = languages.find(({ id }) => id === value);
    if (!language) {
      return;
    }
    try {
      await changeLanguage(language.id);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  }

  return (
    <Card id="appearance" title={t("appearance.title")} description={t("appearance.lead")}>
      <div className="grid gap-5">
        <RadioCards
          legend={t("appearance.theme")}
          name="theme"
          value={theme}
          onChange={setTheme}
          columns={3}
          options={[
            { value: "system", label: t("appearance.system"), icon: <Monitor /> },
            { value: "light", label: t("appearance.light"), icon: <Sun /> },
            { value: "dark", label: t("appearance.dark"), icon: <Moon /> },
          ]}
        />
        <div className="max-w-xs">
          <SelectField
            label={t("appearance.language")}
            value={i18n.language}
            onChange={(event) => void choose(event.currentTarget.value)}
            error={failed ? t("appearance.languageFailed") : undefined}
            options={languages.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </div>
        <Switch
          label={t("appearance.shortcuts")}
          help={t("appearance.shortcutsHelp")}
          checked={shortcuts}
          onCheckedChange={setShortcuts}
        />
      </div>
    </Card>
  );
}
