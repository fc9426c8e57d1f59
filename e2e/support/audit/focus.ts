// Whether who works by keyboard sees where they are, and gets on.

import type { Page } from "@playwright/test";

/** Enough to have been everywhere but at the end of a long list. */
const STOPS = 90;

interface Stop {
  /** Of the element that has the focus; none when the focus has left the page. */
  name?: string;
  seen: boolean;
  /** It stands among rows that come in live: they push it down, and its list follows with its next drawing. */
  moves: boolean;
  /** The last stop, or the first one of all, again. */
  again?: "last" | "first";
}

/** Goes through the page with Tab, once around at most; one line for each stop that can't be seen. */
export async function focusFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate(forget);
  for (let count = 0; count < STOPS; count += 1) {
    await page.keyboard.press("Tab");
    // The page brings into sight what Tab leads to, with the next frame.
    await page.evaluate(drawn, 1);
    const { name, seen, moves, again } = await page.evaluate(look);
    if (again === "last") {
      return [...faults, `Tab does not leave ${name}`];
    }
    if (name === undefined || again === "first") {
      return faults;
    }
    if (!seen && !(moves && (await seenLater(page)))) {
      faults.push(`focus can't be seen at ${name}`);
    }
  }
  return faults;
}

async function seenLater(page: Page): Promise<boolean> {
  await page.evaluate(drawn, 2);
  return (await page.evaluate(look)).seen;
}

/** Runs in the page: a new way round begins. */
function forget(): void {
  Reflect.deleteProperty(document, "firstStop");
  Reflect.deleteProperty(document, "lastStop");
}

/** Runs in the page: until it has been drawn so many times. */
function drawn(frames: number): Promise<void> {
  return new Promise((done) => {
    const next = (left: number) => (left === 0 ? done() : requestAnimationFrame(() => next(left - 1)));
    next(frames);
  });
}

/** Runs in the page. Elements can't leave it, so what was passed is remembered there. */
function look(): Stop {
  const element = document.activeElement;
  if (!element || element === document.body) {
    return { seen: false, moves: false };
  }
  const marked = (part: Element | null): boolean => {
    if (!part) {
      return false;
    }
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(part);
    return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
  };
  const { width, height, top, bottom } = element.getBoundingClientRect();
  const onScreen = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
  // A control that is drawn by its label shows the focus there.
  const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
  const seen = onScreen && [element, ...labels, element.closest("label")].some(marked);
  const text = element.getAttribute("aria-label") ?? labels[0]?.textContent ?? element.textContent ?? "";
  const name = `<${element.tagName.toLowerCase()}> “${text.trim().slice(0, 60)}”`;

  const passed = (key: string) => Reflect.get(document, key) === element;
  const again = passed("lastStop") ? "last" : passed("firstStop") ? "first" : undefined;
  Reflect.set(document, "lastStop", element);
  if (!Reflect.has(document, "firstStop")) {
    Reflect.set(document, "firstStop", element);
  }
  // Long lists say how many rows they have, since only some are drawn.
  const moves = element.closest("[aria-rowcount]") !== null;
  return { name, seen, moves, ...(again && { again }) };
}
