/** A webhook's body for reading. Its content type is not kept, so it is told by its look. */
export type RawBody =
  | { kind: "json"; value: unknown }
  | { kind: "form"; fields: readonly { at: string; name: string; value: string }[] }
  | { kind: "text"; value: string };

export function readBody(body: string): RawBody {
  const value = parsed(body);
  if (value !== undefined) {
    return { kind: "json", value };
  }
  if (!/^[^\s=&]+=[^\s]*$/.test(body)) {
    return { kind: "text", value: body };
  }
  const fields = [...new URLSearchParams(body)].map(([name, value], index) => ({ at: `${index}`, name, value }));
  return { kind: "form", fields };
}

/** The same as one value: a form as its fields by name, with JSON in them opened. */
export function bodyValue(body: RawBody): unknown {
  return body.kind === "form"
    ? Object.fromEntries(body.fields.map(({ name, value }) => [name, opened(value)]))
    : body.value;
}

function opened(value: string): unknown {
  return /^[{[]/.test(value) ? (parsed(value) ?? value) : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
