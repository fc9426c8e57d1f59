import { asProblem } from "../../../api/problem";

/** What the API says of a field or of a place in it, such as `opt_out.words[3]`, with the number of that place. */
export function complaintAt(error: Error | null, field: string): { message: string; place?: number } | undefined {
  const found = error
    ? asProblem(error).errors.find((each) => each.field === field || each.field.startsWith(`${field}[`))
    : undefined;
  if (!found) {
    return undefined;
  }
  const place = /\[(\d+)\]$/.exec(found.field)?.[1];
  return { message: found.message, ...(place === undefined ? {} : { place: Number(place) }) };
}

/** The words of a box with one on each line. */
export function wordsOf(text: string): string[] {
  return text
    .split("\n")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
