/** Brings what the keyboard has focused into sight. Browsers do so by themselves, but not where the page grows meanwhile. */
export function keepFocusInSight(): void {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.matches(":focus-visible")) {
      // After whatever the focus itself makes the page draw.
      requestAnimationFrame(() => {
        const { top, bottom } = target.getBoundingClientRect();
        if (top < 0 || bottom > window.innerHeight) {
          target.scrollIntoView({ block: "nearest" });
        }
      });
    }
  });
}
