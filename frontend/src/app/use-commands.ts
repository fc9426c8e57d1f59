import type { UseNavigateResult } from "@tanstack/react-router";
import { ArrowLeftRight, FileCode2, MessagesSquare, PenLine, SunMoon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { apiAddress } from "../api/address";
import type { SessionView } from "../api/schema.gen";
import { useWorkspace } from "../api/workspace";
import { useTheme } from "../lib/theme";
import { type Command, typedNumber } from "./commands";
import { pagesOf } from "./pages";

/** Everything the palette offers here, and what the typed text itself offers. */
export function useCommands(session: SessionView, typed: string, navigate: UseNavigateResult<string>): Command[] {
  const { t } = useTranslation();
  const { id, environment } = useWorkspace();
  const [theme, chooseTheme] = useTheme();
  const params = { workspace: id };
  const number = typedNumber(typed);

  const fromTyped: Command[] = number
    ? [
        {
          id: "send-to",
          name: t("palette.sendTo", { number }),
          icon: PenLine,
          always: true,
          run: () => void navigate({ to: "/w/$workspace/compose", params, search: { to: number } }),
        },
        {
          id: "messages-with",
          name: t("palette.messagesWith", { number }),
          icon: MessagesSquare,
          always: true,
          run: () => void navigate({ to: "/w/$workspace/messages", params, search: { person: number } }),
        },
      ]
    : [];
  const pages = pagesOf(environment).map(
    ({ name, to, icon }): Command => ({
      id: name,
      name: t("palette.goTo", { page: t(`nav.${name}`) }),
      icon,
      run: () => void navigate({ to, params }),
    }),
  );
  const others = session.workspaces
    .filter(({ workspace }) => workspace.id !== id)
    .map(
      ({ workspace }): Command => ({
        id: workspace.id,
        name: t("palette.switchTo", { workspace: `${t(`environment.${workspace.environment}`)} · ${workspace.name}` }),
        icon: ArrowLeftRight,
        run: () => void navigate({ to: "/w/$workspace/overview", params: { workspace: workspace.id } }),
      }),
    );
  const themes = (["system", "light", "dark"] as const)
    .filter((name) => name !== theme)
    .map(
      (name): Command => ({
        id: `theme-${name}`,
        name: t("palette.theme", { theme: t(`theme.${name}`) }),
        icon: SunMoon,
        run: () => chooseTheme(name),
      }),
    );
  return [
    ...fromTyped,
    {
      id: "compose",
      name: t("nav.compose"),
      icon: PenLine,
      run: () => void navigate({ to: "/w/$workspace/compose", params }),
    },
    ...pages,
    ...others,
    ...themes,
    {
      id: "api-docs",
      name: t("palette.apiDocs"),
      icon: FileCode2,
      run: () => window.open(`${apiAddress}/docs/`, "_blank", "noopener"),
    },
  ];
}
