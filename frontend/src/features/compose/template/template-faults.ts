import type { Capabilities } from "../../../api/schema.gen";
import type { Fault, FaultCode } from "../faults";
import {
  type BodyValue,
  type ButtonDraft,
  type CardDraft,
  decimal,
  goesByNames,
  type HeaderDraft,
  linesOf,
  objectOf,
  storesContent,
  type TemplateValues,
} from "./template-values";

type Path = Fault["path"];
type Add = (path: Path, code: FaultCode, max?: number) => void;
type Limits = Capabilities["templates"] | undefined;

/** What can be told to be wrong with a template's values before they are sent. */
export function templateFaults(template: TemplateValues, can: Capabilities | undefined, now: number, add: Add): void {
  const limits = can?.templates;
  const named = goesByNames(template, can);
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
  filled(["template"], template, named, limits, add);
  template.cards.forEach((card, n) => {
    filled(["template", "cards", n], card, named, limits, add);
  });
  if (template.offer !== "" && !(Date.parse(template.offer) > now)) {
    add(["template", "offer"], "past");
  }
  if (storesContent(template, can)) {
    const sid = template.contentSid.trim();
    if (sid === "") {
      add(["template", "contentSid"], "required");
    } else if (!/^HX[0-9a-fA-F]{32}$/.test(sid)) {
      add(["template", "contentSid"], "contentSid");
    }
    nameFaults(template.variables, (n) => ["template", "variables", n, "name"], add);
    template.variables.forEach(({ value }, n) => {
      valueFaults(["template", "variables", n, "value"], value, limits, add);
    });
  }
  const most = limits?.max_variables.value;
  if (most !== undefined && template.body.length > most) {
    add(["template", "body", most, "text"], "tooManyVariables", most);
  }
}

/** The values of a template itself, or of one of its cards. */
function filled(at: Path, { header, body, buttons }: CardDraft, named: boolean, limits: Limits, add: Add): void {
  headerFaults([...at, "header"], header, named, limits, add);
  bodyFaults([...at, "body"], body, named, limits, add);
  buttonFaults([...at, "buttons"], buttons, limits, add);
}

function headerFaults(at: Path, header: HeaderDraft, named: boolean, limits: Limits, add: Add): void {
  const needed = (name: "catalog" | "product" | "name") => {
    if (header[name].trim() === "") {
      add([...at, name], "required");
    }
  };
  if (header.fixed) {
    return;
  }
  switch (header.type) {
    case "none":
      return;
    case "text":
      valueFaults([...at, "text"], header.text, limits, add);
      if (named) {
        needed("name");
      }
      return;
    case "location":
      for (const name of ["latitude", "longitude"] as const) {
        if (header[name].trim() === "") {
          add([...at, name], "required");
        } else if (!Number.isFinite(decimal(header[name]))) {
          add([...at, name], "decimal");
        }
      }
      return;
    case "product":
      needed("catalog");
      needed("product");
      return;
    default: {
      const { from, id, link } = header.media;
      if (from === "upload" && id === "") {
        add([...at, "media", "id"], "file");
      } else if (from === "link" && !isPublicLink(link)) {
        add([...at, "media", "link"], link.trim() === "" ? "required" : "link");
      }
    }
  }
}

function bodyFaults(at: Path, body: readonly BodyValue[], named: boolean, limits: Limits, add: Add): void {
  body.forEach(({ text }, n) => {
    valueFaults([...at, n, "text"], text, limits, add);
  });
  if (named) {
    nameFaults(body, (n) => [...at, n, "name"], add);
  }
}

function buttonFaults(at: Path, buttons: readonly ButtonDraft[], limits: Limits, add: Add): void {
  const most = (limits?.max_buttons.value ?? Number.POSITIVE_INFINITY) - 1;
  buttons.forEach(({ index, type, value, data, optional, sections }, n) => {
    if (!Number.isInteger(index) || index < 0 || index > most) {
      add([...at, n, "index"], "buttonIndex", most);
    } else if (buttons.some((other, before) => before < n && other.index === index)) {
      add([...at, n, "index"], "twice");
    }
    // A flow needs no token.
    if (value.trim() === "" && type !== "flow" && !optional) {
      add([...at, n, "value"], "required");
    } else if (type === "copy_code" && limits && count(value) > limits.max_coupon_chars.value) {
      add([...at, n, "value"], "tooLong", limits.max_coupon_chars.value);
    }
    if (type === "flow" && data.trim() !== "" && !objectOf(data)) {
      add([...at, n, "data"], "json");
    }
    if (type === "products") {
      sections.forEach(({ title, products }, section) => {
        if (title.trim() === "") {
          add([...at, n, "sections", section, "title"], "required");
        }
        if (linesOf(products).length === 0) {
          add([...at, n, "sections", section, "products"], "required");
        }
      });
    }
  });
}

function nameFaults(rows: readonly { name: string }[], path: (n: number) => Path, add: Add): void {
  rows.forEach(({ name }, n) => {
    if (name.trim() === "") {
      add(path(n), "required");
    } else if (rows.some((other, before) => before < n && other.name.trim() === name.trim())) {
      add(path(n), "twice");
    }
  });
}

function valueFaults(path: Path, text: string, limits: Limits, add: Add): void {
  if (text === "") {
    add(path, "required");
  } else if (/[\n\r\t]/.test(text)) {
    add(path, "noBreaks");
  } else if (limits && count(text) > limits.max_value_chars.value) {
    add(path, "tooLong", limits.max_value_chars.value);
  } else if (limits && text.includes(" ".repeat(limits.max_blanks_in_a_row.value + 1))) {
    add(path, "blanks", limits.max_blanks_in_a_row.value);
  }
}

function isPublicLink(link: string): boolean {
  try {
    return new URL(link.trim()).protocol === "https:";
  } catch {
    return false;
  }
}

/** As the API counts: an emoji of one code point is one. */
export function count(text: string): number {
  return Array.from(text).length;
}
