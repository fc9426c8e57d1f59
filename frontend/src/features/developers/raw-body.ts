/** A webhook's body as the provider meant it. */
export type RawBody =
  | { kind: "json"; value: unknown }
  | { kind: "form"; fields: readonly { at: string; name: string; value: string }[] }
  | { kind: "text" };

/** Tells a body by its look: its content type is not kept. */
export function readBody(body: string): RawBody {
  try {
    return { kind: "json", value: JSON.parse(body) };
  } catch {
    // Not JSON, then.
  }
  if (!/^[^\s=&]+=[^\s]*$/.test(body)) {
    return { kind: "text" };
  }
  const fields = [...new URLSearchParams(body)].map(([name, value], index) => ({ at: `${index}`, name, value }));
  return { kind: "form", fields };
}
