import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../../api/media";
import type { AnyContent, MediaView } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { formatNumber } from "../../../lib/format";
import { buttonClass } from "../../../ui/button";
import { Notice } from "../../../ui/notice";

/** The medium that a message is, if it is one that the gateway keeps. */
export function mediumOf(content: AnyContent): string | undefined {
  return "media_id" in content ? (content.media_id ?? undefined) : undefined;
}

/** Whether its file is here, on its way or lost, and the way to it. */
export function Medium({ medium }: { medium: MediaView }) {
  const { t, i18n } = useTranslation("messages");
  const { id: workspace } = useWorkspace();
  switch (medium.state) {
    case "pending":
      return (
        <Notice tone="info" title={t("medium.pending")}>
          {medium.failure}
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="warn" title={t("medium.failed")}>
          {medium.failure}
        </Notice>
      );
    case "gone":
      return <Notice title={t("medium.gone")} />;
    case "ready":
      return (
        <div className="flex flex-wrap items-center gap-3 text-ink-soft text-xs">
          <a href={mediaUrl(workspace, medium.id, "download")} download className={buttonClass({ size: "small" })}>
            <Download aria-hidden />
            <span>{t("medium.download")}</span>
          </a>
          <span>
            {medium.mime_type}
            {medium.size_bytes == null ? null : ` · ${size(medium.size_bytes, i18n.language)}`}
          </span>
        </div>
      );
  }
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A file's size: 840 bytes, 1.2 MB. */
function size(bytes: number, language: string): string {
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const unitDisplay = power === 0 ? "long" : "short";
  const digits = { maximumFractionDigits: power === 0 ? 0 : 1 };
  return formatNumber(bytes / 1000 ** power, language, {
    style: "unit",
    unit: units[power] ?? "byte",
    unitDisplay,
    ...digits,
  });
}
