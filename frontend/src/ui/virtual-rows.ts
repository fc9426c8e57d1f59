import { defaultRangeExtractor, observeElementRect, type Range, type Virtualizer } from "@tanstack/react-virtual";

const ROW_REM = 33 / 16;

/** Rows of 33 px at the usual text size; they grow with it. */
export function rootRowHeight(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return ROW_REM * (Number.isFinite(size) && size > 0 ? size : 16);
}

/** A box without a size (not laid out yet, or in tests) counts as one screen, so that there are rows in it. */
export function observeBox(
  instance: Virtualizer<HTMLDivElement, Element>,
  tell: (rect: { width: number; height: number }) => void,
) {
  return observeElementRect(instance, (rect) => tell(rect.height > 0 ? rect : { width: rect.width, height: 800 }));
}

/** The rows in sight and the one with the focus. */
export function withFocused(range: Range, focused: number): number[] {
  const indexes = defaultRangeExtractor(range);
  if (focused < 0 || focused >= range.count || indexes.includes(focused)) return indexes;
  return [...indexes, focused].sort((a, b) => a - b);
}
