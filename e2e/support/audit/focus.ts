// Whether who works by keyboard sees where they are, and gets on.

import type { Page } from "@playwright/test";

/** Enough to have been everywhere but at the end of a long list. */
const STOPS = 90;

interface Stop {
  /** Of the element that has the focus; none when the focus has left the page. */
  name?: string;
  seen: boolean;
  /** The last stop, or the first one of all, again. */
  again?: "last" | "first";
}

/** Goes through the page with Tab, once around at most; one line for each stop that can't be seen. */
export async function focusFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate(forget);
  for (let count = 0; count < STOPS; count += 1) {
    await page.keyboard.press("Tab");
    const { name, seen, again } = await page.evaluate(look);
    if (again === "last") {
      return [...faults, `Tab does not leave ${name}`];
    }
    if (name === undefined || again === "first") {
      return faults;
    }
    if (!seen && !(await page.evaluate(standsNow).then(() => page.evaluate(look))).seen) {
      faults.push(`focus can't be seen at ${name}`);
    }
  }
  return faults;
}

/** Runs in the page: a new way round begins. */
function forget(): void {
  Reflect.deleteProperty(document, "firstStop");
  Reflect.deleteProperty(document, "lastStop");
}

/** Runs in the page: rows that come in live push the others down, and a list follows with its next drawing. */
function standsNow(): Promise<void> {
  return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
}

/** Runs in the page. Elements can't leave it, so what was passed is remembered there. */
function look(): Stop {
  const element = document.activeElement;
  if (!element || element === document.body) {
    return { seen: false };
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
  return { name, seen, ...(again && { again }) };
}
