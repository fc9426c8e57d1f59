import { useBlocker } from "@tanstack/react-router";
import { useRef } from "react";
import { askToLeave } from "./unsaved-dialog";

/**
 * While `dirty`, leaving the page asks first; filters and drawers in the address do not count as leaving.
 * Gives back a function for "saved, now go on": the next navigation passes without a question.
 */
export function useUnsavedGuard(dirty: boolean): () => void {
  const saved = useRef(false);
  useBlocker({
    disabled: !dirty,
    enableBeforeUnload: dirty,
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname) return false;
      if (saved.current) {
        saved.current = false;
        return false;
      }
      return !(await askToLeave());
    },
  });
  return () => {
    saved.current = true;
  };
}
