const BRACES = /\{\{(.*?)\}\}/gs;

/** The different variables of a template's text, in the order of their first use. */
export function variablesOf(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(BRACES), ([, name = ""]) => name.trim()))];
}

/** The text with values in the places of its variables; one without a value keeps its braces. */
export function replaced(text: string, valueFor: (name: string) => string | undefined): string {
  return text.replace(BRACES, (whole, name: string) => valueFor(name.trim()) || whole);
}
