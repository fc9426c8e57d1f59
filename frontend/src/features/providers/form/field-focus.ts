/** Puts the focus into a form's field, and unfolds what hides it. */
export function focusField(form: ParentNode, name: string): void {
  const place = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  const folded = place?.closest("details");
  if (folded) {
    folded.open = true;
  }
  const input = place?.querySelector<HTMLElement>("input, select, textarea");
  // A secret that is set has no input, but buttons.
  (input ?? place?.querySelector("button"))?.focus();
}
