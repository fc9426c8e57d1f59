import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelView } from "../../api/schema.gen";
import { directions, failureCodes } from "../../domain/words";
import { Button } from "../../ui/button";
import { SelectField, TextField } from "../../ui/field";
import { filterOf, filterStates, isFiltered, personOf } from "./filter";
import type { MessagesSearch } from "./search";

/** Long enough to type a number without a request for each digit. */
const DEBOUNCE_MS = 400;

export function Filters({
  search,
  channels,
  onChoose,
  onType,
  onClear,
}: {
  search: MessagesSearch;
  channels: readonly ChannelView[];
  onChoose: (change: MessagesSearch) => void;
  onType: (person: string | undefined) => void;
  onClear: () => void;
}) {
  const { t, i18n } = useTranslation("messages");
  const { t: td } = useTranslation("domain");
  const [cleared, setCleared] = useState(0);
  const reasons = failureCodes
    .map((code) => ({ code, title: td(`failure.${code}.title`) }))
    .sort((a, b) => a.title.localeCompare(b.title, i18n.language));
  return (
    // biome-ignore lint/a11y/useSemanticElements: the shortcut for the filters and older screen readers look for the role.
    <form
      role="search"
      aria-label={t("filter.label")}
      onSubmit={(event) => event.preventDefault()}
      className="grid grid-cols-2 items-end gap-3 md:grid-cols-3 xl:grid-cols-[repeat(5,minmax(0,12rem))_auto]"
    >
      <SelectField
        label={t("filter.state")}
        value={search.state ?? ""}
        onChange={({ currentTarget: { value } }) => onChoose({ state: filterStates.find((state) => state === value) })}
        options={[
          { value: "", label: t("filter.all") },
          ...filterStates.map((state) => ({ value: state, label: td(`state.${state}`) })),
        ]}
      />
      <SelectField
        label={t("filter.direction")}
        value={search.direction ?? ""}
        onChange={({ currentTarget: { value } }) =>
          onChoose({ direction: directions.find((direction) => direction === value) })
        }
        options={[
          { value: "", label: t("filter.all") },
          ...directions.map((direction) => ({ value: direction, label: td(`direction.${direction}`) })),
        ]}
      />
      <SelectField
        label={t("filter.channel")}
        value={search.channel ?? ""}
        onChange={(event) => onChoose({ channel: event.currentTarget.value || undefined })}
        options={[
          { value: "", label: t("filter.all") },
          ...channels.map(({ id, name }) => ({ value: id, label: name })),
          // A link may name a channel that has been removed.
          ...(search.channel && !channels.some(({ id }) => id === search.channel)
            ? [{ value: search.channel, label: t("removedChannel") }]
            : []),
        ]}
      />
      <SelectField
        label={t("filter.failure")}
        value={search.failure ?? ""}
        onChange={({ currentTarget: { value } }) =>
          // A provider's code belongs to its reason.
          onChoose({ failure: failureCodes.find((code) => code === value), code: undefined })
        }
        options={[
          { value: "", label: t("filter.all") },
          ...reasons.map(({ code, title }) => ({
            value: code,
            label: code === search.failure && search.code ? `${title} (${search.code})` : title,
          })),
        ]}
      />
      <PersonFilter key={cleared} value={search.person} onType={onType} />
      {isFiltered(filterOf(search)) ? (
        <div className="col-span-2 md:col-span-1">
          <Button
            look="quiet"
            icon={<X />}
            onClick={() => {
              // With the field goes what was typed and not applied yet.
              setCleared(cleared + 1);
              onClear();
            }}
          >
            {t("filter.clear")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

function PersonFilter({ value, onType }: { value: string | undefined; onType: (person: string | undefined) => void }) {
  const { t } = useTranslation("messages");
  const [typed, setTyped] = useState(value ?? "");
  const [shown, setShown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  // Changed from elsewhere (Back, "Clear filters"): the field follows, but never under the fingers of somebody typing.
  if (value !== shown) {
    setShown(value);
    if (personOf(typed) !== value) {
      setTyped(value ?? "");
    }
  }

  return (
    <TextField
      label={t("filter.person")}
      value={typed}
      inputMode="tel"
      autoComplete="off"
      spellCheck={false}
      placeholder={t("filter.personExample")}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onType(personOf(text)), DEBOUNCE_MS);
      }}
    />
  );
}
