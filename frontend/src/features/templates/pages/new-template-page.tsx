import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { useWorkspace } from "../../../api/workspace";
import { FailedLoad } from "../../../domain/failed-load";
import { Card } from "../../../ui/card";
import { Page } from "../../../ui/page";
import { EmptyState, Skeleton } from "../../../ui/state";
import { emptyDefinition } from "../editor/definition";
import { TemplateEditor } from "../editor/template-editor";
import { templateQuery } from "../queries";
import { starterOf } from "../starters";

/** A template from nothing, from a starter, or from one that exists in another language. */
export function NewTemplatePage() {
  const { t } = useTranslation("templates");
  const workspace = useWorkspace();
  const { from, starter } = useSearch({ from: "/w/$workspace/templates/new" });
  const source = useQuery(templateQuery(workspace.id, from));
  const definition = source.data?.definition;
  const initial = useMemo(
    () => (definition ? { ...definition, language: "" } : (starterOf(starter) ?? emptyDefinition())),
    [definition, starter],
  );
  return (
    <Page title={t("new")} width="wide">
      {workspace.can("templates:write") ? (
        from === undefined || definition ? (
          <TemplateEditor key={`${from} ${starter}`} initial={initial} />
        ) : source.isError ? (
          <FailedLoad title={t("one.failed")} problem={asProblem(source.error)} query={source} />
        ) : (
          <Skeleton height="32rem" />
        )
      ) : (
        <Card>
          <EmptyState title={t("readOnly")} />
        </Card>
      )}
    </Page>
  );
}
