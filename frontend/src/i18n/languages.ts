/** The console's languages, each by its own name. */
export const languages = [
  { id: "en", name: "English" },
  { id: "pt-BR", name: "Português (Brasil)" },
  { id: "es", name: "Español" },
] as const;

export type Language = (typeof languages)[number]["id"];

/** The first of the wanted languages that there is; `pt` and `pt-PT` find `pt-BR`. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.split("-")[0];
    const found = languages.find(({ id }) => id === tag) ?? languages.find(({ id }) => id.split("-")[0] === base);
    if (found) {
      return found.id;
    }
  }
  return "en";
}
