import type { Content } from "../../../api/schema.gen";
import {
  type Draft,
  type DraftValue,
  emptyDraft,
  emptyMedia,
  type HeaderDraft,
  isAsked,
  KEPT,
  type Kept,
  type MediaDraft,
  type Part,
  type PartedKind,
  parts,
} from "./parts";

type Json = { [name: string]: unknown };

/** The content that a draft stands for. What is optional and empty is left out; whether the rest is right, the server tells. */
export function contentOfDraft(kind: PartedKind, draft: Draft): Content {
  // The parts of a kind are the members of its content; a test sends each of them through the API's own schema.
  return { type: kind, ...membersOf(parts[kind], draft) } as Content;
}

function membersOf(of: readonly Part[], draft: Draft): Json {
  const members: Json = structuredClone((draft[KEPT] as Kept | undefined)?.members ?? {});
  for (const part of of) {
    const value = draft[part.name];
    if (value !== undefined && isAsked(part, draft)) {
      put(members, part, value);
    }
  }
  return members;
}

function put(members: Json, part: Part, value: DraftValue): void {
  switch (part.as) {
    case "media":
      Object.assign(members, mediaMembers(value as MediaDraft, part.filename ?? false));
      return;
    case "header": {
      const header = headerOf(value as HeaderDraft);
      if (header) {
        members[part.name] = header;
      }
      return;
    }
    case "rows": {
      const rows = (value as Draft[]).map((row) => membersOf(part.of, row));
      if (rows.length > 0) {
        members[part.name] = rows;
      }
      return;
    }
    case "switch":
      if (value === true) {
        members[part.name] = true;
      }
      return;
    case "number":
      // What is no number goes as it is: the server names the field.
      set(members, part.name, String(value).trim() === "" ? null : numberOr(String(value)));
      return;
    case "entries":
      set(
        members,
        part.name,
        String(value)
          .split("\n")
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ""),
      );
      return;
    default: {
      const text = String(value);
      if (text.trim() === "" && part.optional && part.name !== "emoji") {
        return;
      }
      set(members, part.name, part.as === "json" ? jsonOr(text) : part.as === "area" ? text : text.trim());
    }
  }
}

function set(members: Json, name: string, value: unknown): void {
  const [first = "", ...rest] = name.split(".");
  if (rest.length === 0) {
    members[first] = value;
    return;
  }
  const inner = (members[first] ?? {}) as Json;
  set(inner, rest.join("."), value);
  members[first] = inner;
}

function mediaMembers({ from, id, link, filename }: MediaDraft, named: boolean): Json {
  return {
    ...(from === "upload" ? id && { media_id: id } : link.trim() && { link: link.trim() }),
    ...(named && filename.trim() && { filename: filename.trim() }),
  };
}

function headerOf({ type, text, media }: HeaderDraft): Json | undefined {
  switch (type) {
    case "none":
      return undefined;
    case "text":
      return { type, text };
    default:
      return { type, ...mediaMembers(media, type === "document") };
  }
}

function numberOr(text: string): number | string {
  const number = Number(text.trim().replace(",", "."));
  return Number.isFinite(number) ? number : text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The draft that a content came from, so that it can be sent once more. */
export function draftOf(content: Extract<Content, { type: PartedKind }>): Draft {
  return readMembers(parts[content.type], { ...content });
}

function readMembers(of: readonly Part[], members: Json): Draft {
  const draft = emptyDraft(of);
  for (const part of of) {
    const value = get(members, part.name);
    switch (part.as) {
      case "media":
        draft[part.name] = readMedia(members);
        break;
      case "header": {
        const header = value as Json | undefined | null;
        if (header) {
          draft[part.name] = {
            type: String(header["type"]),
            text: String(header["text"] ?? ""),
            media: readMedia(header),
          };
        }
        break;
      }
      case "rows":
        draft[part.name] = ((value as Json[] | undefined) ?? []).map((row) => readRow(part.of, row));
        break;
      case "switch":
        draft[part.name] = value === true;
        break;
      case "entries":
        draft[part.name] = ((value as string[] | undefined) ?? []).join("\n");
        break;
      case "json":
        draft[part.name] = value === undefined || value === null ? "" : JSON.stringify(value, undefined, 2);
        break;
      default:
        if (value !== undefined && value !== null) {
          draft[part.name] = String(value);
        }
    }
  }
  return draft;
}

function readRow(of: readonly Part[], row: Json): Draft {
  const members = structuredClone(row);
  for (const { name } of of) {
    take(members, name.split("."));
  }
  const draft = readMembers(of, row);
  return Object.keys(members).length > 0 ? { ...draft, [KEPT]: { members } } : draft;
}

/** The names of what a row has besides its fields. */
export function keptIn(row: Draft): string[] {
  const { members = {} } = (row[KEPT] as Kept | undefined) ?? {};
  return Object.entries(members).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.keys(value).map((inner) => `${name}.${inner}`)
      : [name],
  );
}

/** Takes a member away, and what is empty without it. */
function take(members: Json, [first = "", ...rest]: readonly string[]): void {
  const inner = members[first];
  if (rest.length > 0 && typeof inner === "object" && inner !== null) {
    take(inner as Json, rest);
  }
  if (rest.length === 0 || Object.keys(inner ?? {}).length === 0) {
    delete members[first];
  }
}

function get(members: Json, name: string): unknown {
  return name.split(".").reduce<unknown>((value, part) => (value as Json | undefined | null)?.[part], members);
}

function readMedia(members: Json): MediaDraft {
  const id = String(members["media_id"] ?? "");
  const link = String(members["link"] ?? "");
  return {
    ...emptyMedia(),
    from: link === "" ? "upload" : "link",
    id,
    link,
    filename: String(members["filename"] ?? ""),
  };
}
