import { type RefObject, useLayoutEffect, useRef } from "react";

/** What was drawn last, for what ends later than it began. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
