import { expect, test } from "vitest";
import { replaced, variablesOf } from "./variables";

test("variables are told once each, in the order of their first use, wherever the braces stand", () => {
  expect(variablesOf("Hi {{ first_name }},\n{{code}} for {{first_name}}.")).toEqual(["first_name", "code"]);
  expect(variablesOf("No {braces}, no variables")).toEqual([]);
});

test("values stand in the places of their variables as they are; a variable without one keeps its braces", () => {
  const values: Record<string, string> = { code: "$& $1 {{first_name}}", none: "" };
  expect(replaced("{{code}}, {{ code }}: {{none}} {{other}}", (name) => values[name])).toBe(
    "$& $1 {{first_name}}, $& $1 {{first_name}}: {{none}} {{other}}",
  );
});
