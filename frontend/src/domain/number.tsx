import { Fragment } from "react";

/** Calling codes of one and two digits; all others have three. */
const ONE_DIGIT = new Set(["1", "7"]);
const TWO_DIGITS = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
    " ",
  ),
);

/** `+447700900123` as `+44`, `770`, `090`, `0123`. Anything else, such as a business-scoped user id, stays whole. */
export function groupsOf(value: string): string[] {
  const digits = /^\+(\d{7,15})$/.exec(value)?.[1];
  if (!digits) {
    return [value];
  }
  const code = ONE_DIGIT.has(digits.slice(0, 1)) ? 1 : TWO_DIGITS.has(digits.slice(0, 2)) ? 2 : 3;
  const groups = [`+${digits.slice(0, code)}`];
  for (let at = code; at < digits.length; ) {
    const left = digits.length - at;
    const size = left === 4 ? 4 : left === 5 ? 2 : Math.min(3, left);
    groups.push(digits.slice(at, at + size));
    at += size;
  }
  return groups;
}

/** A number in groups for the eye; copied, searched and read out it is the plain E.164 number. */
export function PhoneNumber({ value }: { value: string }) {
  const groups = groupsOf(value);
  return (
    <bdi dir="ltr" className={groups.length > 1 ? "whitespace-nowrap" : "break-anywhere"}>
      {groups.map((group, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place.
        <Fragment key={n}>{n === 0 ? group : <span className="ms-1">{group}</span>}</Fragment>
      ))}
    </bdi>
  );
}
