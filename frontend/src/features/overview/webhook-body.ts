/**
 * A webhook's body as a value that can be read: JSON as what it says, a form as its fields, anything else as the text it is.
 * Fields of a form that hold JSON are opened too.
 */
export function readable(body: string): unknown {
  const parsed = json(body);
  if (parsed !== undefined) {
    return parsed;
  }
  if (!/^[^\s=&]+=[^\s]*$/.test(body)) {
    return body;
  }
  return Object.fromEntries(Array.from(new URLSearchParams(body), ([name, value]) => [name, nested(value)]));
}

function nested(value: string): unknown {
  return /^[{[]/.test(value) ? (json(value) ?? value) : value;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
