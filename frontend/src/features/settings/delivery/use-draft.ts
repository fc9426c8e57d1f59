import { useState } from "react";
import { useUnsavedPart } from "../unsaved-parts";

/** A copy of what is stored, for a form. What nobody has touched follows the stored; what somebody has, stays. */
export function useDraft<T extends object>(stored: T) {
  const [changes, setChanges] = useState<Partial<T>>({});
  const draft: T = { ...stored, ...changes };
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored);
  useUnsavedPart(dirty);
  return {
    draft,
    dirty,
    change: (change: Partial<T>) => setChanges((old) => ({ ...old, ...change })),
    /** After saving: what was typed on meanwhile stays. */
    settle: (saved: T) =>
      setChanges((old) => (JSON.stringify({ ...saved, ...old }) === JSON.stringify(saved) ? {} : old)),
  };
}
