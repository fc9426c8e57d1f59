import { useController, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { SelectField, TextField } from "../../../ui/field";
import { MediaField } from "../kinds/media-field";
import type { ComposeValues } from "../values";
import type { HeaderDraft } from "./template-values";
import { type Place, useErrorAt } from "./use-error-at";

const types: readonly HeaderDraft["type"][] = ["none", "text", "image", "video", "document", "location", "product"];
const cardTypes: readonly HeaderDraft["type"][] = ["image", "video", "product"];

/** What stands in the header of a template or of a card, when it has a variable or a medium there. */
export function HeaderFields({ at, named }: { at: Place; named: boolean }) {
  const { t } = useTranslation("compose");
  const { register } = useFormContext<ComposeValues>();
  const error = useErrorAt();
  return (
    <div className="grid gap-3">
      <SelectField
        label={t("template.headerLabel")}
        error={error(`${at}.header.type`)}
        options={(at === "template" ? types : cardTypes).map((value) => ({
          value,
          label: t(`template.header.${value}`),
        }))}
        {...register(`${at}.header.type`)}
      />
      <HeaderValueFields at={at} named={named} />
    </div>
  );
}

/** The value of a header whose kind is known. */
export function HeaderValueFields({ at, named }: { at: Place; named: boolean }) {
  const { t } = useTranslation("compose");
  const { register, watch } = useFormContext<ComposeValues>();
  const error = useErrorAt();
  const type = watch(`${at}.header.type`);
  if (watch(`${at}.header.fixed`)) {
    return null;
  }
  switch (type) {
    case "none":
      return null;
    case "text":
      return (
        <div className={sideBySide}>
          {named ? (
            <TextField
              label={t("template.headerName")}
              error={error(`${at}.header.name`)}
              autoComplete="off"
              spellCheck={false}
              {...register(`${at}.header.name`)}
            />
          ) : null}
          <TextField
            label={t("template.headerText")}
            error={error(`${at}.header.text`)}
            autoComplete="off"
            dir="auto"
            {...register(`${at}.header.text`)}
          />
        </div>
      );
    case "location":
      return (
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <TextField
            label={t("part.latitude")}
            error={error(`${at}.header.latitude`)}
            inputMode="decimal"
            autoComplete="off"
            {...register(`${at}.header.latitude`)}
          />
          <TextField
            label={t("part.longitude")}
            error={error(`${at}.header.longitude`)}
            inputMode="decimal"
            autoComplete="off"
            {...register(`${at}.header.longitude`)}
          />
          <TextField
            label={t("part.name")}
            error={error(`${at}.header.place`)}
            optional
            autoComplete="off"
            dir="auto"
            {...register(`${at}.header.place`)}
          />
          <TextField
            label={t("part.address")}
            error={error(`${at}.header.address`)}
            optional
            autoComplete="off"
            dir="auto"
            {...register(`${at}.header.address`)}
          />
        </div>
      );
    case "product":
      return (
        <div className={sideBySide}>
          <TextField
            label={t("part.catalog_id")}
            error={error(`${at}.header.catalog`)}
            autoComplete="off"
            spellCheck={false}
            {...register(`${at}.header.catalog`)}
          />
          <TextField
            label={t("part.product_id")}
            error={error(`${at}.header.product`)}
            autoComplete="off"
            spellCheck={false}
            {...register(`${at}.header.product`)}
          />
        </div>
      );
    default:
      return <HeaderMedia at={at} kind={type} />;
  }
}

const sideBySide = "grid items-start gap-3 sm:auto-cols-fr sm:grid-flow-col";

function HeaderMedia({ at, kind }: { at: Place; kind: "image" | "video" | "document" }) {
  const { control } = useFormContext<ComposeValues>();
  const { field } = useController({ control, name: `${at}.header.media` });
  const error = useErrorAt();
  return (
    <MediaField
      kind={kind}
      ref={field.ref}
      named={kind === "document"}
      value={field.value}
      errors={{
        id: error(`${at}.header.media.id`),
        link: error(`${at}.header.media.link`),
        filename: error(`${at}.header.media.filename`),
      }}
      onChange={field.onChange}
    />
  );
}
