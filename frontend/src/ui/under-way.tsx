import { createContext, type ReactNode, useContext, useEffect } from "react";

/** Told when something begins; what it gives back, when that has ended. */
export type Begin = () => () => void;

const UnderWay = createContext<Begin | undefined>(undefined);

/** Hears of what the parts of a form have under way, such as the upload of a file. */
export function UnderWayProvider({ begin, children }: { begin: Begin; children: ReactNode }) {
  return <UnderWay value={begin}>{children}</UnderWay>;
}

/** Tells the form around it that it has to wait. `begin` must stay the same from one drawing to the next. */
export function useTellUnderWay(busy: boolean): void {
  const begin = useContext(UnderWay);
  useEffect(() => (busy ? begin?.() : undefined), [busy, begin]);
}
