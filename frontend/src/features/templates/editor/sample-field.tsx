import { Upload } from "lucide-react";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { MediaSample } from "../../../api/schema.gen";
import { useUpload } from "../../../api/upload";
import { useProblemText } from "../../../domain/problem-text";
import { useLatest } from "../../../lib/use-latest";
import { Button } from "../../../ui/button";
import { Checkbox, FieldError, SelectField, TextField } from "../../../ui/field";
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
  const problemText = useProblemText();
  const picker = useRef<HTMLInputElement>(null);
  const upload = useUpload();
  const errorId = useId();
  /** Without a medium nothing but what was chosen says where it will come from. */
  const [chosen, setChosen] = useState<"link" | "upload">("link");
  const uploads = value.media_id ? true : value.link || value.handle ? false : chosen === "upload";
  const fault = faultAt(`${at}.link`) ?? faultAt(`${at}.media_id`);
  const latest = useLatest({ uploads, onChange });
  useTellUnderWay(upload.isPending);
  const wrong = upload.isError ? problemText(asProblem(upload.error)) : fault;
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
          <div className="grid gap-1.5">
            <span className="font-medium text-sm">{t("editor.sampleMedium")}</span>
            <input
              ref={picker}
              type="file"
              className="sr-only"
              tabIndex={-1}
              aria-label={t("editor.choose")}
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                event.currentTarget.value = "";
                if (file) {
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
              }}
            />
            <div className="flex min-h-8 flex-wrap items-center gap-2">
              <Button
                icon={<Upload />}
                busy={upload.isPending}
                aria-invalid={wrong ? true : undefined}
                aria-describedby={wrong ? errorId : undefined}
                onClick={() => picker.current?.click()}
              >
                {t(value.media_id ? "editor.chooseAgain" : "editor.choose")}
              </Button>
              <span className="min-w-0 truncate text-ink-soft text-sm">
                {(upload.data?.id === value.media_id ? upload.data?.filename : undefined) ?? value.media_id ?? ""}
              </span>
            </div>
            <FieldError id={errorId} error={wrong} />
          </div>
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
