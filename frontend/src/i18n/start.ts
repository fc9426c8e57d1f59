import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";
import { readStored, store } from "../lib/storage";
import { type Language, pickLanguage } from "./languages";
import domain from "./locales/en/domain.json";
import shell from "./locales/en/shell.json";
import ui from "./locales/en/ui.json";

const files = import.meta.glob<{ default: Record<string, unknown> }>("./locales/*/*.json");

/** Each namespace of each language is a file of its own, fetched when it is first needed. */
const backend: BackendModule = {
  type: "backend",
  init: () => {},
  read: (language, namespace, done) => {
    const load = files[`./locales/${language}/${namespace}.json`];
    if (!load) {
      // A namespace that nobody has translated yet falls back to English.
      done(null, {});
      return;
    }
    load().then(
      (file) => done(null, file.default),
      (error) => done(error instanceof Error ? error : new Error(String(error)), false),
    );
  },
};

export async function startI18n(): Promise<void> {
  const language = pickLanguage([readStored("language") ?? "", ...navigator.languages]);
  document.documentElement.lang = language;
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: "en",
      partialBundledLanguages: true,
      resources: { en: { shell, ui, domain } },
      ns: ["shell", "ui", "domain"],
      defaultNS: "shell",
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
}

export async function changeLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  store("language", language);
}
