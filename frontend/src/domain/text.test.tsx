import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { curlOf } from "./curl";
import { groupsOf, PhoneNumber } from "./number";

test("numbers are grouped for the eye only", () => {
  expect(groupsOf("+447700900123")).toEqual(["+44", "770", "090", "0123"]);
  expect(groupsOf("+15005550001")).toEqual(["+1", "500", "555", "0001"]);
  expect(groupsOf("+35312345")).toEqual(["+353", "12", "345"]);
  expect(groupsOf("GB.11112222333344445555")).toEqual(["GB.11112222333344445555"]);
  const { container } = render(<PhoneNumber value="+447700900123" />);
  expect(container.textContent).toBe("+447700900123");
});

test("a curl line survives quotes in the text", () => {
  const line = curlOf({ method: "POST", url: "https://gateway.example.com/api/v1/messages", body: { body: "it's" } });
  expect(line).toContain(`-H "Authorization: Bearer $DUPLEX_KEY"`);
  expect(line).toContain(`it'\\''s`);
});
