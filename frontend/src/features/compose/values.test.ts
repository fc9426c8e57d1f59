import { expect, test } from "vitest";
import type { Capabilities, Content } from "../../api/schema.gen";
import { faultsOf } from "./faults";
import { keyFor } from "./request-key";
import { fieldOf, sortErrors } from "./server-errors";
import { bodyOf, contentOf, emptyValues, nextValues, valuesOf } from "./values";

const ground = { source: "here", checked_on: "2026-11-22" };
const figure = (value: number) => ({ value, ...ground });
type Can = Pick<Capabilities, "text" | "templates">;

/** A provider that keeps templates under an id of its own and numbers their variables. */
const storing: Can = {
  text: { max_chars: figure(10), preview_switch: { supported: false, ...ground } },
  templates: {
    addressing: "content_sid",
    named_variables: { supported: false, ...ground },
    max_name_chars: figure(512),
    max_value_chars: figure(20),
    max_variables: figure(2),
    max_buttons: figure(10),
    max_blanks_in_a_row: figure(4),
  },
};
const naming: Can = {
  text: { max_chars: figure(10), preview_switch: { supported: true, ...ground } },
  templates: { ...storing.templates, addressing: "name", named_variables: { supported: true, ...ground } },
};
const withCan = (can: Can) => can as Capabilities;

const template: Content = {
  type: "template",
  name: "order_shipped",
  language: "en_GB",
  header: { type: "document", link: "https://example.com/a.pdf", filename: "a.pdf" },
  body: [
    { text: "Ada", name: "first_name" },
    { text: "77", name: "order" },
  ],
  buttons: [{ index: 1, type: "quick_reply", payload: "help" }],
  twilio: { content_sid: `HX${"0".repeat(32)}`, variables: { "1": "Ada" } },
};

test("a message goes into the form and comes out again", () => {
  const values = valuesOf(template, "+447700900123", "c1");
  expect(contentOf(values, undefined)).toEqual({ ...template, twilio: undefined });
  expect(faultsOf(values, withCan(naming), 0)).toEqual([]);
});

test("what the provider lacks stays in the form and out of the request", () => {
  const values = { ...valuesOf(template, "+447700900123", ""), text: { body: "Hi", preview: true } };
  expect(contentOf(values, withCan(storing))).toMatchObject({
    body: [{ text: "Ada" }, { text: "77" }],
    twilio: { content_sid: `HX${"0".repeat(32)}`, variables: { "1": "Ada" } },
  });
  expect(contentOf(values, withCan(naming))).not.toHaveProperty("twilio");
  expect(contentOf({ ...values, kind: "text" }, withCan(storing))).toEqual({ type: "text", body: "Hi" });
});

test("empty parts are not in the request", () => {
  const values = { ...emptyValues(" +44 7700 900-123 "), text: { body: "Hi", preview: false } };
  expect(bodyOf(values, undefined)).toEqual({ to: "+447700900123", content: { type: "text", body: "Hi" } });
});

test("faults stand at their fields", () => {
  const values = valuesOf(template, "GB.1111222233334444", "");
  values.template.body = [
    { name: "a", text: "" },
    { name: "a", text: "two\nlines" },
    { name: "b", text: "many     blanks" },
  ];
  values.template.contentSid = "HX1";
  values.expires = "2026-01-01T00:00";
  const found = (can: Can) =>
    faultsOf(values, withCan(can), Date.parse("2026-11-22T00:00:00Z")).map(
      ({ path, code }) => `${path.join(".")} ${code}`,
    );
  expect(found(storing)).toEqual([
    "template.body.0.text required",
    "template.body.1.text noBreaks",
    "template.body.2.text blanks",
    "template.contentSid contentSid",
    "template.body.2.text tooManyVariables",
    "expires past",
  ]);
  expect(found(naming)).toContain("template.body.1.name twice");
  expect(found(naming)).not.toContain("template.contentSid contentSid");
});

test("the server's fields are found in the form, and what is not there is told as it is", () => {
  const values = valuesOf(template, "+447700900123", "");
  expect(fieldOf("content.body[1].text", values)).toBe("template.body.1.text");
  expect(fieldOf("content.buttons[0].payload", values)).toBe("template.buttons.0.value");
  expect(fieldOf("content.twilio.variables.1", values)).toBe("template.variables.0.value");
  expect(fieldOf("content.body", { ...values, kind: "text" })).toBe("text.body");
  const whole = { field: "content.body", code: "conflict", message: "either all values have names or none has" };
  expect(sortErrors([{ field: "to", code: "invalid_value", message: "no" }, whole], values)).toEqual({
    placed: [{ field: "to", message: "no" }],
    rest: [whole],
  });
});

test("the next message keeps the person and the way", () => {
  const next = nextValues({ ...valuesOf(template, "+447700900123", "c1"), reference: "order-77" });
  expect(next).toMatchObject({ to: "+447700900123", channel: "c1", kind: "template", reference: "" });
  expect(next.template.body).toEqual([
    { name: "first_name", text: "" },
    { name: "order", text: "" },
  ]);
});

test("a request keeps its key as long as it says the same", () => {
  let made = 0;
  const make = () => `k${++made}`;
  const first = keyFor(undefined, { a: 1 }, make);
  expect(keyFor(first, { a: 1 }, make)).toBe(first);
  expect(keyFor(first, { a: 2 }, make).key).toBe("k2");
});
