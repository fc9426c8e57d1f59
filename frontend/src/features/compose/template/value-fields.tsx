import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { TextField } from "../../../ui/field";
import type { ComposeValues } from "../values";
import { Row, RowGroup } from "./row-group";
import { type Place, useErrorAt } from "./use-error-at";

/** The values of the body, by place or by name. */
export function BodyFields({ at, named, most }: { at: Place; named: boolean; most: number | undefined }) {
  const { t } = useTranslation("compose");
  const { control, register } = useFormContext<ComposeValues>();
  const { fields, append, remove } = useFieldArray({ control, name: `${at}.body` });
  const error = useErrorAt();
  return (
    <RowGroup
      legend={t("template.values")}
      help={fields.length === 0 ? t("template.valuesHelp") : undefined}
      add={t("template.addValue")}
      full={most !== undefined && fields.length >= most}
      onAdd={() => append({ name: "", text: "" })}
    >
      {fields.map(({ id }, n) => (
        <Row key={id} remove={t("template.removeValue", { n: n + 1 })} onRemove={() => remove(n)}>
          {named ? (
            <TextField
              label={t("template.valueName", { n: n + 1 })}
              error={error(`${at}.body.${n}.name`)}
              autoComplete="off"
              spellCheck={false}
              {...register(`${at}.body.${n}.name`)}
            />
          ) : null}
          <TextField
            label={t("template.value", { n: n + 1 })}
            error={error(`${at}.body.${n}.text`)}
            autoComplete="off"
            dir="auto"
            {...register(`${at}.body.${n}.text`)}
          />
        </Row>
      ))}
    </RowGroup>
  );
}

/** The flat variables of a stored content; when there are none, they follow from the values. */
export function VariableFields({ most }: { most: number }) {
  const { t } = useTranslation("compose");
  const { control, register, formState } = useFormContext<ComposeValues>();
  const { fields, append, remove } = useFieldArray({ control, name: "template.variables" });
  const errors = formState.errors.template?.variables;
  return (
    <RowGroup
      legend={t("template.variables")}
      help={t("template.variablesHelp")}
      add={t("template.addVariable")}
      full={fields.length >= most}
      onAdd={() => append({ name: String(fields.length + 1), value: "" })}
    >
      {fields.map(({ id }, n) => (
        <Row key={id} remove={t("template.removeVariable", { n: n + 1 })} onRemove={() => remove(n)}>
          <TextField
            label={t("template.variableName", { n: n + 1 })}
            error={errors?.[n]?.name?.message}
            autoComplete="off"
            spellCheck={false}
            {...register(`template.variables.${n}.name`)}
          />
          <TextField
            label={t("template.variable", { n: n + 1 })}
            error={errors?.[n]?.value?.message}
            autoComplete="off"
            dir="auto"
            {...register(`template.variables.${n}.value`)}
          />
        </Row>
      ))}
    </RowGroup>
  );
}
