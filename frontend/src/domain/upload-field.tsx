import { Upload } from "lucide-react";
import { type Ref, useId, useRef } from "react";
import type { Problem } from "../api/problem";
import { Button } from "../ui/button";
import { FieldError } from "../ui/field";
import { useProblemText } from "./problem-text";

/** A button by which a file is chosen, with what there is already beside it. */
export function UploadField({
  label,
  choose,
  chooseAgain,
  chosen,
  problem,
  uploading,
  error,
  ref,
  onChoose,
}: {
  label: string;
  choose: string;
  /** What the button says once there is a file. */
  chooseAgain: string;
  /** The name of the file that there is, or else its id; none when empty. */
  chosen: string;
  uploading: boolean;
  /** Why the last upload failed. */
  problem: Problem | undefined;
  error?: string | undefined;
  ref?: Ref<HTMLButtonElement> | undefined;
  onChoose: (file: File) => void;
}) {
  const problemText = useProblemText();
  const picker = useRef<HTMLInputElement>(null);
  const errorId = useId();
  const wrong = problem ? problemText(problem) : error;

  return (
    <div className="grid gap-1.5">
      <span className="font-medium text-sm">{label}</span>
      <input
        ref={picker}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label={choose}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) {
            onChoose(file);
          }
        }}
      />
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <Button
          icon={<Upload />}
          busy={uploading}
          ref={ref}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? errorId : undefined}
          onClick={() => picker.current?.click()}
        >
          {chosen === "" ? choose : chooseAgain}
        </Button>
        <span className="min-w-0 truncate text-ink-soft text-sm">{chosen}</span>
      </div>
      <FieldError id={errorId} error={wrong} />
    </div>
  );
}
