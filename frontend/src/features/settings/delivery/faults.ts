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

/** A time of the day as the API writes it, such as 07:45; `undefined` for what is none. */
export function timeOf(text: string): string | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  return hour !== undefined && minute !== undefined && Number(hour) < 24 && Number(minute) < 60
    ? `${hour.padStart(2, "0")}:${minute}`
    : undefined;
}
