import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { SelectField, TextField } from "../../../ui/field";
import type { ComposeValues } from "../values";
import { Row, RowGroup } from "./row-group";

const types: readonly ComposeValues["template"]["buttons"][number]["type"][] = ["url", "quick_reply", "copy_code"];

/** The values of buttons that have one. */
export function ButtonFields({ most }: { most: number | undefined }) {
  const { t } = useTranslation("compose");
  const { control, register, watch, formState } = useFormContext<ComposeValues>();
  const { fields, append, remove } = useFieldArray({ control, name: "template.buttons" });
  const errors = formState.errors.template?.buttons;
  const buttons = watch("template.buttons");
  const next = Math.max(-1, ...buttons.map(({ index }) => (Number.isInteger(index) ? index : -1))) + 1;
  return (
    <RowGroup
      legend={t("template.buttons")}
      help={t("template.buttonsHelp")}
      add={t("template.addButton")}
      full={most !== undefined && fields.length >= most}
      onAdd={() => append({ index: next, type: "url", value: "" })}
    >
      {fields.map(({ id }, n) => (
        <Row key={id} remove={t("template.removeButton", { n: n + 1 })} onRemove={() => remove(n)}>
          <TextField
            label={t("template.buttonIndex", { n: n + 1 })}
            error={errors?.[n]?.index?.message}
            type="number"
            min={0}
            max={most === undefined ? undefined : most - 1}
            {...register(`template.buttons.${n}.index`, { valueAsNumber: true })}
          />
          <SelectField
            label={t("template.buttonType", { n: n + 1 })}
            options={types.map((value) => ({ value, label: t(`template.button.${value}`) }))}
            {...register(`template.buttons.${n}.type`)}
          />
          <TextField
            label={t(`template.buttonValue.${buttons[n]?.type ?? "url"}`, { n: n + 1 })}
            error={errors?.[n]?.value?.message}
            autoComplete="off"
            spellCheck={false}
            {...register(`template.buttons.${n}.value`)}
          />
        </Row>
      ))}
    </RowGroup>
  );
}
