import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "../api/session";
import { WorkspaceProvider } from "../api/workspace";
import { store } from "../lib/storage";
import { buttonClass } from "../ui/button";
import { Page } from "../ui/page";
import { EmptyState } from "../ui/state";
import { Alone } from "./alone";
import { Shell } from "./shell";

/** The frame of all pages of one workspace. */
export function WorkspaceLayout() {
  const { t } = useTranslation();
  const { workspace: id } = useParams({ from: "/w/$workspace" });
  // The route is entered with a session only; while it is asked for again, the last one is shown.
  const { data: session } = useQuery(sessionQuery);
  const membership = session?.workspaces.find(({ workspace }) => workspace.id === id);

  useEffect(() => {
    if (membership) {
      store("workspace", membership.workspace.id);
    }
  }, [membership]);

  if (!session) {
    return null;
  }
  if (!membership) {
    return (
      <Alone>
        <Page title={t("workspace.missingTitle")}>
          <EmptyState
            title={t("workspace.missingTitle")}
            action={
              <Link to="/" className={buttonClass({ look: "primary" })}>
                {t("workspace.missingAction")}
              </Link>
            }
          >
            {t("workspace.missing")}
          </EmptyState>
        </Page>
      </Alone>
    );
  }
  return (
    // Nothing of one workspace may survive in another's pages: no half-written form, no scroll place.
    <WorkspaceProvider key={id} membership={membership}>
      <Shell session={session} />
    </WorkspaceProvider>
  );
}
