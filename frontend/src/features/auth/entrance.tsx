import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { setupQuery } from "../../api/session";
import { LanguageSelect } from "../../domain/language-select";
import { Page } from "../../ui/page";

/** The frame of the pages before somebody is signed in. */
export function Entrance({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t } = useTranslation("auth");
  const { data } = useQuery(setupQuery);
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center gap-6 bg-canvas px-4 py-8 text-ink">
      <header className="flex items-center gap-2 font-semibold text-lg">
        <img src="./mark.svg" alt="" width={28} height={28} />
        Duplex
      </header>
      <main className="w-full max-w-md rounded-lg border border-line bg-panel">
        <Page title={title} description={lead}>
          {children}
        </Page>
      </main>
      <footer className="flex flex-col items-center gap-4 text-center text-ink-soft text-xs">
        <p>
          {t("tagline")}
          <span className="block min-h-4">{data ? t("version", { version: data.version }) : ""}</span>
        </p>
        <LanguageSelect />
      </footer>
    </div>
  );
}
