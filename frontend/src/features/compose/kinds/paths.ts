import { type Draft, type DraftValue, type HeaderDraft, isAsked, type Part } from "./parts";

/** What the server says of fields, by their paths below `content`. */
export type PartErrors = Readonly<Record<string, string>>;

/**
 * Where in the form a complaint about `path` stands: at its field, or at the nearest one around it. None when the form shows
 * nothing of it.
 */
export function placeOf(path: string, of: readonly Part[], draft: Draft): string | undefined {
  const shown = new Map(shownIn(of, draft, ""));
  for (let place = path; place !== ""; place = outer(place)) {
    if (shown.has(place)) {
      return place;
    }
  }
  return undefined;
}

/** Of what was complained of, that which still says what it did. */
export function stillWrong(errors: PartErrors, of: readonly Part[], before: Draft, after: Draft): PartErrors {
  const [had, has] = [new Map(shownIn(of, before, "")), new Map(shownIn(of, after, ""))];
  return Object.fromEntries(
    Object.entries(errors).filter(([path]) => has.has(path) && has.get(path) === had.get(path)),
  );
}

/** The path without its last step. */
function outer(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("."), path.lastIndexOf("[")));
}

type Shown = readonly (readonly [path: string, value: DraftValue | undefined])[];

/** Every path at which the form can show a complaint, and what stands there. */
function shownIn(of: readonly Part[], draft: Draft, at: string): Shown {
  return of.filter((part) => isAsked(part, draft)).flatMap((part) => shownAt(part, draft, at));
}

function shownAt(part: Part, draft: Draft, at: string): Shown {
  const path = at + part.name;
  const value = draft[part.name];
  const all = (...paths: string[]) => paths.map((each) => [each, value] as const);
  switch (part.as) {
    case "media":
      return all(...mediaPaths(at, part.filename ?? false));
    case "header": {
      const { type } = value as HeaderDraft;
      const inner =
        type === "none" ? [] : type === "text" ? [`${path}.text`] : mediaPaths(`${path}.`, type === "document");
      return all(path, `${path}.type`, ...inner);
    }
    case "rows":
      return [...all(path), ...(value as Draft[]).flatMap((row, n) => shownIn(part.of, row, `${path}[${n}].`))];
    default:
      return all(path);
  }
}

/** Whichever of the two the server names, the one that is asked for shows it. */
function mediaPaths(at: string, named: boolean): string[] {
  return [`${at}media_id`, `${at}link`, ...(named ? [`${at}filename`] : [])];
}
