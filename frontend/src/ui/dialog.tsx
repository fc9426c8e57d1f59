import clsx from "clsx";
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./button";
import { TextField } from "./field";
import { Modal } from "./modal";
import { Notice } from "./notice";

const box = "dialog m-auto rounded-lg border border-line bg-raised p-0 text-ink shadow-overlay";

export interface DialogProps {
  open: boolean;
  /** Escape or the close button was pressed. */
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode | undefined;
  /** Buttons, the main one last. A form around the content reaches them by the `form` attribute. */
  footer?: ReactNode | undefined;
  size?: "normal" | "wide" | undefined;
  /** Without a close button: the question must be answered. */
  mustAnswer?: boolean | undefined;
  children: ReactNode;
}

/** Its content lives only while it is open, so that it begins anew each time. */
export function Dialog({ open, ...rest }: DialogProps) {
  return open ? <OpenDialog {...rest} /> : null;
}

function OpenDialog({
  onClose,
  title,
  description,
  footer,
  size = "normal",
  mustAnswer = false,
  children,
}: Omit<DialogProps, "open">) {
  const id = useId();
  return (
    <Modal
      onClose={mustAnswer ? () => {} : onClose}
      labelledBy={`${id}-title`}
      describedBy={description ? `${id}-text` : undefined}
      backdropCloses={false}
      className={clsx(
        box,
        "max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] overflow-hidden",
        size === "wide" ? "max-w-3xl" : "max-w-lg",
      )}
    >
      <div className="flex max-h-[calc(100dvh-2rem-2px)] flex-col">
        <Head id={`${id}-title`} title={title} onClose={mustAnswer ? undefined : onClose}>
          {description ? (
            <div id={`${id}-text`} className="text-ink-soft text-sm">
              {description}
            </div>
          ) : null}
        </Head>
        <div data-dialog-body className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">
          {children}
        </div>
        {footer ? <Foot>{footer}</Foot> : null}
      </div>
    </Modal>
  );
}

export interface DrawerProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Under the title: what it is, in a line. */
  description?: ReactNode | undefined;
  footer?: ReactNode | undefined;
  children: ReactNode;
}

/** The whole of one thing, at the right side of the list it came from; on phones it fills the screen. */
export function Drawer({ open, ...rest }: DrawerProps) {
  return open ? <OpenDrawer {...rest} /> : null;
}

function OpenDrawer({ onClose, title, description, footer, children }: Omit<DrawerProps, "open">) {
  const id = useId();
  return (
    <Modal
      onClose={onClose}
      labelledBy={`${id}-title`}
      describedBy={description ? `${id}-text` : undefined}
      backdropCloses
      className="dialog drawer mr-0 ml-auto h-dvh max-h-none w-full max-w-full border-line bg-raised p-0 text-ink shadow-overlay sm:max-w-xl sm:border-l"
    >
      <div className="flex h-full flex-col">
        <div className="border-line border-b">
          <Head id={`${id}-title`} title={title} onClose={onClose} tight>
            {description ? (
              <div id={`${id}-text`} className="text-ink-soft text-sm">
                {description}
              </div>
            ) : null}
          </Head>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-5">{children}</div>
        {footer ? <Foot>{footer}</Foot> : null}
      </div>
    </Modal>
  );
}

function Head({
  id,
  title,
  onClose,
  tight = false,
  children,
}: {
  id: string;
  title: ReactNode;
  onClose: (() => void) | undefined;
  tight?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation("ui");
  return (
    <div className={clsx("flex items-start justify-between gap-3 pr-3 pl-5", tight ? "py-3" : "pt-3.5 pb-3")}>
      <div className="grid gap-1 py-1">
        <h2 id={id} data-dialog-title tabIndex={-1} className="break-anywhere font-semibold text-lg">
          {title}
        </h2>
        {children}
      </div>
      {onClose ? <IconButton label={t("close")} icon={<X />} onClick={onClose} /> : null}
    </div>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-end gap-2 border-line border-t bg-sunken px-5 py-3">
      {children}
    </div>
  );
}

export interface ConfirmProps {
  open: boolean;
  title: ReactNode;
  body: ReactNode;
  confirmLabel: string;
  tone?: "plain" | "danger" | undefined;
  /** What cannot be undone: this name must be typed first. */
  typed?: string | undefined;
  busy?: boolean | undefined;
  error?: ReactNode | undefined;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something that cannot be taken back. The focus begins where nothing is lost. */
export function Confirm({ open, ...rest }: ConfirmProps) {
  return open ? <OpenConfirm {...rest} /> : null;
}

function OpenConfirm(props: Omit<ConfirmProps, "open">) {
  const { title, body, confirmLabel, tone = "plain", typed, busy = false, error, onConfirm, onCancel } = props;
  const { t } = useTranslation("ui");
  const id = useId();
  const [name, setName] = useState("");
  const ready = typed === undefined || name.trim() === typed.trim();

  function submit(event: FormEvent) {
    event.preventDefault();
    // React passes events of a dialog on to the form its element stands in.
    event.stopPropagation();
    if (ready && !busy) onConfirm();
  }

  return (
    <Modal
      role="alertdialog"
      onClose={busy ? () => {} : onCancel}
      labelledBy={`${id}-title`}
      describedBy={`${id}-body`}
      backdropCloses={false}
      className={clsx(box, "w-[calc(100%-2rem)] max-w-md")}
    >
      <form onSubmit={submit}>
        <Head id={`${id}-title`} title={title} onClose={undefined}>
          {null}
        </Head>
        <div data-dialog-body className="grid gap-4 px-5 pb-5">
          <div id={`${id}-body`} className="break-anywhere text-ink-soft text-sm">
            {body}
          </div>
          {typed === undefined ? null : (
            <TextField
              label={t("typeToConfirm", { name: typed })}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          {error ? <Notice tone="bad">{error}</Notice> : null}
        </div>
        <Foot>
          <Button onClick={onCancel} disabled={busy} data-first-focus={typed === undefined ? "" : undefined}>
            {t("cancel")}
          </Button>
          <Button type="submit" look={tone === "danger" ? "danger" : "primary"} busy={busy} disabled={!ready}>
            {confirmLabel}
          </Button>
        </Foot>
      </form>
    </Modal>
  );
}
