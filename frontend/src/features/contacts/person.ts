/** What was typed, as the API knows people: a number without the signs that group it, anything else as it is. */
export function personOf(typed: string): string {
  const whole = typed.trim();
  return whole.startsWith("+") ? whole.replace(/[\s().-]/g, "") : whole;
}
