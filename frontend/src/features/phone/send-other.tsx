import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { Button } from "../../ui/button";
import { Details } from "../../ui/details";
import { SelectField, Switch } from "../../ui/field";
import { Notice } from "../../ui/notice";
import type { Thread } from "./model";
import { type OtherKind, otherKinds, sampleOf } from "./other-kinds";
import { useAnswer } from "./queries";

/** Everything that a customer can send besides words, as an example of each. */
export function SendOther({ thread }: { thread: Thread }) {
  const { t } = useTranslation("phone");
  const send = useAnswer();
  const [kind, setKind] = useState<OtherKind>("image");
  const [forwarded, setForwarded] = useState(false);
  const [referred, setReferred] = useState(false);
  return (
    <Details summary={t("other.summary")}>
      <div className="grid gap-3">
        <div className="flex items-end gap-2">
          <div className="min-w-0 grow">
            <SelectField
              label={t("other.kind")}
              value={kind}
              options={otherKinds.map((one) => ({ value: one, label: t(`other.kinds.${one}`) }))}
              onChange={(event) => setKind(event.currentTarget.value as OtherKind)}
            />
          </div>
          <Button
            busy={send.isPending}
            onClick={() =>
              send.mutate({
                channel: thread.channel,
                from: thread.customer,
                content: sampleOf(kind, ""),
                forwarded,
                referred,
              })
            }
          >
            {t("other.send")}
          </Button>
        </div>
        <Switch label={t("other.forwarded")} checked={forwarded} onCheckedChange={setForwarded} />
        <Switch
          label={t("other.referred")}
          help={t("other.referredHelp")}
          checked={referred}
          onCheckedChange={setReferred}
        />
        {send.isError ? <Notice tone="warn">{asProblem(send.error).message}</Notice> : null}
      </div>
    </Details>
  );
}
