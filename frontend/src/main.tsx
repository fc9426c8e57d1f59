import "./styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { startI18n } from "./i18n/start";
import { keepFocusInSight } from "./lib/focus-in-sight";

const root = document.getElementById("root");
if (!root) {
  throw new Error("the page has no #root");
}
keepFocusInSight();
await startI18n();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
