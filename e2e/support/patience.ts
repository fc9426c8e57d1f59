// Limits on waiting: generous for a loaded machine, and nothing that works comes near them.

const LONGEST_MS = 60_000;

/** The promise's own outcome, unless it takes too long. */
export async function deadline<T>(promise: Promise<T>, what: string, ms = LONGEST_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`waited ${ms} ms in vain: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
