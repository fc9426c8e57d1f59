import { type FieldPath, useFormContext } from "react-hook-form";
import type { ComposeValues } from "../values";

/** What is wrong with a field, by its path in the form. */
export function useErrorAt(): (path: FieldPath<ComposeValues>) => string | undefined {
  const { getFieldState, formState } = useFormContext<ComposeValues>();
  // Fields follow the errors only when the errors are read while they are drawn.
  void formState.errors;
  return (path) => {
    const message: unknown = getFieldState(path, formState).error?.message;
    return typeof message === "string" ? message : undefined;
  };
}

/** Where values stand: in the template itself, or in one of its cards. */
export type Place = "template" | `template.cards.${number}`;
