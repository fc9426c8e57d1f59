import { useCallback, useSyncExternalStore } from "react";
import { readStored, store } from "./storage";

const listeners = new Set<() => void>();
let on = readStored("shortcuts") !== "off";

/** Single-key shortcuts can be switched off: speech input and tremor set them off by accident (WCAG 2.1.4). */
export function switchShortcuts(next: boolean): void {
  on = next;
  store("shortcuts", next ? "on" : "off");
  for (const listener of listeners) {
    listener();
  }
}

export function useShortcutsOn(): readonly [boolean, (on: boolean) => void] {
  const subscribe = useCallback((listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return [useSyncExternalStore(subscribe, () => on), switchShortcuts];
}
