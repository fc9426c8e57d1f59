import type { ParameterFormat, TemplateText, TextValue } from "../../../api/schema.gen";
import { variablesOf } from "../../../domain/variables";

// A text that is being written keeps a sample for each variable it ever had, by the variable's name: a brace that is deleted and
// typed again brings its sample back. What the provider is told is cut to the text.

/** The text with other words. */
export function withText(before: TemplateText, text: string): TemplateText {
  return { text, samples: kept(before) };
}

/** The text with a sample for one of its variables. */
export function withSample(before: TemplateText, name: string, text: string): TemplateText {
  return { text: before.text, samples: [...kept(before).filter((sample) => sample.name !== name), { name, text }] };
}

/** What stands for a variable; empty when nothing does. */
export function sampleOf(text: TemplateText, name: string): string {
  return kept(text).find((sample) => sample.name === name)?.text ?? "";
}

/** The text with a sample for each variable that it has, in their order. */
export function sentText(draft: TemplateText, format: ParameterFormat): TemplateText {
  const names = variablesOf(draft.text);
  const samples = names.map((name) => {
    const text = sampleOf(draft, name);
    return format === "named" ? { name, text } : { text };
  });
  return { text: draft.text, ...(samples.length > 0 && { samples }) };
}

/** Samples that came without names are in the order of the text's variables. */
function kept({ text, samples = [] }: TemplateText): TextValue[] {
  const names = variablesOf(text);
  return samples.flatMap((sample, n) => {
    const name = sample.name ?? names[n];
    return name === undefined ? [] : [{ name, text: sample.text }];
  });
}
