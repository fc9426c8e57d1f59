import { useEffect, useRef, useState } from "react";
import { TextField, type TextFieldProps } from "./field";

/** After so long without a key the typed words are looked for. */
const PAUSE_MS = 250;

/** Words to look for, as they are typed; whoever keeps them, such as the address, follows at a pause and without the blanks around them. */
export function WordsField({
  shown,
  onWords,
  ...field
}: Omit<TextFieldProps, "value" | "onChange"> & { shown: string; onWords: (words: string) => void }) {
  const [typed, setTyped] = useState(shown);
  const told = useRef(shown);

  // They were changed elsewhere: by a link, by going back, or by clearing them.
  useEffect(() => {
    if (shown !== told.current) {
      told.current = shown;
      setTyped(shown);
    }
  }, [shown]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing sets the clock.
  useEffect(() => {
    const words = typed.trim();
    if (words === told.current) {
      return;
    }
    const timer = setTimeout(() => {
      told.current = words;
      onWords(words);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  return <TextField autoComplete="off" {...field} value={typed} onChange={(event) => setTyped(event.target.value)} />;
}
