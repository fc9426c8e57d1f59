import * as v from "valibot";
import type { ChannelView, FieldDescriptor, FieldGroup, TextRule } from "../../../api/schema.gen";
import { secretNamed, shownValue } from "../channel";

/** What is typed, by the fields' names. A switch is `true` or `false`. */
export type FormValues = Record<string, string>;

/** A field that a person fills in; the others only show something to copy. */
export type InputDescriptor = Exclude<FieldDescriptor, { kind: "copy" }>;

export function isInput(field: FieldDescriptor): field is InputDescriptor {
  return field.kind !== "copy";
}

// A `Record` does not compile when the API has a group that is missing here.
const groupOrder: Record<FieldGroup, number> = { account: 1, sender: 2, webhooks: 3, advanced: 4 };

export interface GroupedFields {
  group: FieldGroup;
  fields: FieldDescriptor[];
}

/** Fields by their groups, in the groups' order and then the fields' own. */
export function groupFields(fields: readonly FieldDescriptor[]): GroupedFields[] {
  const groups = new Map<FieldGroup, FieldDescriptor[]>();
  for (const field of fields) {
    groups.set(field.group, [...(groups.get(field.group) ?? []), field]);
  }
  return [...groups]
    .map(([group, its]) => ({ group, fields: its }))
    .sort((a, b) => groupOrder[a.group] - groupOrder[b.group]);
}

/** What stands in the form at first: a channel's values, or the defaults. Secrets are never shown again, so they start empty. */
export function initialValues(fields: readonly FieldDescriptor[], channel?: ChannelView): FormValues {
  const values: FormValues = {};
  for (const field of fields.filter(isInput)) {
    values[field.name] = channel ? (shownValue(channel, field.name) ?? "") : defaultOf(field);
  }
  return values;
}

function defaultOf(field: InputDescriptor): string {
  switch (field.kind) {
    case "text":
    case "select":
      return field.default ?? "";
    case "switch":
      return String(field.default);
    case "secret":
      return "";
  }
}

/** What is wrong with one value. */
export type Fault =
  | { kind: "required" }
  | { kind: "choice" }
  | { kind: "short" | "long"; length: number; limit: number; expected: string }
  | { kind: "malformed"; expected: string };

/** The rule a value breaks, if any. Blanks at its ends do not count; the server decides in the same way. */
export function faultOf(field: InputDescriptor, value: string, channel?: ChannelView): Fault | undefined {
  const text = value.trim();
  switch (field.kind) {
    case "switch":
      return text === "true" || text === "false" ? undefined : { kind: "choice" };
    case "select":
      if (text === "") {
        return field.required ? { kind: "required" } : undefined;
      }
      return field.options.some((option) => option.value === text) ? undefined : { kind: "choice" };
    case "text":
      if (text === "") {
        return field.required ? { kind: "required" } : undefined;
      }
      return faultByRule(field.rule, text);
    case "secret": {
      if (text !== "") {
        return faultByRule(field.rule, text);
      }
      // Left empty, a secret that is set stays as it is.
      const kept = channel !== undefined && secretNamed(channel, field.name)?.set === true;
      return field.required && !kept ? { kind: "required" } : undefined;
    }
  }
}

function faultByRule(rule: TextRule, text: string): Fault | undefined {
  const { expected } = rule;
  const length = Array.from(text).length;
  if (length < rule.min_length) {
    return { kind: "short", length, limit: rule.min_length, expected };
  }
  if (length > rule.max_length) {
    return { kind: "long", length, limit: rule.max_length, expected };
  }
  return compiled(rule.pattern)?.test(text) === false ? { kind: "malformed", expected } : undefined;
}

/** A pattern that this browser can't read checks nothing; the server still does. */
function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}

/** The form's schema, made of its descriptors. What comes out has no blanks at its ends. */
export function schemaOf(
  fields: readonly FieldDescriptor[],
  channel: ChannelView | undefined,
  told: (fault: Fault) => string,
) {
  const entries: Record<string, v.GenericSchema<string, string>> = {};
  for (const field of fields.filter(isInput)) {
    entries[field.name] = v.pipe(
      v.string(),
      v.trim(),
      v.rawCheck(({ dataset, addIssue }) => {
        const fault = dataset.typed ? faultOf(field, dataset.value, channel) : undefined;
        if (fault) {
          addIssue({ message: told(fault) });
        }
      }),
    );
  }
  return v.object(entries);
}

/**
 * What a copy field shows for a saved channel: its template with the channel's values in the place of the names in braces.
 * Nothing while one of them is not known.
 */
export function copyValue(template: string, channel: ChannelView): string | undefined {
  const { callback_url, verify_token } = channel.webhook;
  // Without an address of its own (the sandbox is switched off) the template's address is not this channel's.
  if (!callback_url && /^https?:/.test(template)) {
    return undefined;
  }
  let known = true;
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value =
      name === "channel_id" ? channel.id : name === "verify_token" ? verify_token : shownValue(channel, name);
    known &&= value !== undefined && value !== null && value !== "";
    return value ?? "";
  });
  return known ? filled : undefined;
}

/** Makes the compiler ask for a case when the API learns a new kind of field. */
export function unhandled(field: never): never {
  throw new Error(`a field of an unknown kind: ${JSON.stringify(field)}`);
}
