/**
 * Brings what Tab has led to into sight. Browsers do so by themselves, but not where the page grows meanwhile. Whoever points sees
 * what they press, and a script that gives the focus says itself whether the page scrolls.
 */
export function keepFocusInSight(): void {
  const bring = () => {
    const element = document.activeElement;
    if (!element || element === document.body) {
      return;
    }
    const { top, bottom } = element.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) {
      element.scrollIntoView({ block: "nearest" });
    }
  };
  const press = ({ key }: KeyboardEvent) => {
    if (key === "Tab") {
      // After the focus has moved, and whatever that makes the page draw.
      requestAnimationFrame(bring);
    }
  };
  // Also where something on the way keeps its keys to itself.
  document.addEventListener("keydown", press, { capture: true });
}
