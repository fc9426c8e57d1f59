// Before the first paint, so that a chosen theme does not flash. The console's settings write the same entry.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("duplex.theme");
  } catch {
    // Storage is refused: the system's theme it is.
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
