// What a visitor's browser has to load, compressed.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { top } from "../support/program.ts";
import { expect, test } from "../support/test.ts";

const KB = 1000;
const budget = { entry: 165 * KB, page: 60 * KB, css: 15 * KB };

interface Chunk {
  file: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  imports?: string[];
  css?: string[];
}

const dist = join(top, "frontend/dist");
const sizes = new Map<string, number>();

function size(file: string): number {
  const known = sizes.get(file) ?? gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  sizes.set(file, known);
  return known;
}

function sum(files: Iterable<string>): number {
  return [...files].reduce((total, file) => total + size(file), 0);
}

/** The scripts that a chunk needs before it runs, itself among them. */
function closure(manifest: Record<string, Chunk>, name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk && !found.has(chunk.file)) {
    found.add(chunk.file);
    for (const needed of chunk.imports ?? []) {
      closure(manifest, needed, found);
    }
  }
  return found;
}

test("scripts and styles keep to their budgets", () => {
  const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;
  const [entry] = Object.keys(manifest).filter((name) => manifest[name]?.isEntry);
  const first = closure(manifest, entry ?? "");
  expect(first.size, "the manifest names an entry").toBeGreaterThan(0);
  expect(sum(first), "the entry with all it imports").toBeLessThanOrEqual(budget.entry);

  const pages = Object.keys(manifest).filter((name) => manifest[name]?.isDynamicEntry);
  expect(pages.length, "pages load by themselves").toBeGreaterThan(8);
  for (const page of pages) {
    const own = [...closure(manifest, page)].filter((file) => file.endsWith(".js") && !first.has(file));
    expect.soft(sum(own), `${page} alone`).toBeLessThanOrEqual(budget.page);
  }

  const styles = new Set(Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]));
  const sheets = [...styles].filter((file) => file.endsWith(".css"));
  expect(sheets.length).toBeGreaterThan(0);
  expect(sum(sheets), "all styles").toBeLessThanOrEqual(budget.css);
});
