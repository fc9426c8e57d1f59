import { expect, test } from "vitest";
import { personOf } from "./person";

test("a number loses its groups, a user id nothing", () => {
  expect(personOf(" +44 (7700) 900-123 ")).toBe("+447700900123");
  expect(personOf("US.13491208655302741918")).toBe("US.13491208655302741918");
});
