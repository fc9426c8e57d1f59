import { SelectField, type SelectFieldProps } from "./field";

let known: readonly string[] | undefined;

/** The zones that this browser knows; they are many, so the list is made when somebody first needs it. */
function knownZones(): readonly string[] {
  known ??= ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
  return known;
}

export type TimeZoneFieldProps = Omit<SelectFieldProps, "options" | "value"> & {
  value: string;
  /** What stands for "none chosen", above all zones. */
  none?: string | undefined;
};

/** A zone of the IANA database. One that is chosen already can be kept even where this browser does not know it. */
export function TimeZoneField({ value, none, ...select }: TimeZoneFieldProps) {
  const zones = knownZones();
  const all = value === "" || zones.includes(value) ? zones : [value, ...zones];
  return (
    <SelectField
      {...select}
      value={value}
      options={[
        ...(none === undefined ? [] : [{ value: "", label: none }]),
        ...all.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
      ]}
    />
  );
}
