import { useTranslation } from "react-i18next";
import type { OtpButton, OtpType, TemplateDefinition } from "../../../api/schema.gen";
import { Checkbox, SelectField, TextField } from "../../../ui/field";
import type { FaultAt } from "./fault-at";
import { Rows } from "./rows";

const types: readonly OtpType[] = ["copy_code", "one_tap", "zero_tap"];

/** What may be chosen of a template for one-time codes, whose text is Meta's. */
export function CodeFields({
  draft,
  faultAt,
  onChange,
}: {
  draft: TemplateDefinition;
  faultAt: FaultAt;
  onChange: (draft: TemplateDefinition) => void;
}) {
  const { t } = useTranslation("templates");
  const { authentication, buttons = [] } = draft;
  const place = buttons.findIndex(({ type }) => type === "otp");
  const found = buttons[place];
  const otp: OtpButton = found?.type === "otp" ? found : {};
  const change = (changed: OtpButton) => {
    const button = { type: "otp" as const, ...changed };
    onChange({
      ...draft,
      buttons: place < 0 ? [...buttons, button] : buttons.map((one, n) => (n === place ? button : one)),
    });
  };
  const { otp_type = "copy_code", supported_apps = [] } = otp;
  return (
    <div className="grid gap-4">
      <Checkbox
        label={t("editor.recommendation")}
        checked={authentication?.add_security_recommendation ?? false}
        onCheckedChange={(on) =>
          onChange({ ...draft, authentication: { ...authentication, add_security_recommendation: on } })
        }
      />
      <TextField
        label={t("editor.expires")}
        type="number"
        optional
        value={authentication?.code_expiration_minutes ?? ""}
        error={faultAt("authentication.code_expiration_minutes")}
        onChange={({ currentTarget: { value } }) =>
          onChange({
            ...draft,
            authentication: { ...authentication, code_expiration_minutes: value === "" ? null : Number(value) },
          })
        }
      />
      <SelectField
        label={t("editor.otpType")}
        value={otp_type}
        error={faultAt("buttons") ?? faultAt("buttons[0]") ?? faultAt("buttons[0].otp_type")}
        options={types.map((type) => ({ value: type, label: t(`otpType.${type}`) }))}
        onChange={(event) =>
          change({ ...otp, otp_type: types.find((type) => type === event.currentTarget.value) ?? "copy_code" })
        }
      />
      <TextField
        label={t("editor.copyText")}
        optional
        dir="auto"
        autoComplete="off"
        value={otp.text ?? ""}
        error={faultAt("buttons[0].text")}
        onChange={(event) => change({ ...otp, text: event.currentTarget.value || null })}
      />
      {otp_type === "copy_code" ? null : (
        <>
          <TextField
            label={t("editor.autofillText")}
            optional
            dir="auto"
            autoComplete="off"
            value={otp.autofill_text ?? ""}
            error={faultAt("buttons[0].autofill_text")}
            onChange={(event) => change({ ...otp, autofill_text: event.currentTarget.value || null })}
          />
          <Rows
            legend={t("editor.apps")}
            error={faultAt("buttons[0].supported_apps")}
            add={t("editor.addApp")}
            remove={(n) => t("editor.removeApp", { n: n + 1 })}
            rows={supported_apps}
            fresh={() => ({ package_name: "", signature_hash: "" })}
            onChange={(apps) => change({ ...otp, supported_apps: apps })}
          >
            {(app, n, changeApp) => (
              <>
                <TextField
                  label={t("editor.package")}
                  autoComplete="off"
                  spellCheck={false}
                  value={app.package_name}
                  error={faultAt(`buttons[0].supported_apps[${n}].package_name`)}
                  onChange={(event) => changeApp({ ...app, package_name: event.currentTarget.value })}
                />
                <TextField
                  label={t("editor.hash")}
                  autoComplete="off"
                  spellCheck={false}
                  value={app.signature_hash}
                  error={faultAt(`buttons[0].supported_apps[${n}].signature_hash`)}
                  onChange={(event) => changeApp({ ...app, signature_hash: event.currentTarget.value })}
                />
              </>
            )}
          </Rows>
        </>
      )}
      {otp_type === "zero_tap" ? (
        <Checkbox
          label={t("editor.terms")}
          checked={otp.zero_tap_terms_accepted ?? false}
          error={faultAt("buttons[0].zero_tap_terms_accepted")}
          onCheckedChange={(on) => change({ ...otp, zero_tap_terms_accepted: on })}
        />
      ) : null}
    </div>
  );
}
