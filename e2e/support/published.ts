// A provider's published description of its API, as something to measure real traffic against.

import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import type { Exchange } from "./recorder.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Members = { [name: string]: Json };

const id = "https://published.example/description";

function members(value: Json | undefined): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** What a description says of one kind of call. */
interface Operation {
  /** As the description writes it, such as `/v1/Content/{Sid}`. */
  template: string;
  pattern: RegExp;
  literals: number;
  method: string;
}

/** What is wrong with one exchange, in sentences; and whether the description had anything to say about each half. */
export interface Verdict {
  template: string;
  request: boolean;
  answer: boolean;
  problems: string[];
}

export class Published {
  readonly #document: Members;
  readonly #ajv: Ajv;
  readonly #operations: Operation[];
  readonly #compiled = new Map<string, ValidateFunction>();

  private constructor(document: Members, ajv: Ajv) {
    this.#document = document;
    this.#ajv = ajv;
    this.#operations = Object.entries(members(document["paths"])).flatMap(([template, item]) =>
      ["get", "post", "put", "delete"]
        .filter((method) => method in members(item))
        .map((method) => ({
          template,
          pattern: new RegExp(`^${template.replaceAll(/[.]/g, "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
          literals: template.replaceAll(/\{[^}]+\}/g, "").length,
          method: method.toUpperCase(),
        })),
    );
    this.#operations.sort((a, b) => b.literals - a.literals);
  }

  /** Reads a description, JSON or YAML, of OpenAPI 3.0 or 3.1. */
  static read(file: string): Published {
    const document = parse(readFileSync(file, "utf8")) as Members;
    const options = { strict: false, allErrors: true, logger: false, coerceTypes: false, inlineRefs: false } as const;
    const modern = String(document["openapi"]).startsWith("3.1");
    const ajv = modern ? new Ajv2020(options) : new Ajv(options);
    addFormats["default"](ajv);
    // Twilio's own examples of `format: uri` are paths without a host (twilio.md §1.4).
    ajv.addFormat("uri", addFormats["default"].get("uri-reference"));
    ajv.addSchema({ $id: id, ...members(modern ? document : withNulls(document)) }, id);
    return new Published(document, ajv);
  }

  /** Measures one call; `undefined` when the description does not have it. */
  judge(exchange: Exchange): Verdict | undefined {
    const path = exchange.target.split("?")[0] ?? "";
    const operation = this.#operations.find((each) => each.method === exchange.method && each.pattern.test(path));
    if (!operation) {
      return undefined;
    }
    const at = ["paths", operation.template, operation.method.toLowerCase()];
    const request = this.#measure([...at, "requestBody"], exchange.requestType, exchange.requestBody, "request");
    const answers = members(this.#at([...at, "responses"]));
    const status = String(exchange.status) in answers ? String(exchange.status) : "default";
    const answer = this.#measure([...at, "responses", status], exchange.answerType, exchange.answerBody, "answer");
    const name = `${exchange.method} ${operation.template} ${exchange.status}`;
    return {
      template: `${exchange.method} ${operation.template}`,
      request: request !== undefined,
      answer: answer !== undefined,
      problems: [...(request ?? []), ...(answer ?? [])].map((problem) => `${name}: ${problem}`),
    };
  }

  /** Measures a value against a schema by its name. */
  measure(schema: string, value: unknown): string[] {
    return this.#problems(["components", "schemas", schema], value, schema);
  }

  #measure(place: string[], type: string, body: Buffer, half: string): string[] | undefined {
    const found = this.#follow(place);
    const medium = type.split(";")[0]?.trim() ?? "";
    const schema = [...found, "content", medium, "schema"];
    if (body.length === 0 || this.#at(schema) === undefined) {
      return undefined;
    }
    const fields = () => members(this.#at([...this.#follow(schema), "properties"]));
    return this.#problems(schema, readBody(medium, type, body, fields), half);
  }

  #problems(place: string[], value: unknown, half: string): string[] {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    let check = this.#compiled.get(pointer);
    if (!check) {
      check = this.#ajv.compile({ $ref: `${id}#/${pointer}` });
      this.#compiled.set(pointer, check);
    }
    if (check(value)) {
      return [];
    }
    const told = check.errors?.map(({ instancePath, message, params }) => {
      return `${half}${instancePath} ${message} ${JSON.stringify(params)}`;
    });
    return told ?? [half];
  }

  #at(place: readonly string[]): Json | undefined {
    let value: Json | undefined = this.#document;
    for (const part of place) {
      value = members(value)[part];
    }
    return value;
  }

  /** The place itself, or the one it refers to. */
  #follow(place: string[]): string[] {
    const reference = members(this.#at(place))["$ref"];
    return typeof reference === "string" ? reference.slice(2).split("/") : place;
  }
}

/** The body as the value that its schema describes. */
function readBody(medium: string, type: string, body: Buffer, fields: () => Members): unknown {
  if (medium === "application/json") {
    return JSON.parse(body.toString());
  }
  if (medium === "multipart/form-data") {
    return parts(type, body);
  }
  const described = fields();
  const form: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body.toString())) {
    const kind = members(described[name])["type"];
    const known = form[name];
    if (kind === "array") {
      form[name] = [...(Array.isArray(known) ? known : []), value];
    } else if (kind === "integer" || kind === "number") {
      form[name] = Number(value);
    } else if (kind === "boolean") {
      form[name] = value === "true";
    } else {
      form[name] = value;
    }
  }
  return form;
}

/** The parts of a form by name; a file stands for itself. */
function parts(type: string, body: Buffer): Record<string, string> {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1] ?? "";
  const found: Record<string, string> = {};
  for (const part of body.toString("latin1").split(`--${boundary}`)) {
    const [head, ...rest] = part.split("\r\n\r\n");
    const name = /name="([^"]+)"/.exec(head ?? "")?.[1];
    if (name) {
      found[name] = rest.join("\r\n\r\n").replace(/\r\n$/, "");
    }
  }
  return found;
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type more. */
function withNulls(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(withNulls);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const plain = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withNulls(each)]));
  if (plain["nullable"] !== true) {
    return plain;
  }
  const { nullable: _, ...schema } = plain;
  return { anyOf: [schema, { type: "null" }] };
}
