import { CircleAlert, CircleCheck, X } from "lucide-react";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";

/** Long enough to read a line twice. */
const STAYS = 5000;
const AT_MOST = 4;

interface Toast {
  key: number;
  tone: "ok" | "bad";
  title: string;
  detail?: string | undefined;
}

export interface Toaster {
  /** Something was done. Vanishes by itself. */
  ok: (text: string) => void;
  /** Something failed that has no place of its own in the page. Stays until it is closed. */
  failed: (title: string, detail?: string) => void;
}

const ToasterContext = createContext<Toaster | undefined>(undefined);

export function useToast(): Toaster {
  const toaster = useContext(ToasterContext);
  if (!toaster) throw new Error("useToast needs a ToastProvider above it");
  return toaster;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation("ui");
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const region = useRef<HTMLElement>(null);
  const nextKey = useRef(0);

  const toaster = useMemo<Toaster>(() => {
    function add(toast: Omit<Toast, "key">) {
      nextKey.current += 1;
      const key = nextKey.current;
      setToasts((old) => trim([...old, { ...toast, key }]));
    }
    return {
      ok: (title) => add({ tone: "ok", title }),
      failed: (title, detail) => add({ tone: "bad", title, detail }),
    };
  }, []);

  // As a popover it stands above an open dialog, too; shown again, above the one opened last.
  useLayoutEffect(() => {
    const element = region.current;
    if (!element?.showPopover) return;
    if (toasts.length > 0) {
      element.hidePopover();
      element.showPopover();
    } else element.hidePopover();
  }, [toasts]);

  function close(key: number) {
    setToasts((old) => old.filter((toast) => toast.key !== key));
  }

  return (
    <ToasterContext value={toaster}>
      {children}
      <section
        ref={region}
        popover="manual"
        aria-label={t("notifications")}
        className="pointer-events-none fixed inset-auto right-0 bottom-0 m-0 max-h-dvh w-full overflow-visible border-0 bg-transparent p-4 text-ink sm:w-96"
      >
        <ol role="status" aria-live="polite" className="grid gap-2">
          {toasts.map((toast) => (
            <ToastItem key={toast.key} toast={toast} onClose={() => close(toast.key)} />
          ))}
        </ol>
      </section>
    </ToasterContext>
  );
}

/** Too many at once help nobody; failures are kept longest. */
function trim(toasts: Toast[]): Toast[] {
  if (toasts.length <= AT_MOST) return toasts;
  const victim = toasts.find((toast) => toast.tone === "ok") ?? toasts[0];
  return toasts.filter((toast) => toast !== victim);
}

function ToastItem({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const { t } = useTranslation("ui");
  const [held, setHeld] = useState(false);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    if (toast.tone === "bad" || held) return;
    const timer = setTimeout(() => close.current(), STAYS);
    return () => clearTimeout(timer);
  }, [toast.tone, held]);

  const Icon = toast.tone === "ok" ? CircleCheck : CircleAlert;
  return (
    <li
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="toast pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-raised py-2 pr-2 pl-3 shadow-overlay"
    >
      <Icon aria-hidden className={`mt-1.5 size-4 shrink-0 ${toast.tone === "ok" ? "text-ok" : "text-bad"}`} />
      <div className="break-anywhere grid flex-1 gap-0.5 py-1 text-sm">
        <p className="font-medium">{toast.title}</p>
        {toast.detail ? <p className="text-ink-soft">{toast.detail}</p> : null}
      </div>
      <IconButton size="small" label={t("closeNotification")} icon={<X />} onClick={onClose} />
    </li>
  );
}
