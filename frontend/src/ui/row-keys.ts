import { useState } from "react";

/** What tells the rows of a list apart while some are added and others taken away: their place does not. */
export function useRowKeys(rows: number): { keys: readonly number[]; drop: (n: number) => void } {
  const [keys, setKeys] = useState<readonly number[]>([]);
  const fitting = keysFor(keys, rows);
  if (fitting !== keys) {
    setKeys(fitting);
  }
  return { keys: fitting, drop: (n) => setKeys(fitting.filter((_, other) => other !== n)) };
}

function keysFor(keys: readonly number[], rows: number): readonly number[] {
  if (keys.length === rows) {
    return keys;
  }
  const next = Math.max(-1, ...keys) + 1;
  const missing = Array.from({ length: Math.max(0, rows - keys.length) }, (_, n) => next + n);
  return [...keys.slice(0, rows), ...missing];
}
