// placeholder
export function ComposePage() {
  return null;
}
