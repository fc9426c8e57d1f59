import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  version?: string;
  integrity?: string;
  optionalDependencies?: Record<string, string>;
  link?: boolean;
}

/** npm leaves a platform's package out of the lock without a word when the registry has no file for it; `npm ci` then fails there. */
test.each(["package-lock.json", "../e2e/package-lock.json"])("%s is complete for every platform", (file) => {
  const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(file, "utf8"));
  const missing = Object.entries(lock.packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !lock.packages[`${owner}/node_modules/${name}`] && !lock.packages[`node_modules/${name}`])
      .map((name) => `${owner} needs ${name}`),
  );
  expect(missing).toEqual([]);
  const unsealed = Object.entries(lock.packages).filter(([path, { integrity, link }]) => path && !link && !integrity);
  expect(unsealed.map(([path]) => path)).toEqual([]);
});
