import type { LucideIcon } from "lucide-react";

/** Something the palette can do. */
export interface Command {
  id: string;
  name: string;
  icon: LucideIcon;
  run: () => void;
  /** Made from what was typed, so it matches by itself. */
  always?: boolean;
}

/** Without accents and case, so that "configuracao" finds "Configuração". */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
}

/** The commands that contain every typed word, those that start with the first one before the others. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const first = words[0];
  if (!first) {
    return commands.filter(({ always }) => !always);
  }
  const starts = (command: Command) =>
    plain(command.name)
      .split(/\s+/)
      .some((word) => word.startsWith(first));
  return commands
    .filter(({ name, always }) => always || words.every((word) => plain(name).includes(word)))
    .sort((a, b) => Number(starts(b)) - Number(starts(a)));
}

/** The E.164 number that was typed, however it is grouped. */
export function typedNumber(typed: string): string | undefined {
  const number = typed.replace(/[\s().-]/g, "");
  return /^\+[1-9]\d{5,14}$/.test(number) ? number : undefined;
}
