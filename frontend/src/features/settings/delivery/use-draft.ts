import { useState } from "react";
import { useUnsavedPart } from "../unsaved-parts";

/** A copy of what is stored, for a form. What nobody has touched follows the stored; what somebody has, stays until it is saved. */
export function useDraft<T extends object>(stored: T) {
  const [changes, setChanges] = useState<Partial<T>>({});
  const draft: T = { ...stored, ...changes };
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored);
  if (!dirty && Object.keys(changes).length > 0) {
    // It was saved, or taken back by hand.
    setChanges({});
  }
  useUnsavedPart(dirty);
  return {
    draft,
    dirty,
    change: (change: Partial<T>) => setChanges((old) => ({ ...old, ...change })),
    /** Writes values as the server keeps them, but those that were typed on since `sent`. */
    tidy: (sent: T, tidied: Partial<T>) =>
      setChanges((old) => {
        const next = { ...old };
        for (const key in tidied) {
          if (old[key] === undefined || old[key] === sent[key]) {
            next[key] = tidied[key];
          }
        }
        return next;
      }),
  };
}
