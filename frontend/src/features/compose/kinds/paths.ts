import { type Draft, type HeaderDraft, isAsked, type MediaDraft, type Part } from "./parts";

/**
 * Where in the form a complaint about `path` stands: at its field, or at the nearest one around it. None when the form shows
 * nothing of it.
 */
export function placeOf(path: string, of: readonly Part[], draft: Draft): string | undefined {
  const shown = new Set(shownIn(of, draft, ""));
  for (let place = path; place !== ""; place = outer(place)) {
    if (shown.has(place)) {
      return place;
    }
  }
  return undefined;
}

/** The path without its last step. */
function outer(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("."), path.lastIndexOf("[")));
}

/** Every path at which the form can show a complaint. */
function shownIn(of: readonly Part[], draft: Draft, at: string): string[] {
  return of.filter((part) => isAsked(part, draft)).flatMap((part) => shownAt(part, draft, at));
}

function shownAt(part: Part, draft: Draft, at: string): string[] {
  const path = at + part.name;
  const value = draft[part.name];
  switch (part.as) {
    case "media":
      return mediaPaths(value as MediaDraft, at, part.filename ?? false);
    case "header": {
      const { type, media } = value as HeaderDraft;
      const inner =
        type === "none" ? [] : type === "text" ? [`${path}.text`] : mediaPaths(media, `${path}.`, type === "document");
      return [path, `${path}.type`, ...inner];
    }
    case "rows":
      return [path, ...(value as Draft[]).flatMap((row, n) => shownIn(part.of, row, `${path}[${n}].`))];
    default:
      return [path];
  }
}

function mediaPaths({ from }: MediaDraft, at: string, named: boolean): string[] {
  return [`${at}media_id`, ...(from === "link" ? [`${at}link`] : []), ...(named ? [`${at}filename`] : [])];
}
