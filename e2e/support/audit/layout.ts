// What axe can't see: a page wider than the screen, text that is cut off, targets too small to hit.

import type { Page } from "@playwright/test";

/** CSS pixels (WCAG 2.2, 2.5.8). */
const SMALLEST_TARGET = 24;

/** One line for each fault in the layout of the page as it stands. */
export async function layoutFaults(page: Page): Promise<string[]> {
  return [...(await page.evaluate(textFaults)), ...(await page.evaluate(targetFaults, SMALLEST_TARGET))];
}

/** Runs in the page. */
function textFaults(): string[] {
  const root = document.scrollingElement ?? document.documentElement;
  const faults: string[] = [];
  if (root.scrollWidth > root.clientWidth) {
    faults.push(`the page is ${root.scrollWidth} px wide on ${root.clientWidth} px`);
  }

  /** Where a text ends to be seen: `undefined` when it can be scrolled to, or is cut by intent, with a sign that it is. */
  const cutBy = (text: DOMRect, from: Element): string | undefined => {
    for (let box: Element | null = from; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const { left, right, top, bottom, width, height } = box.getBoundingClientRect();
      const forReadersOnly = style.position === "absolute" && width <= 1 && height <= 1;
      const scrolls = [style.overflowX, style.overflowY].some((flow) => flow === "auto" || flow === "scroll");
      const told = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
      if (forReadersOnly || scrolls || told) {
        return undefined;
      }
      const cuts = (flow: string) => flow === "hidden" || flow === "clip";
      if (cuts(style.overflowX) && (text.left < left - 1 || text.right > right + 1)) {
        return `<${box.tagName.toLowerCase()}>`;
      }
      if (cuts(style.overflowY) && (text.top < top - 1 || text.bottom > bottom + 1)) {
        return `<${box.tagName.toLowerCase()}>`;
      }
    }
    return text.left < -1 || text.right > root.clientWidth + 1 ? "the screen" : undefined;
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    const parent = node.parentElement;
    const text = (node.textContent ?? "").trim();
    if (!text || !parent?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    const cutter = cutBy(range.getBoundingClientRect(), parent);
    if (cutter) {
      faults.push(`“${text.slice(0, 60)}” is cut off by ${cutter}`);
    }
  }
  return faults;
}

/** Runs in the page. */
function targetFaults(smallest: number): string[] {
  const kinds = "a[href], button, input, select, textarea, summary, [role=button], [role=option], [role=tab]";
  const faults: string[] = [];
  // What lies under an open dialog can't be hit at all.
  const within = document.querySelector("dialog:modal") ?? document.body;
  for (const target of within.querySelectorAll<HTMLElement>(kinds)) {
    const visible = target.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!visible || target.matches(":disabled, [type=hidden]") || target.tabIndex < 0) {
      continue;
    }
    const inSentence =
      getComputedStyle(target).display === "inline" &&
      [...(target.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "",
      );
    const labels = target instanceof HTMLInputElement ? [...(target.labels ?? [])] : [];
    const { width, height } = target.getBoundingClientRect();
    const forReadersOnly = width <= 1 && height <= 1;
    if (inSentence || forReadersOnly || (width >= smallest && height >= smallest)) {
      continue;
    }
    // What counts is where it can be hit: its label belongs to it, and it may reach beyond what is drawn.
    target.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = target.getBoundingClientRect();
    const reach = smallest / 2 - 0.5;
    const hit = (right: number, down: number): boolean => {
      const there = document.elementFromPoint((box.left + box.right) / 2 + right, (box.top + box.bottom) / 2 + down);
      return [target, ...labels].some((part) => part.contains(there));
    };
    const wide = width >= smallest || (hit(-reach, 0) && hit(reach, 0));
    const high = height >= smallest || (hit(0, -reach) && hit(0, reach));
    if (!wide || !high) {
      const name = (target.getAttribute("aria-label") ?? labels[0]?.textContent ?? target.textContent ?? "").trim();
      const size = `${Math.round(width)}×${Math.round(height)}`;
      faults.push(`<${target.tagName.toLowerCase()}> “${name.slice(0, 60)}” is too small to hit: ${size}`);
    }
  }
  return faults;
}
