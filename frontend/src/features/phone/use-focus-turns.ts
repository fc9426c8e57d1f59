import { type RefCallback, type RefObject, useCallback, useLayoutEffect, useRef } from "react";

/** The focus goes to what opens in the place of its button, and when that closes, to where it was before: it would be nowhere. */
export function useFocusTurns(isOpen: boolean): {
  /** For the button. */
  opener: RefObject<HTMLButtonElement | null>;
  /** For what opens. */
  opened: RefCallback<HTMLElement>;
} {
  const opener = useRef<HTMLButtonElement>(null);
  const before = useRef<Element>(null);
  const held = useRef(false);
  const opened = useCallback((box: HTMLElement | null) => {
    if (!box) return undefined;
    before.current = document.activeElement;
    box.querySelector<HTMLElement>("input, textarea, button")?.focus();
    return () => {
      held.current = box.contains(document.activeElement);
    };
  }, []);
  // Without a list of what it depends on: what opens says by itself, while it goes, that it had the focus.
  useLayoutEffect(() => {
    if (isOpen || !held.current) return;
    held.current = false;
    const from = before.current;
    const stays = from instanceof HTMLElement && from !== document.body && from.isConnected;
    const back = stays ? from : (opener.current ?? document.querySelector("h1"));
    back?.focus();
  });
  return { opener, opened };
}
