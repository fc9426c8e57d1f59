import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, lightOf } from "./oklch";

const css = readFileSync("src/styles.css", "utf8");

/** The colour tokens declared in the block between these lines. */
function tokensIn(opening: string, closing: string): Map<string, string> {
  const from = css.indexOf(opening);
  const block = css.slice(from, css.indexOf(closing, from));
  return new Map(
    [...block.matchAll(/--color-([a-z-]+): (oklch\([^)]+\));/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

const light = tokensIn("@theme static {", "\n}");
const dark = tokensIn('[data-theme="dark"] {', "\n  }");
const themes = { light, dark };

const grounds = ["canvas", "panel", "raised", "sunken", "hover"];
const states = ["ok", "warn", "bad", "info"];

/** Which text stands on which ground, anywhere in the console. */
const text: [ink: string, grounds: string[]][] = [
  ["ink", [...grounds, "accent-soft", ...states.map((state) => `${state}-soft`)]],
  ["ink-soft", [...grounds, "accent-soft", ...states.map((state) => `${state}-soft`)]],
  ["ink-faint", [...grounds, "accent-soft"]],
  ["accent", [...grounds, "accent-soft"]],
  ["accent-ink", ["accent", "accent-hover"]],
  ["danger-ink", ["danger", "danger-hover"]],
  ...states.map((state): [string, string[]] => [state, [...grounds, `${state}-soft`, "accent-soft"]]),
];

/** What tells a control, its state or the focus apart, and the grounds around it. */
const shapes: [line: string, grounds: string[]][] = [
  ["line-strong", ["canvas", "panel", "raised", "sunken"]],
  ["accent", [...grounds, "accent-soft"]],
  ["bad", ["canvas", "panel", "raised"]],
];

describe.each(Object.entries(themes))("the %s theme", (theme, tokens) => {
  function colour(name: string) {
    const value = tokens.get(name);
    if (!value) throw new Error(`${theme} has no colour ${name}`);
    return lightOf(value);
  }

  it("can be read: text reaches 4.5 on each ground it stands on", () => {
    expect(tooWeak(text, 4.5)).toEqual([]);
  });

  it("can be seen: edges of controls and the focus ring reach 3", () => {
    expect(tooWeak(shapes, 3)).toEqual([]);
  });

  it("has only colours that every screen shows as written", () => {
    const beyond = [...tokens.keys()].filter(
      (name) => name !== "scrim" && colour(name).some((part) => part < -0.003 || part > 1.003),
    );
    expect(beyond).toEqual([]);
  });

  function tooWeak(pairs: [string, string[]][], least: number): string[] {
    return pairs.flatMap(([front, backs]) =>
      backs
        .map((back) => ({ pair: `${front} on ${back}`, ratio: contrast(colour(front), colour(back)) }))
        .filter(({ ratio }) => ratio < least)
        .map(({ pair, ratio }) => `${pair}: ${ratio.toFixed(2)}`),
    );
  }
});

it("both themes declare the same colours", () => {
  expect([...dark.keys()].sort()).toEqual([...light.keys()].sort());
});

it("contrast is counted as WCAG does", () => {
  expect(contrast(lightOf("oklch(1 0 0)"), lightOf("oklch(0 0 0)"))).toBeCloseTo(21, 1);
  // #767676, the lightest grey that white text may have behind it.
  expect(contrast(lightOf("oklch(1 0 0)"), lightOf("oklch(0.5647 0 0)"))).toBeCloseTo(4.54, 1);
});
