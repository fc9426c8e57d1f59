import { expect, test } from "vitest";
import { bodyValue, readBody } from "./raw-body";

const form = "From=whatsapp%3A%2B447700900123&Body=Hello+%26+bye&Meta=%7B%22x%22%3A1%7D&Media=";

test("bodies are told apart by their look", () => {
  expect(readBody('{"entry":[]}')).toEqual({ kind: "json", value: { entry: [] } });
  expect(readBody(form)).toEqual({
    kind: "form",
    fields: [
      { at: "0", name: "From", value: "whatsapp:+447700900123" },
      { at: "1", name: "Body", value: "Hello & bye" },
      { at: "2", name: "Meta", value: '{"x":1}' },
      { at: "3", name: "Media", value: "" },
    ],
  });
  expect(readBody("a sentence with = in it")).toEqual({ kind: "text", value: "a sentence with = in it" });
  expect(readBody("")).toEqual({ kind: "text", value: "" });
});

test("a body is one value, whatever it came as", () => {
  expect(bodyValue(readBody('{"object":"a"}'))).toEqual({ object: "a" });
  expect(bodyValue(readBody(form))).toEqual({
    From: "whatsapp:+447700900123",
    Body: "Hello & bye",
    Meta: { x: 1 },
    Media: "",
  });
  expect(bodyValue(readBody("not = a form"))).toBe("not = a form");
});
