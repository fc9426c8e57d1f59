import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { SelectField, TextArea, TextField } from "../../../ui/field";
import type { ComposeValues } from "../values";
import { Row, RowGroup } from "./row-group";
import { type ButtonDraft, emptyButton } from "./template-values";
import { type Place, useErrorAt } from "./use-error-at";

const types: readonly ButtonDraft["type"][] = ["url", "quick_reply", "copy_code", "flow", "catalog", "products"];

/** The values of buttons that have one. */
export function ButtonFields({ at, most }: { at: Place; most: number | undefined }) {
  const { t } = useTranslation("compose");
  const { control, register, watch } = useFormContext<ComposeValues>();
  const { fields, append, remove } = useFieldArray({ control, name: `${at}.buttons` });
  const error = useErrorAt();
  const buttons = watch(`${at}.buttons`);
  const next = Math.max(-1, ...buttons.map(({ index }) => (Number.isInteger(index) ? index : -1))) + 1;
  return (
    <RowGroup
      legend={t("template.buttons")}
      help={t("template.buttonsHelp")}
      add={t("template.addButton")}
      full={most !== undefined && fields.length >= most}
      onAdd={() => append(emptyButton(next, "url"))}
    >
      {fields.map(({ id }, n) => (
        <Row key={id} remove={t("template.removeButton", { n: n + 1 })} onRemove={() => remove(n)} stacked>
          <div className="grid items-start gap-3 sm:grid-cols-2">
            <TextField
              label={t("template.buttonIndex", { n: n + 1 })}
              error={error(`${at}.buttons.${n}.index`)}
              type="number"
              min={0}
              max={most === undefined ? undefined : most - 1}
              {...register(`${at}.buttons.${n}.index`, { valueAsNumber: true })}
            />
            <SelectField
              label={t("template.buttonType", { n: n + 1 })}
              options={types.map((value) => ({ value, label: t(`template.button.${value}`) }))}
              {...register(`${at}.buttons.${n}.type`)}
            />
          </div>
          <ButtonValueFields
            at={at}
            n={n}
            type={buttons[n]?.type ?? "url"}
            label={t(`template.buttonValue.${buttons[n]?.type ?? "url"}`, { n: n + 1 })}
          />
        </Row>
      ))}
    </RowGroup>
  );
}

/** The value of one button whose kind is known. */
export function ButtonValueFields({
  at,
  n,
  type,
  label,
  optional = false,
}: {
  at: Place;
  /** The button's row among those that have a value. */
  n: number;
  type: ButtonDraft["type"];
  label: string;
  optional?: boolean | undefined;
}) {
  const { t } = useTranslation("compose");
  const { register } = useFormContext<ComposeValues>();
  const error = useErrorAt();
  return (
    <div className="grid gap-3">
      <TextField
        label={label}
        error={error(`${at}.buttons.${n}.value`)}
        optional={optional || type === "flow"}
        autoComplete="off"
        spellCheck={false}
        {...register(`${at}.buttons.${n}.value`)}
      />
      {type === "flow" ? (
        <TextArea
          label={t("part.data")}
          help={t("part.jsonHelp")}
          error={error(`${at}.buttons.${n}.data`)}
          optional
          rows={2}
          spellCheck={false}
          {...register(`${at}.buttons.${n}.data`)}
        />
      ) : null}
      {type === "products" ? <Sections at={at} n={n} /> : null}
    </div>
  );
}

function Sections({ at, n }: { at: Place; n: number }) {
  const { t } = useTranslation("compose");
  const { control, register } = useFormContext<ComposeValues>();
  const { fields, append, remove } = useFieldArray({ control, name: `${at}.buttons.${n}.sections` });
  const error = useErrorAt();
  const what = t("part.sections");
  return (
    <RowGroup
      legend={what}
      add={t("part.add", { what })}
      full={false}
      onAdd={() => append({ title: "", products: "" })}
    >
      {fields.map(({ id }, section) => (
        <Row key={id} remove={t("part.remove", { what, n: section + 1 })} onRemove={() => remove(section)} stacked>
          <TextField
            label={t("part.title")}
            error={error(`${at}.buttons.${n}.sections.${section}.title`)}
            autoComplete="off"
            dir="auto"
            {...register(`${at}.buttons.${n}.sections.${section}.title`)}
          />
          <TextArea
            label={t("part.product_ids")}
            help={t("part.entriesHelp")}
            error={error(`${at}.buttons.${n}.sections.${section}.products`)}
            rows={2}
            spellCheck={false}
            {...register(`${at}.buttons.${n}.sections.${section}.products`)}
          />
        </Row>
      ))}
    </RowGroup>
  );
}
