/** What this browser remembers about how its user likes the console. Nothing secret, nothing the server needs. */
type Name = "language" | "theme" | "workspace" | "shortcuts" | "rail" | "signed-in";

/** `null` when nothing is stored or the browser refuses storage. */
export function readStored(name: Name): string | null {
  try {
    return localStorage.getItem(`duplex.${name}`);
  } catch {
    return null;
  }
}

export function store(name: Name, value: string): void {
  try {
    localStorage.setItem(`duplex.${name}`, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

export function forget(name: Name): void {
  try {
    localStorage.removeItem(`duplex.${name}`);
  } catch {
    // Nothing was stored either.
  }
}
