import { Upload } from "lucide-react";
import { type Ref, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { MediaKind } from "../../../api/schema.gen";
import { useUpload } from "../../../api/upload";
import { useLatest } from "../../../lib/use-latest";
import { Button } from "../../../ui/button";
import { FieldError, SelectField, TextField } from "../../../ui/field";
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
  const picker = useRef<HTMLInputElement>(null);
  const upload = useUpload();
  const errorId = useId();
  const missing = errors.id ?? errors.link;
  const wrong = missing ?? (upload.isError ? asProblem(upload.error).message : undefined);
  const latest = useLatest({ value, onChange });
  useTellUnderWay(upload.isPending);

  function take(file: File | undefined) {
    if (file) {
      upload.mutate(file, {
        onSuccess: (medium) => {
          // Much may have been typed since the file was chosen.
          const { value, onChange } = latest.current;
          onChange({ ...value, id: medium.id, uploaded: file.name, filename: value.filename || file.name });
        },
      });
    }
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
          <div className="grid gap-1.5">
            <span className="font-medium text-sm">{td(`face.media.${kind}`)}</span>
            <input
              ref={picker}
              type="file"
              className="sr-only"
              tabIndex={-1}
              aria-label={t("media.choose")}
              onChange={(event) => {
                take(event.currentTarget.files?.[0]);
                event.currentTarget.value = "";
              }}
            />
            <div className="flex min-h-8 flex-wrap items-center gap-2">
              <Button
                icon={<Upload />}
                busy={upload.isPending}
                ref={ref}
                aria-invalid={wrong ? true : undefined}
                aria-describedby={wrong ? errorId : undefined}
                onClick={() => picker.current?.click()}
              >
                {t(value.id === "" ? "media.choose" : "media.replace")}
              </Button>
              <span className="min-w-0 truncate text-ink-soft text-sm">{value.uploaded || value.id}</span>
            </div>
            <FieldError id={errorId} error={wrong} />
          </div>
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
