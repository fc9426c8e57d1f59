import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Languages, Pencil, SendHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { TemplateView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Badge } from "../../../ui/badge";
import { Button, buttonClass } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { EmptyState, RefetchBar, Skeleton } from "../../../ui/state";
import { DeleteTemplate } from "../delete-template";
import { ProviderForms } from "../provider-forms";
import { previewQuery, templateQuery } from "../queries";
import { Registrations } from "../registrations";
import { TemplatePhone } from "../template-phone";
import { ViolationList } from "../violation-list";

/** One template: where it stands, how it looks, and what it is at each provider. */
export function TemplatePage() {
  const { t } = useTranslation("templates");
  const { id: workspace } = useWorkspace();
  const { template: id } = useParams({ from: "/w/$workspace/templates/$template" });
  const query = useQuery(templateQuery(workspace, id));
  const missing = query.isError && asProblem(query.error).code === "not_found";
  // Somebody else may have deleted it while it was shown.
  if (query.data && !missing) {
    return <Loaded template={query.data} refetching={query.isRefetching} />;
  }
  return (
    <Page title={t("one.title")} width="wide">
      {missing ? (
        <Card>
          <EmptyState
            title={t("one.missing")}
            action={
              <Link to="/w/$workspace/templates" params={{ workspace }} className={buttonClass()}>
                {t("one.all")}
              </Link>
            }
          />
        </Card>
      ) : query.isError ? (
        <FailedLoad title={t("one.failed")} problem={asProblem(query.error)} query={query} />
      ) : (
        <Skeleton height="24rem" />
      )}
    </Page>
  );
}

function Loaded({ template, refetching }: { template: TemplateView; refetching: boolean }) {
  const { t } = useTranslation("templates");
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const preview = useQuery(previewQuery(workspace.id, template.definition));
  const params = { workspace: workspace.id, template: template.id };
  return (
    <Page
      title={template.name}
      width="wide"
      mark={
        <>
          <Badge>{template.language}</Badge>
          <Badge>{t(`category.${template.category}`)}</Badge>
        </>
      }
      description={
        <Link to="/w/$workspace/templates" params={params} className="link">
          {t("one.all")}
        </Link>
      }
      actions={
        <>
          {workspace.can("messages:write") && template.registrations.some(({ sendable }) => sendable) ? (
            <Link
              to="/w/$workspace/compose"
              params={params}
              search={{ template: template.id }}
              className={buttonClass({ look: "primary" })}
            >
              <SendHorizontal aria-hidden />
              {t("one.send")}
            </Link>
          ) : null}
          {workspace.can("templates:write") ? (
            <>
              <Link to="/w/$workspace/templates/$template/edit" params={params} className={buttonClass()}>
                <Pencil aria-hidden />
                {t("one.edit")}
              </Link>
              <Link
                to="/w/$workspace/templates/new"
                params={params}
                search={{ from: template.id }}
                className={buttonClass()}
              >
                <Languages aria-hidden />
                {t("one.translate")}
              </Link>
              <Button icon={<Trash2 />} onClick={() => setDeleting(true)}>
                {t("delete.confirm")}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <div className="relative grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22.5rem]">
        <RefetchBar active={refetching} />
        <div className="grid gap-5">
          {preview.data ? <ViolationList of={preview.data.violations} /> : null}
          <Registrations template={template} />
        </div>
        {preview.isPending ? <Skeleton height="16rem" /> : <TemplatePhone bubble={preview.data?.bubble} />}
      </div>
      {preview.data ? (
        <ProviderForms preview={preview.data} />
      ) : preview.isError ? (
        <FailedLoad title={t("preview.failed")} problem={asProblem(preview.error)} query={preview} />
      ) : null}
      {deleting ? (
        <DeleteTemplate
          template={template}
          onClose={() => setDeleting(false)}
          onDeleted={() => void navigate({ to: "/w/$workspace/templates", params: { workspace: workspace.id } })}
        />
      ) : null}
    </Page>
  );
}
