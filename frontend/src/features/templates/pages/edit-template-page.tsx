import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { TemplateView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { EmptyState, Skeleton } from "../../../ui/state";
import { TemplateEditor } from "../editor/template-editor";
import { templateQuery } from "../queries";

export function EditTemplatePage() {
  const { t } = useTranslation("templates");
  const workspace = useWorkspace();
  const { template: id } = useParams({ from: "/w/$workspace/templates/$template/edit" });
  const query = useQuery(templateQuery(workspace.id, id));
  return (
    <Page title={query.data ? t("editor.change", { name: query.data.name }) : t("one.title")} width="wide">
      {!workspace.can("templates:write") ? (
        <Card>
          <EmptyState title={t("readOnly")} />
        </Card>
      ) : query.data ? (
        <Editor key={id} template={query.data} />
      ) : query.isError ? (
        <FailedLoad title={t("one.failed")} problem={asProblem(query.error)} query={query} />
      ) : (
        <Skeleton height="32rem" />
      )}
    </Page>
  );
}

/** The form begins with the template as it was when the page was opened; news of it leave what is typed. */
function Editor({ template }: { template: TemplateView }) {
  const { current } = useRef(template);
  return <TemplateEditor template={current.id} initial={current.definition} />;
}
