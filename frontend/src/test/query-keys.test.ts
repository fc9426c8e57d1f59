import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "..");

/** The first words of every key below a workspace, with the files that fetch under it. */
function owners(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(src, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file) || /\.test\./.test(file)) {
      continue;
    }
    const code = readFileSync(join(src, file), "utf8");
    for (const [, resource, name] of code.matchAll(/keys\.of\([\w.]+, "([\w-]+)", "([\w -]+)"/g)) {
      const key = `${resource} ${name}`;
      found.set(key, (found.get(key) ?? new Set()).add(file));
    }
  }
  return found;
}

/** Two queries under one key give each other's data to parts that expect another shape. What two features need is in `api`. */
test("no two files fetch under the same key", () => {
  const all = owners();
  expect(all.size).toBeGreaterThan(5);
  expect(
    [...all].filter(([, files]) => files.size > 1).map(([key, files]) => `${key}: ${[...files].join(", ")}`),
  ).toEqual([]);
});
