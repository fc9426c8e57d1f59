import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Command, Languages, LogOut, PanelLeftClose, PanelLeftOpen, PenLine, SunMoon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../api/live";
import { asProblem } from "../api/problem";
import type { SessionView } from "../api/schema.gen";
import { useSignOut } from "../api/session";
import { unknownCountQuery } from "../api/unknowns";
import { useWorkspace } from "../api/workspace";
import { useProblemText } from "../domain/problem-text";
import { languages, pickLanguage } from "../i18n/languages";
import { changeLanguage } from "../i18n/start";
import { formatNumber } from "../lib/format";
import { type ThemeChoice, useTheme } from "../lib/theme";
import { buttonClass } from "../ui/button";
import { SelectField } from "../ui/field";
import { Kbd } from "../ui/kbd";
import { useToast } from "../ui/toast";
import { type PageEntry, pagesOf } from "./pages";

const themes: readonly ThemeChoice[] = ["system", "light", "dark"];

/** What only the wide rail shows; on a phone the menu is always wide. */
const wideOnly = "md:group-data-[rail=narrow]/shell:hidden";
/** Names beside icons: the narrow rail still reads them out. */
const named = "md:group-data-[rail=narrow]/shell:sr-only";

/** The left rail; on a phone the menu. */
export function Rail({
  session,
  open,
  narrow,
  onNarrow,
  onPalette,
}: {
  session: SessionView;
  open: boolean;
  narrow: boolean;
  onNarrow: (narrow: boolean) => void;
  onPalette: () => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  return (
    <aside
      id="rail"
      aria-label={t("nav.rail")}
      className={clsx(
        "flex flex-col gap-3 border-line bg-panel p-3 max-md:border-b md:group-data-[rail=narrow]/shell:px-2 md:sticky md:top-0 md:h-dvh md:overflow-y-auto md:border-r",
        !open && "max-md:hidden",
      )}
    >
      <div className={wideOnly}>
        <WorkspaceSwitcher session={session} />
      </div>
      <Link
        to="/w/$workspace/compose"
        params={{ workspace: workspace.id }}
        className={clsx(buttonClass({ look: "primary" }), "max-md:hidden")}
        title={narrow ? t("nav.compose") : undefined}
      >
        <PenLine aria-hidden size={16} />
        <span className={named}>{t("nav.compose")}</span>
      </Link>
      <Navigation narrow={narrow} />
      <div className="mt-auto flex flex-col gap-3 border-line border-t pt-3">
        <button
          type="button"
          className={clsx(buttonClass({ look: "plain", size: "small" }), "w-full")}
          title={narrow ? t("palette.open") : undefined}
          onClick={onPalette}
        >
          <Command aria-hidden size={16} />
          <span className={clsx("flex-1 text-left", named)}>{t("palette.open")}</span>
          <span className={wideOnly}>
            <Kbd>{modifier()} K</Kbd>
          </span>
        </button>
        <div className={clsx("flex flex-col gap-3", wideOnly)}>
          <Preferences />
          <Account session={session} />
        </div>
        <LiveState />
        <button
          type="button"
          className={clsx(buttonClass({ look: "quiet", size: "small" }), "w-full justify-start max-md:hidden")}
          aria-expanded={!narrow}
          aria-controls="rail"
          title={narrow ? t("nav.widen") : undefined}
          onClick={() => onNarrow(!narrow)}
        >
          {narrow ? <PanelLeftOpen aria-hidden size={16} /> : <PanelLeftClose aria-hidden size={16} />}
          <span className={named}>{narrow ? t("nav.widen") : t("nav.narrow")}</span>
        </button>
      </div>
    </aside>
  );
}

function modifier(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
}

function WorkspaceSwitcher({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const current = useRouterState({ select: (state) => state.matches.at(-1)?.fullPath });
  return (
    <SelectField
      label={t("workspace.label")}
      value={workspace.id}
      onChange={(event) => {
        const chosen = session.workspaces.find((membership) => membership.workspace.id === event.target.value);
        if (chosen) {
          // The same page in the other workspace, when it has that page; a single thing's page belongs to its workspace.
          const page = pagesOf(chosen.workspace.environment).find(({ to }) => to === current);
          void navigate({ to: page?.to ?? "/w/$workspace/overview", params: { workspace: chosen.workspace.id } });
        }
      }}
      options={session.workspaces.map(({ workspace: { id, name, environment } }) => ({
        value: id,
        label: `${t(`environment.${environment}`)} · ${name}`,
      }))}
    />
  );
}

function Navigation({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation();
  const { environment } = useWorkspace();
  const pages = pagesOf(environment);
  const plain = pages.filter(({ group, name }) => !group && name !== "settings");
  const settings = pages.filter(({ name }) => name === "settings");
  return (
    <nav aria-label={t("nav.main")} className="flex flex-col gap-3">
      <PageLinks entries={plain} narrow={narrow} />
      {(["providers", "developers"] as const).map((group) => (
        <div key={group} className="flex flex-col gap-1">
          <p id={`rail-${group}`} className={clsx("px-2 text-ink-soft text-xs", named)}>
            {t(`nav.group.${group}`)}
          </p>
          <PageLinks
            labelledBy={`rail-${group}`}
            entries={pages.filter((page) => page.group === group)}
            narrow={narrow}
          />
        </div>
      ))}
      <PageLinks entries={settings} narrow={narrow} />
    </nav>
  );
}

function PageLinks({
  entries,
  labelledBy,
  narrow,
}: {
  entries: readonly PageEntry[];
  labelledBy?: string;
  narrow: boolean;
}) {
  const { t } = useTranslation();
  const { id } = useWorkspace();
  return (
    <ul aria-labelledby={labelledBy} className="flex flex-col gap-0.5">
      {entries.map(({ name, to, icon: Icon }) => (
        <li key={name}>
          <Link
            to={to}
            params={{ workspace: id }}
            title={narrow ? t(`nav.${name}`) : undefined}
            className="relative flex h-8 items-center gap-2 rounded-md px-2 text-sm"
            activeProps={{ className: "bg-accent-soft font-medium text-ink" }}
            inactiveProps={{ className: "text-ink-soft hover:bg-hover hover:text-ink" }}
          >
            <Icon aria-hidden size={16} className="shrink-0" />
            <span className={named}>{t(`nav.${name}`)}</span>
            {name === "unknowns" ? <OpenUnknowns /> : null}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** How many messages wait for somebody's word; nothing when there are none. */
function OpenUnknowns() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspace();
  const { data } = useQuery({ ...unknownCountQuery(workspace.id), enabled: workspace.can("messages:read") });
  return data ? (
    <span className="ml-auto rounded-full bg-warn-soft px-1.5 font-medium text-warn text-xs tabular-nums md:group-data-[rail=narrow]/shell:-top-1 md:group-data-[rail=narrow]/shell:-right-1 md:group-data-[rail=narrow]/shell:absolute">
      {formatNumber(data, i18n.language)}
      <span className="sr-only"> {t("nav.open-unknowns")}</span>
    </span>
  ) : null;
}

function Preferences() {
  const { t, i18n } = useTranslation();
  const [theme, chooseTheme] = useTheme();
  return (
    <div className="flex flex-col gap-2">
      <PlainSelect
        icon={<Languages aria-hidden size={16} />}
        label={t("language.label")}
        value={i18n.language}
        onChange={(value) => void changeLanguage(pickLanguage([value]))}
        options={languages.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <PlainSelect
        icon={<SunMoon aria-hidden size={16} />}
        label={t("theme.label")}
        value={theme}
        onChange={(value) => chooseTheme(themes.find((name) => name === value) ?? "system")}
        options={themes.map((name) => ({ value: name, label: t(`theme.${name}`) }))}
      />
    </div>
  );
}

/** The rail is narrow: an icon stands for the label, which is still there to be read out. */
function PlainSelect({
  icon,
  label,
  value,
  onChange,
  options,
}: {
  icon: ReactNode;
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
}) {
  return (
    <label className="flex items-center gap-2 text-ink-soft" title={label}>
      {icon}
      <span className="sr-only">{label}</span>
      <select
        className="h-7 w-full rounded-md border border-transparent bg-panel text-ink-soft text-sm hover:bg-hover hover:text-ink"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Account({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const toast = useToast();
  const problemText = useProblemText();
  const signOut = useSignOut();
  return (
    <div className="flex items-center gap-2">
      <p className="min-w-0 flex-1 text-sm leading-tight">
        <span className="block truncate">{session.user.name}</span>
        <span className="block truncate text-ink-soft text-xs" title={session.user.email}>
          {session.user.email}
        </span>
      </p>
      <button
        type="button"
        className={buttonClass({ look: "quiet", size: "small" })}
        disabled={signOut.isPending}
        onClick={() =>
          signOut.mutate(undefined, {
            onError: (error) => toast.failed(t("account.signOutFailed"), problemText(asProblem(error))),
          })
        }
      >
        <LogOut aria-hidden size={16} />
        <span className="sr-only">{t("action.signOut")}</span>
      </button>
    </div>
  );
}

function LiveState() {
  const { t } = useTranslation();
  const live = useLive();
  return (
    <p role="status" className="flex items-center gap-2 text-ink-soft text-xs">
      <span
        aria-hidden
        className={clsx("size-2 rounded-full", {
          "bg-ok": live === "live",
          "bg-line-strong": live === "connecting",
          "bg-warn": live === "polling" || live === "offline",
        })}
      />
      <span className={named}>{t(`live.${live}`)}</span>
    </p>
  );
}
