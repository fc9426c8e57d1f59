import type { Capabilities } from "../../api/schema.gen";
import { count, templateFaults } from "./template/template-faults";
import { type ComposeValues, recipientOf, takesTemplate } from "./values";

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
  | "file"
  | "decimal"
  | "json"
  | "tooManyVariables"
  | "twice"
  | "buttonIndex"
  | "contentSid"
  | "past"
  | "tooFar"
  | "afterEnd";

export interface Fault {
  path: readonly (string | number)[];
  code: FaultCode;
  /** The limit that is overstepped. */
  max?: number;
}

const LONGEST_REFERENCE = 255;
const LONGEST_TEMPLATE = 512;
const LONGEST_SCHEDULE_DAYS = 366;
const LONGEST_SCHEDULE_MS = LONGEST_SCHEDULE_DAYS * 86_400_000;

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
    } else if (count(values.text.body) > max) {
      add(["text", "body"], "tooLong", max);
    }
  } else if (values.kind === "template") {
    templateFaults(values.template, can, now, add);
  }
  if (count(values.reference.trim()) > LONGEST_REFERENCE) {
    add(["reference"], "tooLong", LONGEST_REFERENCE);
  }
  if (values.sendAt !== "") {
    const sendAt = Date.parse(values.sendAt);
    if (!(sendAt > now)) {
      add(["sendAt"], "past");
    } else if (sendAt - now > LONGEST_SCHEDULE_MS) {
      add(["sendAt"], "tooFar", LONGEST_SCHEDULE_DAYS);
    } else if (values.expires !== "" && Date.parse(values.expires) <= sendAt) {
      add(["sendAt"], "afterEnd");
    }
  }
  if (takesTemplate(values) && count(values.fallbackTemplate.trim()) > LONGEST_TEMPLATE) {
    add(["fallbackTemplate"], "tooLong", LONGEST_TEMPLATE);
  }
  if (values.expires !== "" && !(Date.parse(values.expires) > now)) {
    add(["expires"], "past");
  }
  return faults;
}

/** A number with its plus sign as people write it, or a business-scoped user id. Whether the code is in use the server knows. */
export function isRecipient(typed: string): boolean {
  const text = recipientOf(typed);
  return /^\+[1-9]\d{6,14}$/.test(text) || /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(text);
}
