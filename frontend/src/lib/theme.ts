import { useCallback, useSyncExternalStore } from "react";
import { readStored, store } from "./storage";

export type ThemeChoice = "system" | "light" | "dark";

const listeners = new Set<() => void>();
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen(): ThemeChoice {
  const stored = readStored("theme");
  return stored === "light" || stored === "dark" ? stored : "system";
}

let choice = chosen();

/** `public/theme.js` does the same before the first paint. */
function apply(): void {
  const dark = choice === "dark" || (choice === "system" && system.matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
}

system.addEventListener("change", apply);

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  store("theme", next);
  apply();
  for (const listener of listeners) {
    listener();
  }
}

export function useTheme(): readonly [ThemeChoice, (choice: ThemeChoice) => void] {
  const subscribe = useCallback((listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return [useSyncExternalStore(subscribe, () => choice), chooseTheme];
}
