import { useTranslation } from "react-i18next";
import { apiAddress } from "../../api/address";
import type { CreatedApiKey } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { curlOf } from "../../domain/curl";
import { CodeBlock, CopyField } from "../../ui/copy";
import { trialOf } from "./api-key";

/** A new key's secret, and how to use it. */
export function CreatedKey({ created }: { created: CreatedApiKey }) {
  const { t } = useTranslation("developers");
  const { environment } = useWorkspace();
  const trial = trialOf(created.scopes, environment);
  return (
    <>
      <CopyField label={t("created.secret")} value={created.secret} />
      <CodeBlock code={`export DUPLEX_KEY='${created.secret}'`} language="sh" label={t("created.export")} />
      {trial ? (
        <CodeBlock
          code={curlOf({ method: trial.method, url: `${apiAddress}${trial.path}`, body: trial.body })}
          language="sh"
          label={t("created.use")}
        />
      ) : null}
    </>
  );
}
