import { useTranslation } from "react-i18next";
import type { TemplateButton } from "../../../api/schema.gen";
import { variablesOf } from "../../../domain/variables";
import { SelectField, TextField } from "../../../ui/field";
import { type ButtonType, emptyButton } from "./definition";
import type { FaultAt } from "./fault-at";
import { Rows } from "./rows";

const types: readonly Exclude<ButtonType, "otp">[] = [
  "quick_reply",
  "url",
  "phone_number",
  "copy_code",
  "flow",
  "catalog",
  "mpm",
  "spm",
  "voice_call",
  "request_contact_info",
];

type Name =
  | "text"
  | "payload"
  | "url"
  | "sample"
  | "phone_number"
  | "flow_id"
  | "flow_name"
  | "navigate_screen"
  | "ttl_minutes";

/** The fields of each kind of button, in order. */
const fields: Record<ButtonType, readonly { name: Name; optional?: boolean; number?: boolean }[]> = {
  quick_reply: [{ name: "text" }, { name: "payload", optional: true }],
  url: [{ name: "text" }, { name: "url" }, { name: "sample" }],
  phone_number: [{ name: "text" }, { name: "phone_number" }],
  copy_code: [{ name: "sample" }],
  flow: [
    { name: "text" },
    { name: "flow_id", optional: true },
    { name: "flow_name", optional: true },
    { name: "navigate_screen", optional: true },
  ],
  catalog: [{ name: "text" }],
  mpm: [{ name: "text" }],
  spm: [{ name: "text" }],
  voice_call: [{ name: "text" }, { name: "ttl_minutes", optional: true, number: true }],
  request_contact_info: [],
  otp: [],
};

/** The buttons of a template or of a card; those of one-time codes have a form of their own. */
export function ButtonList({
  at,
  buttons,
  faultAt,
  onChange,
}: {
  at: string;
  buttons: readonly TemplateButton[];
  faultAt: FaultAt;
  onChange: (buttons: TemplateButton[]) => void;
}) {
  const { t } = useTranslation("templates");
  return (
    <Rows
      legend={t("editor.buttons")}
      error={faultAt(at)}
      add={t("editor.addButton")}
      remove={(n) => t("editor.removeButton", { n: n + 1 })}
      rows={buttons}
      fresh={() => emptyButton("quick_reply")}
      onChange={onChange}
    >
      {(button, n, change) =>
        button.type === "otp" ? null : (
          <>
            <SelectField
              label={t("editor.buttonType", { n: n + 1 })}
              value={button.type}
              error={faultAt(`${at}[${n}]`)}
              options={types.map((type) => ({ value: type, label: t(`buttonType.${type}`) }))}
              onChange={(event) => {
                const type = types.find((one) => one === event.currentTarget.value);
                if (type) {
                  const fresh = emptyButton(type);
                  // The words stay when only the kind changes.
                  change(
                    "text" in button && "text" in fresh ? ({ ...fresh, text: button.text } as TemplateButton) : fresh,
                  );
                }
              }}
            />
            <ButtonFields at={`${at}[${n}]`} button={button} faultAt={faultAt} onChange={change} />
          </>
        )
      }
    </Rows>
  );
}

function ButtonFields({
  at,
  button,
  faultAt,
  onChange,
}: {
  at: string;
  button: TemplateButton;
  faultAt: FaultAt;
  onChange: (button: TemplateButton) => void;
}) {
  const { t } = useTranslation("templates");
  const members = button as Partial<Record<Name, string | number | null>>;
  const asked = fields[button.type].filter(
    ({ name }) =>
      !(button.type === "url" && name === "sample" && variablesOf(button.url).length === 0 && !button.sample),
  );
  return (
    <>
      {asked.map(({ name, optional, number }) => (
        <TextField
          key={name}
          label={t(`buttonField.${name}`)}
          dir="auto"
          type={number ? "number" : "text"}
          autoComplete="off"
          optional={optional}
          value={members[name] ?? ""}
          error={faultAt(`${at}.${name}`)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            const typed = number ? (value === "" ? null : Number(value)) : value;
            onChange({ ...button, [name]: typed } as TemplateButton);
          }}
        />
      ))}
      {button.type === "flow" ? (
        <SelectField
          label={t("buttonField.flow_action")}
          value={button.flow_action ?? "navigate"}
          options={[
            { value: "navigate", label: t("flowAction.navigate") },
            { value: "data_exchange", label: t("flowAction.data_exchange") },
          ]}
          onChange={(event) =>
            onChange({
              ...button,
              flow_action: event.currentTarget.value === "data_exchange" ? "data_exchange" : "navigate",
            })
          }
        />
      ) : null}
    </>
  );
}
