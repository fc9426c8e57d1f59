import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Menu, PenLine, X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFollow, useLive } from "../api/live";
import type { SessionView } from "../api/schema.gen";
import { useWorkspace } from "../api/workspace";
import { readStored, store } from "../lib/storage";
import { buttonClass } from "../ui/button";
import { Rail } from "./rail";
import { useShortcuts } from "./use-shortcuts";

const AlertBanner = lazy(() => import("./alert-banner").then((part) => ({ default: part.AlertBanner })));
const Palette = lazy(() => import("./palette").then((part) => ({ default: part.Palette })));
const ShortcutsDialog = lazy(() => import("./shortcuts-dialog").then((part) => ({ default: part.ShortcutsDialog })));

/** What stands around every page of a workspace. */
export function Shell({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const { pathname } = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const [overlay, setOverlay] = useState<"palette" | "shortcuts" | undefined>();
  const [narrow, setNarrow] = useState(() => readStored("rail") === "narrow");
  useFollow(workspace.id);
  useShortcuts({ onPalette: () => setOverlay("palette"), onHelp: () => setOverlay("shortcuts") });

  // On a phone the menu covers the page that was chosen in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what closes it.
  useEffect(() => setMenuOpen(false), [pathname]);

  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it goes to a place on this page; only the way there is our own. */}
      <a
        href="#content"
        onClick={(event) => {
          // Followed, the address would start from the page's <base>.
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-10 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-accent-ink"
      >
        {t("nav.skip")}
      </a>
      <div
        data-rail={narrow ? "narrow" : "wide"}
        className="group/shell min-h-dvh bg-canvas text-ink md:grid md:grid-cols-[13rem_minmax(0,1fr)] md:data-[rail=narrow]:grid-cols-[3.5rem_minmax(0,1fr)]"
      >
        <header className="flex items-center gap-2 border-line border-b bg-panel px-3 py-2 md:hidden">
          <button
            type="button"
            className={buttonClass({ look: "quiet" })}
            aria-expanded={menuOpen}
            aria-controls="rail"
            onClick={() => setMenuOpen(!menuOpen)}
          >
            {menuOpen ? <X aria-hidden size={16} /> : <Menu aria-hidden size={16} />}
            <span className="sr-only">{menuOpen ? t("nav.close") : t("nav.open")}</span>
          </button>
          <span className="min-w-0 flex-1 truncate font-semibold">{workspace.name}</span>
          <Link
            to="/w/$workspace/compose"
            params={{ workspace: workspace.id }}
            className={buttonClass({ look: "primary", size: "small" })}
          >
            <PenLine aria-hidden size={16} />
            {t("nav.compose")}
          </Link>
        </header>
        <Rail
          session={session}
          open={menuOpen}
          narrow={narrow}
          onNarrow={(next) => {
            setNarrow(next);
            store("rail", next ? "narrow" : "wide");
          }}
          onPalette={() => setOverlay("palette")}
        />
        <div className="flex min-w-0 flex-col">
          <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
            <Banners />
            <Suspense>
              <AlertBanner />
            </Suspense>
            <Suspense>
              <Outlet />
            </Suspense>
          </main>
        </div>
        <Suspense>
          {overlay === "palette" && <Palette session={session} onClose={() => setOverlay(undefined)} />}
          {overlay === "shortcuts" && <ShortcutsDialog onClose={() => setOverlay(undefined)} />}
        </Suspense>
      </div>
    </>
  );
}

/** What concerns every page: that nothing leaves, or that what is shown may be old. */
function Banners() {
  const { t } = useTranslation();
  const { environment } = useWorkspace();
  const live = useLive();
  return (
    <>
      {environment === "sandbox" && (
        <p className="border-line border-b bg-info-soft px-4 py-1.5 text-info text-sm md:px-6">
          <strong className="font-semibold">{t("workspace.sandboxBanner")}</strong>{" "}
          <span className="max-md:sr-only">{t("workspace.sandboxMore")}</span>
        </p>
      )}
      {(live === "offline" || live === "polling") && (
        <p className="border-line border-b bg-warn-soft px-4 py-1.5 text-sm text-warn md:px-6">
          {t(live === "offline" ? "live.offlineBanner" : "live.pollingBanner")}
        </p>
      )}
    </>
  );
}
