import { useSyncExternalStore } from "react";

/**
 * Whether the session still holds, apart from who it belongs to (that is server data and lives in the query cache).
 * `expired` keeps calls waiting: they go on when somebody has signed in again.
 */
type Standing = "good" | "expired";

let standing: Standing = "good";
let waiting: ((again: boolean) => void)[] = [];
const listeners = new Set<() => void>();

function become(next: Standing): void {
  standing = next;
  for (const listener of listeners) {
    listener();
  }
}

/** Tells that the session is over, and waits until somebody has signed in again (true) or left for the sign-in page (false). */
export function signedInAgain(): Promise<boolean> {
  const settled = new Promise<boolean>((resolve) => {
    waiting.push(resolve);
  });
  become("expired");
  return settled;
}

/** Lets the calls that wait go on, or gives them up. */
export function settleExpired(again: boolean): void {
  const released = waiting;
  waiting = [];
  become("good");
  for (const release of released) {
    release(again);
  }
}

export function useSessionStanding(): Standing {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => standing,
  );
}
