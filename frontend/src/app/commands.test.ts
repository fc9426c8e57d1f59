import { Circle } from "lucide-react";
import { expect, test } from "vitest";
import { type Command, matching, typedNumber } from "./commands";

const named = (name: string, always?: boolean): Command => ({
  id: name,
  name,
  icon: Circle,
  run: () => {},
  ...(always && { always }),
});
const names = (commands: Command[]) => commands.map(({ name }) => name);

test("every typed word has to occur, and names that start with the first come first", () => {
  const commands = [named("Go to API keys"), named("Revoke a key"), named("Keyboard shortcuts")];
  expect(names(matching(commands, "key"))).toEqual(["Go to API keys", "Revoke a key", "Keyboard shortcuts"]);
  expect(names(matching(commands, "keys api"))).toEqual(["Go to API keys"]);
  expect(names(matching([named("Monkey"), named("Key")], "key"))).toEqual(["Key", "Monkey"]);
});

test("accents and case don't matter", () => {
  expect(names(matching([named("Configuração")], "CONFIGURACAO"))).toEqual(["Configuração"]);
});

test("what is made from the typed text shows only with it", () => {
  expect(matching([named("Send to +447700900123", true)], "")).toEqual([]);
  expect(names(matching([named("Send to +447700900123", true)], "+44 7700 900123"))).toEqual(["Send to +447700900123"]);
});

test("a number is read however it is grouped, and nothing else is one", () => {
  expect(typedNumber("+44 (7700) 900-123")).toBe("+447700900123");
  expect(typedNumber("447700900123")).toBeUndefined();
  expect(typedNumber("+44")).toBeUndefined();
});
