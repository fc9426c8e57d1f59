import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { languages } from "../i18n/languages";

const src = join(import.meta.dirname, "..");
const locales = join(src, "i18n/locales");

type Tree = { [key: string]: string | Tree };

/** Every text of a file by its whole key. */
function texts(language: string, namespace: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (tree: Tree, path: string) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === "string") {
        found.set(path + key, value);
      } else {
        walk(value, `${path}${key}.`);
      }
    }
  };
  walk(JSON.parse(readFileSync(join(locales, language, `${namespace}.json`), "utf8")), "");
  return found;
}

const namesOf = (language: string) =>
  existsSync(join(locales, language))
    ? readdirSync(join(locales, language)).map((file) => file.replace(/\.json$/, ""))
    : [];
const namespaces = namesOf("en");

const PLURAL = /_(zero|one|two|few|many|other)$/;
const placeholders = (text: string) => [...new Set(text.match(/{{[^}]+}}|<\/?\w+>/g) ?? [])].sort();

describe.each(languages.filter(({ id }) => id !== "en"))("$name", ({ id: language }) => {
  test.each(namesOf(language))("%s fits the English file", (namespace) => {
    expect(namespaces).toContain(namespace);
    const english = texts("en", namespace);
    const wrong: string[] = [];
    const counted = new Map<string, Set<string>>();
    for (const [key, text] of texts(language, namespace)) {
      const base = key.replace(PLURAL, "");
      const form = PLURAL.exec(key)?.[1];
      const isPlural = form !== undefined && english.has(`${base}_other`);
      const original = english.get(key) ?? (isPlural ? english.get(`${base}_other`) : undefined);
      if (original === undefined) {
        wrong.push(`${key}: English has no such key`);
        continue;
      }
      if (text.trim() === "") {
        wrong.push(`${key}: is empty`);
      }
      if (isPlural) {
        counted.set(base, (counted.get(base) ?? new Set()).add(form));
      }
      // "One day" may do without the number.
      const [own, wanted] = [placeholders(text), placeholders(original)];
      const same = isPlural && form !== "other" ? own.every((name) => wanted.includes(name)) : `${own}` === `${wanted}`;
      if (!same) {
        wrong.push(`${key}: has ${own.join(" ") || "no placeholders"}, English ${wanted.join(" ") || "none"}`);
      }
    }
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [base, forms] of counted) {
      for (const form of needed) {
        // What counts in millions ("many" of Spanish and Portuguese) falls back to "other".
        if (form !== "many" && !forms.has(form)) {
          wrong.push(`${base}: lacks the form ${form}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

test("every English text says something, and plural texts have both forms", () => {
  const wrong = namespaces.flatMap((namespace) => {
    const all = texts("en", namespace);
    return [...all]
      .filter(([key, text]) => {
        const base = key.replace(PLURAL, "");
        return text.trim() === "" || (base !== key && !(all.has(`${base}_one`) && all.has(`${base}_other`)));
      })
      .map(([key]) => `${namespace}:${key}`);
  });
  expect(wrong).toEqual([]);
});

test("every namespace that the code asks for has a file, and every file is asked for", () => {
  const asked = new Set(["shell"]);
  for (const file of readdirSync(src, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file) || /\.(test|gen)\.|\.d\.ts$/.test(file)) {
      continue;
    }
    const code = readFileSync(join(src, file), "utf8");
    for (const [, list = ""] of code.matchAll(
      /(?:useTranslation|texts|TFunction|loadNamespaces)[(<]\s*(\[[^\]]*\]|"[^"]*")/g,
    )) {
      for (const [, name = ""] of list.matchAll(/"([^"]+)"/g)) {
        asked.add(name);
      }
    }
  }
  expect([...asked].sort()).toEqual(namespaces.toSorted());
});
