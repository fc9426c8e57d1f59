import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { MediaSample } from "../../../api/schema.gen";
import { useUpload } from "../../../api/upload";
import { UploadField } from "../../../domain/upload-field";
import { useLatest } from "../../../lib/use-latest";
import { Checkbox, SelectField, TextField } from "../../../ui/field";
import { useTellUnderWay } from "../../../ui/under-way";
import type { FaultAt } from "./fault-at";

/** The medium that the reviewer looks at: at an address, or uploaded here. */
export function SampleField({
  at,
  value,
  faultAt,
  onChange,
}: {
  at: string;
  value: MediaSample;
  faultAt: FaultAt;
  onChange: (value: MediaSample) => void;
}) {
  const { t } = useTranslation("templates");
  /** Without a medium nothing but what was chosen says where it will come from. */
  const [chosen, setChosen] = useState<"link" | "upload">("link");
  const uploads = value.media_id ? true : value.link || value.handle ? false : chosen === "upload";
  const upload = useUpload();
  const latest = useLatest({ uploads, onChange });
  useTellUnderWay(upload.isPending);
  const fault = faultAt(`${at}.link`) ?? faultAt(`${at}.media_id`);
  const name = upload.data?.id === value.media_id ? upload.data?.filename : undefined;

  function take(file: File) {
    upload.mutate(file, {
      onSuccess: ({ id }) => {
        // Much may have been written since the file was chosen, an address in its place as well.
        const { uploads, onChange } = latest.current;
        if (uploads) {
          onChange({ link: null, handle: null, media_id: id });
        }
      },
    });
  }

  return (
    <div className="grid gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <SelectField
          label={t("editor.sampleFrom")}
          value={uploads ? "upload" : "link"}
          options={[
            { value: "link", label: t("editor.sampleLink") },
            { value: "upload", label: t("editor.sampleUpload") },
          ]}
          onChange={(event) => {
            const uploaded = event.currentTarget.value === "upload";
            setChosen(uploaded ? "upload" : "link");
            onChange({ link: uploaded ? null : "", media_id: null, handle: null });
          }}
        />
        {uploads ? (
          <UploadField
            label={t("editor.sampleMedium")}
            choose={t("editor.choose")}
            chooseAgain={t("editor.chooseAgain")}
            chosen={name ?? value.media_id ?? ""}
            uploading={upload.isPending}
            problem={upload.isError ? asProblem(upload.error) : undefined}
            error={fault}
            onChoose={take}
          />
        ) : (
          <TextField
            label={t("editor.sampleAddress")}
            help={value.handle ? t("editor.sampleHandle") : undefined}
            type="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://"
            value={value.link ?? ""}
            error={fault}
            // The medium that Meta keeps is one source, an address another: there is one of them.
            onChange={(event) => onChange({ link: event.currentTarget.value, handle: null, media_id: null })}
          />
        )}
      </div>
      <Checkbox
        label={t("editor.sampleFixed")}
        help={t("editor.sampleFixedHelp")}
        error={faultAt(`${at}.fixed`)}
        checked={value.fixed ?? false}
        onCheckedChange={(fixed) => onChange({ fixed })}
      />
    </div>
  );
}
