import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "./dialog";

// The question waits here from the moment the router asks until the page's dialog answers it.
let answer: ((leave: boolean) => void) | undefined;
const listeners = new Set<() => void>();

function change(next: typeof answer) {
  answer = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Asks whether what was typed may be lost. */
export function askToLeave(): Promise<boolean> {
  // A second attempt to leave takes the first one's place.
  answer?.(false);
  return new Promise((resolve) => {
    change((leave) => {
      change(undefined);
      resolve(leave);
    });
  });
}

/** The dialog of `useUnsavedGuard`; every Page has it. */
export function UnsavedDialog() {
  const { t } = useTranslation("ui");
  const pending = useSyncExternalStore(subscribe, () => answer);
  return (
    <Confirm
      open={pending !== undefined}
      title={t("unsaved.title")}
      body={t("unsaved.body")}
      confirmLabel={t("unsaved.leave")}
      tone="danger"
      onConfirm={() => pending?.(true)}
      onCancel={() => pending?.(false)}
    />
  );
}
