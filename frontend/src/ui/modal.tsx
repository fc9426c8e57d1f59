import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useLayoutEffect, useRef, useState } from "react";

export interface ModalProps {
  onClose: () => void;
  labelledBy: string;
  describedBy?: string | undefined;
  role?: "alertdialog" | undefined;
  /** A press beside the dialog closes it. Not where something typed could be lost. */
  backdropCloses: boolean;
  className: string;
  children: ReactNode;
}

/** Where the focus begins: on what asks for it, else on the first field, else on the heading. */
const FIRST = [
  "[data-first-focus]",
  "[data-dialog-body] :is(input, select, textarea):not(:disabled)",
  "[data-dialog-title]",
];

function keepRoomForScrollbar() {
  const page = document.documentElement;
  page.style.setProperty("--scrollbar", `${window.innerWidth - page.clientWidth}px`);
}

/**
 * The browser's own dialog: it keeps the focus inside, lets Escape close it and stands above everything.
 * Mounted means open. The owner decides: every wish to close is only told to `onClose`.
 */
export function Modal({ onClose, labelledBy, describedBy, role, backdropCloses, className, children }: ModalProps) {
  const element = useRef<HTMLDialogElement>(null);
  // Read while rendering: a field with autoFocus takes the focus before any effect runs.
  const [opener] = useState(() => document.activeElement);
  const pressedBeside = useRef(false);
  const leaving = useRef(false);

  useLayoutEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    const wanted = dialog.contains(document.activeElement) ? document.activeElement : null;
    leaving.current = false;
    if (!document.querySelector("dialog[open]")) keepRoomForScrollbar();
    dialog.showModal();
    const first = wanted ?? FIRST.map((selector) => dialog.querySelector(selector)).find((found) => found !== null);
    if (first instanceof HTMLElement) first.focus();
    return () => {
      leaving.current = true;
      dialog.close();
      if (!(opener instanceof HTMLElement) || opener === document.body) return;
      if (opener.isConnected) opener.focus({ preventScroll: true });
      // What opened it is gone (a deleted row): the page's heading is a better place than nowhere.
      if (document.activeElement === document.body) document.querySelector("h1")?.focus({ preventScroll: true });
    };
  }, [opener]);

  /** Not left to the browser: Chromium lets a dialog refuse once, and closes it on the next Escape whatever its owner says. */
  function press(event: KeyboardEvent) {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      onClose();
    }
  }

  function wish(event: SyntheticEvent) {
    // Events of a select or a file field inside bubble too.
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    onClose();
  }

  return (
    <dialog
      ref={element}
      role={role}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onKeyDown={press}
      onCancel={wish}
      onClose={(event) => {
        // A phone's way back closes it without asking a second time; the owner has to know.
        const dialog = event.currentTarget;
        if (event.target === dialog && !dialog.open && !leaving.current) onClose();
      }}
      onPointerDown={(event) => {
        pressedBeside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        if (backdropCloses && pressedBeside.current && event.target === event.currentTarget) onClose();
      }}
      className={className}
    >
      {children}
    </dialog>
  );
}
