import { useMemo } from "react";
import { CodeBlock } from "./copy";
import { type JsonToken, jsonTokens } from "./json-tokens";

/** Beyond this colours cost more than they help. */
const COLOURED = 40_000;

const colours: Record<JsonToken["kind"], string | undefined> = {
  key: "text-ink",
  string: "text-accent",
  number: "text-info",
  word: "text-warn",
  rest: "text-ink-faint",
};

export interface JsonViewProps {
  /** A value, or JSON as text as it came. */
  value: unknown;
  label: string;
}

/** Raw data for reading and copying. */
export function JsonView({ value, label }: JsonViewProps) {
  const text = useMemo(() => pretty(value), [value]);
  const coloured = useMemo(() => {
    if (text.length > COLOURED) return undefined;
    return jsonTokens(text).map((token, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places.
      <span key={index} className={colours[token.kind]}>
        {token.text}
      </span>
    ));
  }, [text]);
  return (
    <CodeBlock code={text} language="JSON" label={label}>
      {coloured}
    </CodeBlock>
  );
}

function pretty(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value, null, 2) ?? "";
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
