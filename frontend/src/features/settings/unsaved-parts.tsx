import { createContext, type ReactNode, useContext, useEffect, useId, useState } from "react";
import { useUnsavedGuard } from "../../ui/unsaved";

const PartsContext = createContext<(part: string, dirty: boolean) => void>(() => {});

/** One guard for a page of several forms: leaving asks once, however many of them are half-written. */
export function UnsavedParts({ children }: { children: ReactNode }) {
  const [dirty, setDirty] = useState<ReadonlySet<string>>(new Set());
  const [tell] = useState(() => (part: string, isDirty: boolean) => {
    setDirty((old) => {
      if (old.has(part) === isDirty) {
        return old;
      }
      return isDirty ? new Set(old).add(part) : new Set([...old].filter((each) => each !== part));
    });
  });
  useUnsavedGuard(dirty.size > 0);
  return <PartsContext value={tell}>{children}</PartsContext>;
}

/** Tells the page's guard whether this form holds something unsaved. */
export function useUnsavedPart(dirty: boolean): void {
  const tell = useContext(PartsContext);
  const part = useId();
  useEffect(() => {
    tell(part, dirty);
    return () => tell(part, false);
  }, [tell, part, dirty]);
}
