import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useWorkspace } from "../api/workspace";
import { useShortcutsOn } from "../lib/shortcuts";
import { pagesOf } from "./pages";

/** How long `g` waits for its letter. */
const SEQUENCE_MS = 1_500;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Ctrl/⌘K while no dialog is open; single keys also only where nobody is typing, and they are not switched off. */
export function useShortcuts({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const [singleKeys] = useShortcutsOn();
  const went = useRef(0);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        // An open dialog wants its answer first: a page that is left from above it takes a key that is shown once with it.
        if (!document.querySelector("dialog[open]")) {
          onPalette();
        }
        return;
      }
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      if (
        !singleKeys ||
        modified ||
        event.defaultPrevented ||
        isTyping(event.target) ||
        document.querySelector("dialog[open]")
      ) {
        return;
      }
      const follows = event.timeStamp - went.current < SEQUENCE_MS;
      went.current = 0;
      const page = follows && pagesOf(workspace.environment).find(({ key }) => key === event.key);
      if (page) {
        event.preventDefault();
        void navigate({ to: page.to, params: { workspace: workspace.id } });
      } else if (event.key === "g") {
        went.current = event.timeStamp;
      } else if (event.key === "n") {
        event.preventDefault();
        void navigate({ to: "/w/$workspace/compose", params: { workspace: workspace.id } });
      } else if (event.key === "/") {
        const filter = document.querySelector<HTMLElement>("[role=search] :is(input, select)");
        if (filter) {
          event.preventDefault();
          filter.focus();
        }
      } else if (event.key === "?") {
        event.preventDefault();
        onHelp();
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [navigate, onHelp, onPalette, singleKeys, workspace.environment, workspace.id]);
}
