import { useTranslation } from "react-i18next";
import type { Failure, MessageState } from "../api/schema.gen";
import { Notice } from "../ui/notice";

/**
 * Why something failed and what to do next, in the reader's language; the provider's own words stand below. `state` is the
 * message's: nothing that may have been sent is advised to be sent again, and what goes on by itself is no alarm.
 */
export function FailureNote({
  failure,
  state = "failed",
  tone,
}: {
  failure: Failure;
  state?: MessageState | undefined;
  /** When it is not to follow from the state. */
  tone?: "bad" | "warn" | "neutral" | undefined;
}) {
  const { t } = useTranslation("domain");
  const fitting = state === "failed" ? "bad" : state === "unknown" || state === "expired" ? "warn" : "neutral";
  return (
    <Notice tone={tone ?? fitting} title={t(`failure.${failure.code}.title`)}>
      <p>{state === "unknown" ? t("unknownCure") : t(`failure.${failure.code}.cure`)}</p>
      <div className="mt-1 text-xs">
        <FailureDetail failure={failure} />
      </div>
    </Notice>
  );
}

/** The provider's code and what it means, as the server tells it. */
export function FailureDetail({ failure }: { failure: Failure }) {
  const { t } = useTranslation("domain");
  return (
    <p className="break-anywhere">
      {failure.provider_code ? t("failureDetail", { code: failure.provider_code }) : null} {failure.detail}
    </p>
  );
}
