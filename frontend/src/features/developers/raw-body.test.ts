import { expect, test } from "vitest";
import { readBody } from "./raw-body";

test("bodies are told apart by their look", () => {
  expect(readBody('{"entry":[]}')).toEqual({ kind: "json", value: { entry: [] } });
  expect(readBody("From=whatsapp%3A%2B447700900123&Body=Hello+%26+bye&Media=")).toEqual({
    kind: "form",
    fields: [
      { at: "0", name: "From", value: "whatsapp:+447700900123" },
      { at: "1", name: "Body", value: "Hello & bye" },
      { at: "2", name: "Media", value: "" },
    ],
  });
  expect(readBody("a sentence with = in it")).toEqual({ kind: "text" });
  expect(readBody("")).toEqual({ kind: "text" });
});
