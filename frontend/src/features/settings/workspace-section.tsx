import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../../api/workspace";
import { EnvironmentBadge } from "../../domain/environment";
import { ProviderMark } from "../../domain/provider";
import { Card } from "../../ui/card";
import { CodeBlock, CopyField } from "../../ui/copy";
import { Details } from "../../ui/details";
import { Facts } from "../../ui/facts";
import { Time } from "../../ui/time";
import { useToast } from "../../ui/toast";
import { NameForm } from "./name-form";
import { useRenameWorkspace } from "./queries";

export function WorkspaceSection() {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const rename = useRenameWorkspace();
  const toast = useToast();
  const mayWrite = workspace.can("workspace:write");

  async function save(name: string) {
    await rename.mutateAsync(name);
    toast.ok(t("workspace.saved", { name }));
  }

  return (
    <Card id="workspace" title={t("workspace.title")}>
      <div className="grid gap-5">
        {mayWrite ? (
          <NameForm
            name={workspace.name}
            label={t("workspace.name")}
            help={t("workspace.nameHelp")}
            autoComplete="organization"
            saveLabel={t("workspace.save")}
            failedTitle={t("workspace.failedTitle")}
            save={save}
          />
        ) : null}
        <Facts
          items={[
            ...(mayWrite
              ? []
              : [
                  {
                    label: t("workspace.name"),
                    value: (
                      <>
                        {workspace.name} <span className="text-ink-soft">{t("workspace.readOnly")}</span>
                      </>
                    ),
                  },
                ]),
            {
              label: t("workspace.environment"),
              value: (
                <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <EnvironmentBadge environment={workspace.environment} />
                  <span className="text-ink-soft">{t(`workspace.${workspace.environment}`)}</span>
                </span>
              ),
            },
            {
              label: t("workspace.provider"),
              value: (
                <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <ProviderMark provider={workspace.whatsapp_provider} />
                  <Link to="/w/$workspace/providers" params={{ workspace: workspace.id }} className="link">
                    {t("workspace.change")}
                  </Link>
                </span>
              ),
            },
            { label: t("workspace.role"), value: t(`workspace.roleName.${workspace.role}`) },
            { label: t("workspace.made"), value: <Time value={workspace.created_at} look="full" /> },
          ]}
        />
        <div className="max-w-md">
          <CopyField label={t("workspace.id")} value={workspace.id} help={t("workspace.idHelp")} />
        </div>
        {mayWrite ? (
          <Details summary={t("workspace.members")}>
            <div className="grid gap-3">
              <p className="max-w-prose text-ink-soft text-sm">{t("workspace.membersWhy")}</p>
              <CodeBlock
                code='duplex admin workspace create "Main" --environment live'
                language="sh"
                label={t("workspace.membersNew")}
              />
              <CodeBlock
                code="duplex admin reset-password you@example.com"
                language="sh"
                label={t("workspace.membersPassword")}
              />
              <p className="text-ink-soft text-xs">{t("workspace.membersStop")}</p>
            </div>
          </Details>
        ) : null}
      </div>
    </Card>
  );
}
