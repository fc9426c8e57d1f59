import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { FieldDescriptor } from "../../../api/schema.gen";
import providers from "../../../i18n/locales/en/providers.json";
import { catalogue, directChannel, providerOf, twilioChannel } from "../test/samples";
import { changesOf, createBody, updateBody } from "./channel-body";
import { withCommonFields } from "./common-fields";
import { copyValue, faultOf, groupFields, initialValues, isInput, schemaOf } from "./descriptors";

await i18next.init({ lng: "en", resources: { en: { providers } }, defaultNS: "providers" });

const allFields = catalogue.data.flatMap((provider) =>
  withCommonFields(provider.form, i18next.getFixedT("en", "providers"))
    .filter(isInput)
    .map((field) => ({ provider: provider.id, name: field.name, field })),
);

const told = (fault: { kind: string }) => fault.kind;

describe.each(allFields)("$provider $name", ({ field }) => {
  test("takes what its rule allows and refuses what it forbids", () => {
    if (field.kind !== "text" && field.kind !== "secret") {
      return;
    }
    const schema = schemaOf([field], undefined, told);
    const { valid, invalid } = field.rule.samples;
    expect(valid.length).toBeGreaterThan(0);
    for (const sample of valid) {
      expect(v.safeParse(schema, { [field.name]: `  ${sample}\n` }).output).toEqual({ [field.name]: sample });
    }
    for (const sample of invalid) {
      // Nothing at all is no breach of the rule where nothing need be given.
      expect(v.safeParse(schema, { [field.name]: sample }).success, sample).toBe(sample === "" && !field.required);
    }
  });
});

test("a switch, a choice and lengths are checked", () => {
  const place = { group: "account", help: "", label: "x", name: "x" } as const;
  const choice = { ...place, kind: "select", required: true, options: [{ value: "a", label: "A" }] } as const;
  const options = { ...choice, options: [...choice.options] };
  expect(faultOf(options, "a")).toBeUndefined();
  expect(faultOf(options, "b")).toEqual({ kind: "choice" });
  expect(faultOf(options, " ")).toEqual({ kind: "required" });
  expect(faultOf({ ...place, kind: "switch", default: false }, "maybe")).toEqual({ kind: "choice" });

  const rule = { pattern: "(", min_length: 2, max_length: 3, expected: "e", samples: { valid: [], invalid: [] } };
  const text = { ...place, kind: "text", required: false, rule } as const;
  expect(faultOf(text, "😀")).toEqual({ kind: "short", length: 1, limit: 2, expected: "e" });
  expect(faultOf(text, "abcd")).toEqual({ kind: "long", length: 4, limit: 3, expected: "e" });
  // A pattern that can't be read here is left to the server.
  expect(faultOf(text, "ab")).toBeUndefined();
});

test("a secret that is set may stay empty, one that is not may not", () => {
  const token = providerOf("twilio").form.find((field) => field.name === "auth_token");
  if (!token || !isInput(token)) {
    throw new Error("the field is gone");
  }
  expect(faultOf(token, "", twilioChannel)).toBeUndefined();
  expect(faultOf(token, "")).toEqual({ kind: "required" });
});

test("groups stand in their order, fields in their own", () => {
  const groups = groupFields(providerOf("direct").form.toReversed());
  expect(groups.map(({ group }) => group)).toEqual(["account", "sender", "webhooks", "advanced"]);
});

test("a saved channel fills its form, but for the secrets", () => {
  const values = initialValues(providerOf("twilio").form, twilioChannel);
  expect(values).toMatchObject({ account_sid: "AC0123456789abcdef0123456789abcdef", auth_token: "", api_key_sid: "" });
  expect(initialValues(providerOf("direct").form)).toMatchObject({ graph_version: "v25.0", verify_token: "" });
});

test("what to copy is the channel's own", () => {
  const shown = (channel: typeof twilioChannel) =>
    providerOf(channel.provider)
      .form.filter((field) => field.kind === "copy")
      .map((field) => copyValue(field.template, channel));
  expect(shown(twilioChannel)).toEqual([twilioChannel.webhook.callback_url]);
  expect(shown(directChannel)).toEqual([directChannel.webhook.callback_url, directChannel.webhook.verify_token]);
  // The list of channels keeps the token back, and with the sandbox switched off there is no address.
  expect(shown({ ...directChannel, webhook: {} })).toEqual([undefined, undefined]);
});

test("a body takes every field of its form, and nothing empty", () => {
  for (const { id, form } of catalogue.data) {
    const inputs = form.filter(isInput);
    const values = Object.fromEntries([...inputs.map(({ name }) => [name, ` ${name}! `]), ["name", "N"]]);
    expect(createBody(id, values)).toEqual({
      ...Object.fromEntries(inputs.map(({ name }) => [name, `${name}!`])),
      provider: id,
      name: "N",
      messages_per_second: null,
      auto_connect: false,
    });
    const changes = new Map(inputs.map(({ name }) => [name, "changed"]));
    expect(Object.keys(updateBody(id, changes)).sort()).toEqual(["provider", ...changes.keys()].sort());
  }
});

test("a change sends only what is another, and clears what was emptied or taken away", () => {
  const form: FieldDescriptor[] = withCommonFields(providerOf("twilio").form, i18next.getFixedT("en", "providers"));
  const before = { ...initialValues(form, twilioChannel), messaging_service_sid: "MG1", messages_per_second: "80" };
  const after = { ...before, name: " Help ", messaging_service_sid: "", messages_per_second: "100" };
  const changes = changesOf(form, before, after, new Set(["auth_token_secondary"]));
  expect(updateBody("twilio", changes)).toEqual({
    provider: "twilio",
    name: "Help",
    messaging_service_sid: null,
    auth_token_secondary: null,
    messages_per_second: 100,
  });
});

test("no provider is named where forms are drawn", () => {
  const folder = import.meta.dirname;
  // Requests have a type per provider, and are written out by it.
  const drawn = readdirSync(folder).filter((file) => !/\.test\.|^channel-body\.ts$/.test(file));
  expect(drawn.length).toBeGreaterThan(5);
  for (const file of drawn) {
    expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/twilio|direct\b|meta|facebook/i);
  }
});
