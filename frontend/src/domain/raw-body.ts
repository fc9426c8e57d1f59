/** A webhook's body for reading. Its content type is not kept, so it is told by its look. */
export interface RawBody {
  form: "json" | "form" | "text";
  /** JSON as what it says, a form as its fields, anything else as the text it is. */
  value: unknown;
}

export function readBody(body: string): RawBody {
  try {
    return { form: "json", value: JSON.parse(body) };
  } catch {
    // Not JSON, then.
  }
  if (!/^[^\s=&]+=[^\s]*$/.test(body)) {
    return { form: "text", value: body };
  }
  return { form: "form", value: Object.fromEntries(new URLSearchParams(body)) };
}
