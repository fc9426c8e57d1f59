/**
 * For the `ref` of what may go while the focus is in it, such as a row that is deleted: the page's heading takes the focus then,
 * which would be nowhere.
 */
export function handsFocusOver(box: HTMLElement | null): (() => void) | undefined {
  if (!box) return undefined;
  return () => {
    if (box.contains(document.activeElement)) document.querySelector("h1")?.focus({ preventScroll: true });
  };
}
