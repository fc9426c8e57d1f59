import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { MediaKind } from "../../../api/schema.gen";
import { useUpload } from "../../../api/upload";
import { UploadField } from "../../../domain/upload-field";
import { useLatest } from "../../../lib/use-latest";
import { SelectField, TextField } from "../../../ui/field";
import { useTellUnderWay } from "../../../ui/under-way";
import type { MediaDraft } from "./parts";

/** A medium: a file that is uploaded here, or an address. */
export function MediaField({
  kind,
  named,
  value,
  errors,
  ref,
  onChange,
}: {
  kind: MediaKind;
  /** It has a name of its own. */
  named: boolean;
  value: MediaDraft;
  errors: { id?: string | undefined; link?: string | undefined; filename?: string | undefined };
  /** Where the medium is given: takes the focus when it is missing. */
  ref?: Ref<HTMLButtonElement & HTMLInputElement> | undefined;
  onChange: (value: MediaDraft) => void;
}) {
  const { t } = useTranslation("compose");
  const { t: td } = useTranslation("domain");
  const upload = useUpload();
  const latest = useLatest({ value, onChange });
  useTellUnderWay(upload.isPending);

  function take(file: File) {
    upload.mutate(file, {
      onSuccess: ({ id }) => {
        // Much may have been typed since the file was chosen.
        const { value, onChange } = latest.current;
        onChange({ ...value, id, uploaded: file.name, filename: value.filename || file.name });
      },
    });
  }

  return (
    <div className="grid gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <SelectField
          label={t("media.from")}
          value={value.from}
          options={[
            { value: "upload", label: t("media.upload") },
            { value: "link", label: t("media.link") },
          ]}
          onChange={(event) => onChange({ ...value, from: event.currentTarget.value === "link" ? "link" : "upload" })}
        />
        {value.from === "link" ? (
          <TextField
            label={t("media.address")}
            type="url"
            autoComplete="off"
            placeholder="https://"
            error={errors.link ?? errors.id}
            ref={ref}
            value={value.link}
            onChange={(event) => onChange({ ...value, link: event.currentTarget.value })}
          />
        ) : (
          <UploadField
            label={td(`face.media.${kind}`)}
            choose={t("media.choose")}
            chooseAgain={t("media.replace")}
            chosen={value.uploaded || value.id}
            uploading={upload.isPending}
            problem={upload.isError ? asProblem(upload.error) : undefined}
            error={errors.id ?? errors.link}
            ref={ref}
            onChoose={take}
          />
        )}
      </div>
      {named ? (
        <TextField
          label={t("media.filename")}
          optional
          autoComplete="off"
          error={errors.filename}
          value={value.filename}
          onChange={(event) => onChange({ ...value, filename: event.currentTarget.value })}
        />
      ) : null}
    </div>
  );
}
