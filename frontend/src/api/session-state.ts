import { useSyncExternalStore } from "react";

/**
 * Whether the session still holds, apart from who it belongs to (that is server data and lives in the query cache).
 * `expired` keeps calls waiting: they go on when somebody has signed in again.
 */
type Standing = "good" | "expired";

let standing: Standing = "good";
let generation = 0;
const waiting = new Set<() => void>();
const listeners = new Set<() => void>();

function become(next: Standing): void {
  standing = next;
  for (const listener of listeners) {
    listener();
  }
}

/** Counts refreshes and sign-ins: a call that was refused before the last one need only go out again. */
export function sessionGeneration(): number {
  return generation;
}

export function sessionRenewed(): void {
  generation += 1;
}

export function isExpired(): boolean {
  return standing === "expired";
}

/**
 * Tells that the session is over, and waits until somebody has signed in again. Who leaves instead loads the console anew,
 * and the wait ends with the page. A call that nobody wants any more stops waiting.
 */
export function signedInAgain(signal?: AbortSignal): Promise<void> {
  const settled = new Promise<void>((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const giveUp = () => {
      waiting.delete(goOn);
      reject(signal?.reason);
    };
    const goOn = () => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    };
    waiting.add(goOn);
    signal?.addEventListener("abort", giveUp, { once: true });
  });
  become("expired");
  return settled;
}

/** Somebody has signed in again: the calls that wait go on. */
export function settleExpired(): void {
  const released = [...waiting];
  waiting.clear();
  sessionRenewed();
  become("good");
  for (const release of released) {
    release();
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
