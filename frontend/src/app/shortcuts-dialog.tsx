import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { useWorkspace } from "../api/workspace";
import { useShortcutsOn } from "../lib/shortcuts";
import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";
import { Notice } from "../ui/notice";
import { Scroller } from "../ui/scroller";
import { pagesOf } from "./pages";

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { environment } = useWorkspace();
  const [singleKeys] = useShortcutsOn();
  const rows: { keys: string[]; does: string }[] = [
    { keys: ["Ctrl K", "⌘ K"], does: t("shortcuts.palette") },
    { keys: ["n"], does: t("shortcuts.compose") },
    { keys: ["/"], does: t("shortcuts.filter") },
    { keys: ["?"], does: t("shortcuts.help") },
  ];
  return (
    <Dialog open onClose={onClose} title={t("shortcuts.title")}>
      <div className="flex flex-col gap-3">
        {!singleKeys && <Notice tone="info">{t("shortcuts.off")}</Notice>}
        {/* Longer than a phone is high, and without anything in it that the keyboard could stop at. */}
        <Scroller label={t("shortcuts.title")} className="max-h-[60dvh]">
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2 text-sm">
            {rows.map(({ keys, does }) => (
              <Fragment key={does}>
                <dt className="flex gap-1">
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </Fragment>
            ))}
            {pagesOf(environment).map(({ name, key }) => (
              <Fragment key={name}>
                <dt className="flex items-center gap-1">
                  <Kbd>g</Kbd>
                  <span className="text-ink-soft text-xs">{t("shortcuts.then")}</span>
                  <Kbd>{key}</Kbd>
                </dt>
                <dd>{t("shortcuts.goTo", { page: t(`nav.${name}`) })}</dd>
              </Fragment>
            ))}
          </dl>
        </Scroller>
      </div>
    </Dialog>
  );
}
