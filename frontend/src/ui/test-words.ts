import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import ui from "../i18n/locales/en/ui.json";

/** The parts' own words in English, for their tests. */
export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    resources: { en: { ui } },
    ns: ["ui"],
    interpolation: { escapeValue: false },
  });
}
