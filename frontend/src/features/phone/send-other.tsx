import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import type { CustomerContent } from "../../api/schema.gen";
import { Button } from "../../ui/button";
import { Details } from "../../ui/details";
import { SelectField, Switch, TextArea, TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { objectIn } from "./answers";
import type { Thread } from "./model";
import { type OtherKind, otherKinds, samples } from "./other-kinds";
import { useAnswer } from "./queries";

/** Everything that a customer can send besides words: an example of each, which can be changed before it goes. */
export function SendOther({ thread }: { thread: Thread }) {
  const { t } = useTranslation("phone");
  const send = useAnswer();
  const [kind, setKind] = useState<OtherKind>("image");
  const [json, setJson] = useState(() => written("image"));
  const [wrong, setWrong] = useState(false);
  const [marks, setMarks] = useState({ forwarded: false, referred: false, hideNumber: false });
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");

  function choose(chosen: OtherKind) {
    setKind(chosen);
    setJson(written(chosen));
    setWrong(false);
    send.reset();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const content = objectIn(json);
    setWrong(content === undefined);
    if (content) {
      send.mutate({
        channel: thread.channel,
        from: thread.customer,
        // Whether the rest of it fits, the simulator tells.
        content: { ...content, kind } as CustomerContent,
        ...marks,
        name: name.trim(),
        username: username.trim(),
      });
    }
  }

  const mark = (name: keyof typeof marks) => ({
    checked: marks[name],
    onCheckedChange: (checked: boolean) => setMarks({ ...marks, [name]: checked }),
  });

  return (
    <Details summary={t("other.summary")}>
      <form noValidate onSubmit={submit} className="grid gap-3">
        <SelectField
          label={t("other.kind")}
          value={kind}
          options={otherKinds.map((one) => ({ value: one, label: t(`other.kinds.${one}`) }))}
          onChange={(event) => choose(event.currentTarget.value as OtherKind)}
        />
        <TextArea
          label={t("other.content")}
          rows={4}
          spellCheck={false}
          value={json}
          error={wrong ? t("other.notJson") : undefined}
          onChange={(event) => setJson(event.currentTarget.value)}
        />
        <Switch label={t("other.forwarded")} {...mark("forwarded")} />
        <Switch label={t("other.referred")} help={t("other.referredHelp")} {...mark("referred")} />
        <Details summary={t("other.who")}>
          <div className="grid gap-3">
            <TextField
              label={t("other.name")}
              optional
              autoComplete="off"
              dir="auto"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextField
              label={t("other.username")}
              optional
              autoComplete="off"
              spellCheck={false}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <Switch label={t("other.hideNumber")} help={t("other.hideNumberHelp")} {...mark("hideNumber")} />
          </div>
        </Details>
        <div>
          <Button type="submit" busy={send.isPending}>
            {t("other.send")}
          </Button>
        </div>
        {send.isError ? <Notice tone="warn">{asProblem(send.error).message}</Notice> : null}
        {send.data?.delivered === false ? <Notice tone="warn">{t("phone.notTaken")}</Notice> : null}
      </form>
    </Details>
  );
}

/** The example of a kind as it stands in the field; which kind it is, the list says. */
function written(kind: OtherKind): string {
  const { kind: _, ...rest } = samples[kind];
  return JSON.stringify(rest, undefined, 2);
}
