/** A piece of written JSON and what it is. */
export interface JsonToken {
  kind: "key" | "string" | "number" | "word" | "rest";
  text: string;
}

const PIECE = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Takes pretty JSON apart for colouring; the pieces joined are the text again. */
export function jsonTokens(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    const [whole, quoted, colon, number] = match;
    if (match.index > end) tokens.push({ kind: "rest", text: text.slice(end, match.index) });
    if (quoted !== undefined) {
      tokens.push({ kind: colon === undefined ? "string" : "key", text: quoted });
      if (colon !== undefined) tokens.push({ kind: "rest", text: colon });
    } else tokens.push({ kind: number === undefined ? "word" : "number", text: whole });
    end = match.index + whole.length;
  }
  if (end < text.length) tokens.push({ kind: "rest", text: text.slice(end) });
  return tokens;
}
