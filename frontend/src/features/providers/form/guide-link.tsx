import { Link } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import type { ProviderKind } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { anchorOfField } from "../guide";

/** Whose fields are shown: their help leads into this provider's guide. */
export const GuidedBy = createContext<ProviderKind | undefined>(undefined);

/** To the step of the guide that fills a field, beside the form, so that nothing typed is left. */
export function GuideLink({ field }: { field: string }) {
  const { t } = useTranslation("providers");
  const workspace = useWorkspace();
  const provider = useContext(GuidedBy);
  const anchor = provider && anchorOfField(provider, field);
  return anchor ? (
    <Link
      to="/w/$workspace/guides/$provider"
      params={{ workspace: workspace.id, provider }}
      hash={anchor}
      target="_blank"
      className="link whitespace-nowrap"
    >
      {t("guide.step")}
      <BookOpen aria-hidden className="ms-1 inline size-3 align-[-1px]" />
    </Link>
  ) : null;
}
