import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "..");

/** What each folder may import. Types of the API are open to `domain` as well. */
const allowed: Record<string, readonly string[]> = {
  main: ["app", "i18n", "lib", "ui", "api"],
  app: ["features", "domain", "ui", "lib", "api", "i18n"],
  features: ["domain", "ui", "lib", "api", "i18n"],
  domain: ["ui", "lib", "i18n"],
  ui: ["lib", "i18n"],
  i18n: ["lib"],
  api: ["lib"],
  lib: [],
};

interface Import {
  file: string;
  target: string;
  onlyTypes: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));

/** All imports of the project's own files, resolved. */
function importsOf(file: string): Import[] {
  const code = readFileSync(join(src, file), "utf8");
  const statements =
    /(?:^|\n)\s*(import|export)\s+(type\s)?((?:(?!import|export)[^"';])*?\sfrom\s+)?["'](\.[^"']*)["']|\bimport\(\s*["'](\.[^"']*)["']\s*\)/g;
  return [...code.matchAll(statements)].map(([, , type, , still, lazy]) => ({
    file,
    target: relative(src, join(src, dirname(file), still ?? lazy ?? "")),
    onlyTypes: type !== undefined,
  }));
}

const folder = (path: string) => path.split("/")[0]?.replace(/\.(tsx?|css)$/, "") ?? "";
const feature = (path: string) => path.split("/")[1];

function isForbidden({ file, target, onlyTypes }: Import): boolean {
  const [from, to] = [folder(file), folder(target)];
  if (from === "test" || /\.test\.tsx?$/.test(file) || to === "styles") {
    return false;
  }
  if (from === to) {
    return from === "features" && feature(file) !== feature(target);
  }
  if (from === "domain" && to === "api") {
    return !onlyTypes;
  }
  return !(allowed[from]?.includes(to) ?? false);
}

test("imports point downwards only, and no feature knows another", () => {
  const forbidden = files.flatMap(importsOf).filter(isForbidden);
  expect(forbidden.map(({ file, target }) => `${file} must not import ${target}`)).toEqual([]);
});

test("every import is found", () => {
  const isThere = (target: string) =>
    ["", ".ts", ".tsx", ".d.ts"].some(
      (ending) => existsSync(join(src, target + ending)) && /\.\w+$/.test(target + ending),
    );
  const lost = files.flatMap(importsOf).filter(({ target }) => !isThere(target));
  expect(lost.map(({ file, target }) => `${file}: ${target}`)).toEqual([]);
});

test("no barrel files", () => {
  expect(files.filter((file) => /(^|\/)index\.tsx?$/.test(file))).toEqual([]);
});

test("the rules bite", () => {
  const at = (file: string, target: string, onlyTypes = false) => isForbidden({ file, target, onlyTypes });
  expect(at("features/phone/model.ts", "features/messages/model")).toBe(true);
  expect(at("ui/button.tsx", "domain/number")).toBe(true);
  expect(at("domain/failure.tsx", "api/client")).toBe(true);
  expect(at("domain/failure.tsx", "api/schema.gen", true)).toBe(false);
  expect(at("app/router.tsx", "features/phone/search")).toBe(false);
  expect(importsOf("features/developers/event-list.tsx").map(({ target }) => target)).toContain("api/live");
});
