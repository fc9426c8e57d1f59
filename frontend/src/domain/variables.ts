/** The different variables of a template's text, in the order of their first use. */
export function variablesOf(text: string): string[] {
  const names = Array.from(text.matchAll(/\{\{(.*?)\}\}/gs), ([, name = ""]) => name.trim());
  return [...new Set(names)];
}
