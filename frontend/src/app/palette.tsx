import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SessionView } from "../api/schema.gen";
import { Dialog } from "../ui/dialog";
import { controlClass } from "../ui/field";
import { type Command, matching } from "./commands";
import { useCommands } from "./use-commands";

/** Pages and actions by name. The keys follow the combobox pattern: focus stays in the field. */
export function Palette({ session, onClose }: { session: SessionView; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = matching(useCommands(session, typed, navigate), typed);
  const current = found[Math.min(marked, found.length - 1)];

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });

  function run(command: Command) {
    onClose();
    command.run();
  }

  function press(event: KeyboardEvent) {
    const last = found.length - 1;
    const step = { ArrowDown: marked >= last ? 0 : marked + 1, ArrowUp: marked <= 0 ? last : marked - 1 };
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setMarked(step[event.key]);
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      run(current);
    }
  }

  return (
    <Dialog open onClose={onClose} title={t("palette.title")}>
      <div className="flex flex-col gap-2">
        <input
          className={controlClass()}
          role="combobox"
          aria-label={t("palette.input")}
          aria-expanded={found.length > 0}
          aria-controls={found.length > 0 ? `${id}-list` : undefined}
          aria-activedescendant={current && `${id}-${current.id}`}
          aria-autocomplete="list"
          placeholder={t("palette.placeholder")}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setMarked(0);
          }}
          onKeyDown={press}
        />
        <p role="status" className="sr-only">
          {t("palette.count", { count: found.length })}
        </p>
        {found.length === 0 ? (
          <p className="h-72 px-2 py-4 text-ink-soft text-sm">{t("palette.none", { query: typed })}</p>
        ) : (
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label={t("palette.title")}
            className="flex h-72 flex-col overflow-y-auto"
          >
            {found.map((command) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys.
              <div
                key={command.id}
                id={`${id}-${command.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={command === current}
                className={clsx(
                  "flex h-8 shrink-0 cursor-default items-center gap-2 rounded-md px-2 text-sm",
                  command === current ? "bg-accent-soft text-ink" : "text-ink-soft",
                )}
                onPointerMove={() => setMarked(found.indexOf(command))}
                onClick={() => run(command)}
              >
                <command.icon aria-hidden size={16} />
                <span className="truncate">{command.name}</span>
              </div>
            ))}
          </div>
        )}
      </div>
    </Dialog>
  );
}
