import type { Capabilities } from "../../api/schema.gen";
import { type ComposeValues, recipientOf } from "./values";

/** What is wrong with a field, by the name of its text below `fault` in the language files. */
export type FaultCode =
  | "required"
  | "number"
  | "tooLong"
  | "templateName"
  | "language"
  | "noBreaks"
  | "blanks"
  | "link"
  | "tooManyVariables"
  | "twice"
  | "buttonIndex"
  | "contentSid"
  | "past";

export interface Fault {
  path: readonly (string | number)[];
  code: FaultCode;
  /** The limit that is overstepped. */
  max?: number;
}

const LONGEST_REFERENCE = 255;

/** What can be told to be wrong before it is sent. Without `can`, the limits are the server's to tell. */
export function faultsOf(values: ComposeValues, can: Capabilities | undefined, now: number): Fault[] {
  const faults: Fault[] = [];
  const add = (path: Fault["path"], code: FaultCode, max?: number) =>
    faults.push(max === undefined ? { path, code } : { path, code, max });

  if (values.to.trim() === "") {
    add(["to"], "required");
  } else if (!isRecipient(values.to)) {
    add(["to"], "number");
  }
  if (values.kind === "text") {
    const max = can?.text.max_chars.value ?? Number.POSITIVE_INFINITY;
    if (values.text.body.trim() === "") {
      add(["text", "body"], "required");
    } else if (length(values.text.body) > max) {
      add(["text", "body"], "tooLong", max);
    }
  } else if (values.kind === "template") {
    templateFaults(values.template, can, add);
  }
  if (length(values.reference.trim()) > LONGEST_REFERENCE) {
    add(["reference"], "tooLong", LONGEST_REFERENCE);
  }
  if (values.expires !== "" && !(Date.parse(values.expires) > now)) {
    add(["expires"], "past");
  }
  return faults;
}

type Add = (path: Fault["path"], code: FaultCode, max?: number) => void;

function templateFaults(template: ComposeValues["template"], can: Capabilities | undefined, add: Add): void {
  const limits = can?.templates;
  const named = template.named && (limits?.named_variables.supported ?? true);
  if (template.name.trim() === "") {
    add(["template", "name"], "required");
  } else if (!/^[a-z0-9_]+$/.test(template.name.trim())) {
    add(["template", "name"], "templateName");
  } else if (limits && template.name.trim().length > limits.max_name_chars.value) {
    add(["template", "name"], "tooLong", limits.max_name_chars.value);
  }
  if (template.language.trim() === "") {
    add(["template", "language"], "required");
  } else if (!/^[a-z]{2,3}(_[A-Za-z0-9]{2,4})?$/.test(template.language.trim())) {
    add(["template", "language"], "language");
  }
  const { header, body, buttons, variables } = template;
  if (header.type === "text") {
    valueFaults(["template", "header", "text"], header.text, limits, add);
    if (named && header.name.trim() === "") {
      add(["template", "header", "name"], "required");
    }
  } else if (header.type !== "none" && !isPublicLink(header.link)) {
    add(["template", "header", "link"], header.link.trim() === "" ? "required" : "link");
  }
  body.forEach(({ text }, n) => {
    valueFaults(["template", "body", n, "text"], text, limits, add);
  });
  if (named) {
    nameFaults(body, (n) => ["template", "body", n, "name"], add);
  }
  buttons.forEach(({ index, value }, n) => {
    const most = (limits?.max_buttons.value ?? Number.POSITIVE_INFINITY) - 1;
    if (!Number.isInteger(index) || index < 0 || index > most) {
      add(["template", "buttons", n, "index"], "buttonIndex", most);
    } else if (buttons.some((other, before) => before < n && other.index === index)) {
      add(["template", "buttons", n, "index"], "twice");
    }
    if (value === "") {
      add(["template", "buttons", n, "value"], "required");
    }
  });
  if (limits?.addressing === "content_sid") {
    const sid = template.contentSid.trim();
    if (sid === "") {
      add(["template", "contentSid"], "required");
    } else if (!/^HX[0-9a-fA-F]{32}$/.test(sid)) {
      add(["template", "contentSid"], "contentSid");
    }
    nameFaults(variables, (n) => ["template", "variables", n, "name"], add);
    variables.forEach(({ value }, n) => {
      valueFaults(["template", "variables", n, "value"], value, limits, add);
    });
  }
  const most = limits?.max_variables.value;
  if (most !== undefined && body.length > most) {
    add(["template", "body", most, "text"], "tooManyVariables", most);
  }
}

function nameFaults(rows: readonly { name: string }[], path: (n: number) => Fault["path"], add: Add): void {
  rows.forEach(({ name }, n) => {
    if (name.trim() === "") {
      add(path(n), "required");
    } else if (rows.some((other, before) => before < n && other.name.trim() === name.trim())) {
      add(path(n), "twice");
    }
  });
}

function valueFaults(path: Fault["path"], text: string, limits: Capabilities["templates"] | undefined, add: Add): void {
  if (text === "") {
    add(path, "required");
  } else if (/[\n\r\t]/.test(text)) {
    add(path, "noBreaks");
  } else if (limits && length(text) > limits.max_value_chars.value) {
    add(path, "tooLong", limits.max_value_chars.value);
  } else if (limits && text.includes(" ".repeat(limits.max_blanks_in_a_row.value + 1))) {
    add(path, "blanks", limits.max_blanks_in_a_row.value);
  }
}

/** A number with its plus sign as people write it, or a business-scoped user id. Whether the code is in use the server knows. */
function isRecipient(typed: string): boolean {
  const text = recipientOf(typed);
  return /^\+[1-9]\d{6,14}$/.test(text) || /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(text);
}

function isPublicLink(link: string): boolean {
  try {
    return new URL(link.trim()).protocol === "https:";
  } catch {
    return false;
  }
}

/** As the API counts: an emoji of one code point is one. */
function length(text: string): number {
  return Array.from(text).length;
}
