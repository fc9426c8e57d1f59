import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { SelectField, TextField } from "../../../ui/field";
import type { ComposeValues } from "../values";

const types: readonly ComposeValues["template"]["header"]["type"][] = ["none", "text", "image", "video", "document"];

/** What stands in the template's header, when it has a variable or a medium there. */
export function HeaderFields({ named }: { named: boolean }) {
  const { t } = useTranslation("compose");
  const { register, watch, formState } = useFormContext<ComposeValues>();
  const errors = formState.errors.template?.header;
  const type = watch("template.header.type");
  return (
    <div className="grid items-start gap-3 sm:auto-cols-fr sm:grid-flow-col">
      <SelectField
        label={t("template.headerLabel")}
        error={errors?.type?.message}
        options={types.map((value) => ({ value, label: t(`template.header.${value}`) }))}
        {...register("template.header.type")}
      />
      {type === "text" && named ? (
        <TextField
          label={t("template.headerName")}
          error={errors?.name?.message}
          autoComplete="off"
          spellCheck={false}
          {...register("template.header.name")}
        />
      ) : null}
      {type === "text" ? (
        <TextField
          label={t("template.headerText")}
          error={errors?.text?.message}
          autoComplete="off"
          dir="auto"
          {...register("template.header.text")}
        />
      ) : null}
      {type === "image" || type === "video" || type === "document" ? (
        <TextField
          label={t("template.headerLink")}
          help={t("template.headerLinkHelp")}
          error={errors?.link?.message}
          type="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="https://"
          {...register("template.header.link")}
        />
      ) : null}
      {type === "document" ? (
        <TextField
          label={t("template.headerFile")}
          error={errors?.filename?.message}
          optional
          autoComplete="off"
          spellCheck={false}
          {...register("template.header.filename")}
        />
      ) : null}
    </div>
  );
}
