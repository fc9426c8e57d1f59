import { useTranslation } from "react-i18next";
import { SelectField, Switch, TextArea, TextField } from "../../../ui/field";
import { useRowKeys } from "../../../ui/row-keys";
import { Row, RowGroup } from "../template/row-group";
import { keptIn } from "./content";
import { MediaField } from "./media-field";
import {
  type Draft,
  type DraftValue,
  emptyDraft,
  type HeaderDraft,
  isAsked,
  type MediaDraft,
  type Part,
} from "./parts";
import type { PartErrors } from "./paths";

/** The fields of one kind, or of one row in it. `at` is the path of what they belong to, empty or ending in a dot. */
export function PartFields({
  of,
  draft,
  at = "",
  errors,
  onChange,
}: {
  of: readonly Part[];
  draft: Draft;
  at?: string | undefined;
  errors: PartErrors;
  onChange: (draft: Draft) => void;
}) {
  return of
    .filter((part) => isAsked(part, draft))
    .map((part) => (
      <PartField
        key={part.name}
        part={part}
        value={draft[part.name] ?? ""}
        at={at}
        errors={errors}
        onChange={(value) => onChange({ ...draft, [part.name]: value })}
      />
    ));
}

function PartField({
  part,
  value,
  at,
  errors,
  onChange,
}: {
  part: Part;
  value: DraftValue;
  at: string;
  errors: PartErrors;
  onChange: (value: DraftValue) => void;
}) {
  const { t } = useTranslation("compose");
  const path = at + part.name;
  const names = partNames(part.name);
  const label = t(`part.${names}`);
  const error = errors[path];
  const common = { label, error, optional: part.optional };
  switch (part.as) {
    case "switch":
      return <Switch label={label} checked={value === true} onCheckedChange={onChange} error={error} />;
    case "choice":
      return (
        <SelectField
          {...common}
          value={String(value)}
          options={part.options.map((option) => ({ value: option, label: t(`option.${option}` as "option.url") }))}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "area":
    case "json":
    case "entries":
      return (
        <TextArea
          {...common}
          dir="auto"
          rows={part.as === "area" ? 3 : 2}
          spellCheck={part.as === "area"}
          help={part.as === "area" ? undefined : t(part.as === "json" ? "part.jsonHelp" : "part.entriesHelp")}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "line":
    case "number":
      return (
        <TextField
          {...common}
          dir="auto"
          autoComplete="off"
          inputMode={part.as === "number" ? "decimal" : undefined}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "media":
      return (
        <MediaField
          kind={part.kind}
          named={part.filename ?? false}
          value={value as MediaDraft}
          errors={{
            id: errors[`${at}media_id`],
            link: errors[`${at}link`],
            filename: errors[`${at}filename`],
          }}
          onChange={onChange}
        />
      );
    case "header":
      return (
        <HeaderField
          label={label}
          kinds={part.kinds}
          value={value as HeaderDraft}
          path={path}
          errors={errors}
          onChange={onChange}
        />
      );
    case "rows":
      return (
        <RowsField part={part} rows={value as Draft[]} path={path} label={label} errors={errors} onChange={onChange} />
      );
  }
}

function HeaderField({
  label,
  kinds,
  value,
  path,
  errors,
  onChange,
}: {
  label: string;
  kinds: readonly string[];
  value: HeaderDraft;
  path: string;
  errors: PartErrors;
  onChange: (value: HeaderDraft) => void;
}) {
  const { t } = useTranslation("compose");
  const { type } = value;
  return (
    <div className="grid gap-3">
      <SelectField
        label={label}
        error={errors[path] ?? errors[`${path}.type`]}
        value={type}
        options={kinds.map((kind) => ({ value: kind, label: t(`option.${kind}` as "option.none") }))}
        onChange={(event) => onChange({ ...value, type: event.currentTarget.value })}
      />
      {type === "text" ? (
        <TextField
          label={t("part.headerText")}
          dir="auto"
          autoComplete="off"
          error={errors[`${path}.text`]}
          value={value.text}
          onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
        />
      ) : null}
      {type === "image" || type === "video" || type === "document" ? (
        <MediaField
          kind={type}
          named={type === "document"}
          value={value.media}
          errors={{
            id: errors[`${path}.media_id`],
            link: errors[`${path}.link`],
            filename: errors[`${path}.filename`],
          }}
          onChange={(media) => onChange({ ...value, media })}
        />
      ) : null}
    </div>
  );
}

function RowsField({
  part,
  rows,
  path,
  label,
  errors,
  onChange,
}: {
  part: Extract<Part, { as: "rows" }>;
  rows: readonly Draft[];
  path: string;
  label: string;
  errors: PartErrors;
  onChange: (rows: Draft[]) => void;
}) {
  const { t } = useTranslation("compose");
  const { keys, drop } = useRowKeys(rows.length);
  const add = () => {
    // Cards and the like have one shape: another one begins as the last one was.
    const last = rows.at(-1);
    const fresh = emptyDraft(part.of);
    const shape = part.of
      .filter((one) => one.as === "choice")
      .map((one) => [one.name, last?.[one.name] ?? ""] as const);
    onChange([...rows, last ? { ...fresh, ...Object.fromEntries(shape) } : fresh]);
  };
  const wide = part.of.length > 3 || part.of.some(({ as }) => as !== "line");
  return (
    <RowGroup legend={label} add={t("part.add", { what: label })} full={false} error={errors[path]} onAdd={add}>
      {rows.map((row, n) => (
        <Row
          key={keys[n]}
          remove={t("part.remove", { what: label, n: n + 1 })}
          onRemove={() => {
            drop(n);
            onChange(rows.filter((_, other) => other !== n));
          }}
          stacked={wide}
        >
          <PartFields
            of={part.of}
            draft={row}
            at={`${path}[${n}].`}
            errors={errors}
            onChange={(changed) => onChange(rows.map((other, place) => (place === n ? changed : other)))}
          />
          <Besides of={keptIn(row)} />
        </Row>
      ))}
    </RowGroup>
  );
}

/** What goes along although it has no field. */
function Besides({ of }: { of: readonly string[] }) {
  const { t } = useTranslation("compose");
  return of.length > 0 ? (
    <p className="break-anywhere text-ink-soft text-xs">{t("part.besides", { members: of.join(", ") })}</p>
  ) : null;
}

/** The key of a part's text: its name, without the object it leads into. */
function partNames(name: string) {
  return name.replaceAll(".", "_") as "body";
}
