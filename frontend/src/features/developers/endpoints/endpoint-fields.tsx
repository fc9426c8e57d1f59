import { useTranslation } from "react-i18next";
import type { EventKind } from "../../../api/schema.gen";
import { CheckboxGroup, TextField } from "../../../ui/field";
import { RadioCards } from "../../../ui/radio-cards";
import { eventKinds } from "../search";

export interface EndpointValues {
  url: string;
  description: string;
  /** Of everything, also what later versions add. */
  all: boolean;
  kinds: readonly EventKind[];
}

export type EndpointFaults = Partial<Record<"url" | "description" | "kinds", string>>;

/** What the API is told of these values: an empty list means all. */
export function kindsOf({ all, kinds }: EndpointValues): EventKind[] {
  return all ? [] : eventKinds.filter((kind) => kinds.includes(kind));
}

const families = [...new Set(eventKinds.map(familyOf))];

function familyOf(kind: EventKind): string {
  return kind.slice(0, kind.indexOf("."));
}

/** Where the endpoint is, what it is for, and of what it is told. */
export function EndpointFields({
  values,
  faults,
  onChange,
}: {
  values: EndpointValues;
  faults: EndpointFaults;
  onChange: (change: Partial<EndpointValues>) => void;
}) {
  const { t } = useTranslation("webhook-endpoints");
  return (
    <>
      <TextField
        label={t("form.url")}
        help={t("form.urlHelp")}
        error={faults.url}
        type="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://shop.example/hooks/duplex"
        value={values.url}
        onChange={(event) => onChange({ url: event.currentTarget.value })}
      />
      <TextField
        label={t("form.description")}
        help={t("form.descriptionHelp")}
        error={faults.description}
        optional
        autoComplete="off"
        value={values.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <RadioCards
        legend={t("form.kinds")}
        name="kinds"
        value={values.all ? "all" : "some"}
        onChange={(choice) => onChange({ all: choice === "all" })}
        columns={2}
        error={values.all ? undefined : faults.kinds}
        options={[
          { value: "all", label: t("form.all"), description: t("form.allHelp") },
          { value: "some", label: t("form.some"), description: t("form.someHelp") },
        ]}
      />
      {values.all ? null : (
        <div className="gap-5 sm:columns-2">
          {families.map((family) => {
            const own = eventKinds.filter((kind) => familyOf(kind) === family);
            return (
              <div key={family} className="break-inside-avoid pb-5">
                <CheckboxGroup
                  legend={<code className="font-mono">{family}</code>}
                  values={own.filter((kind) => values.kinds.includes(kind))}
                  onChange={(chosen) =>
                    onChange({ kinds: [...values.kinds.filter((kind) => familyOf(kind) !== family), ...chosen] })
                  }
                  options={own.map((kind) => ({
                    value: kind,
                    label: <code className="break-anywhere font-mono text-xs">{kind}</code>,
                  }))}
                />
              </div>
            );
          })}
        </div>
      )}
    </>
  );
}
