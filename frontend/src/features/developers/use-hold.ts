import { type FocusEvent, type UIEvent, useRef, useState } from "react";

/** Further down than this, the reader reads: nothing may move under the eyes. */
const NEAR_TOP = 8;

/**
 * Whether a live list must stand still, because its reader has scrolled or has the focus in one of its rows.
 * `watch` goes on a box around the list.
 */
export function useHold() {
  const box = useRef<Element>(null);
  const [scrolled, setScrolled] = useState(false);
  const [inside, setInside] = useState(false);

  return {
    held: scrolled || inside,
    watch: {
      onScrollCapture: ({ target }: UIEvent) => {
        if (target instanceof Element) {
          box.current = target;
          setScrolled(target.scrollTop > NEAR_TOP);
        }
      },
      onFocusCapture: ({ target }: FocusEvent) => setInside(target.closest("tbody") !== null),
      onBlurCapture: () => setInside(false),
    },
    toTop: () => box.current?.scrollTo({ top: 0 }),
  };
}
