import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it, vi } from "vitest";
import { CopyButton } from "./copy";
import { startWords } from "./test-words";

beforeAll(startWords);

it("copies and says so", async () => {
  const user = userEvent.setup();
  render(<CopyButton value="https://gateway.test/hook" label="Copy address" />);
  await user.click(screen.getByRole("button", { name: "Copy address" }));
  expect(await screen.findByText("Copied")).toBeInTheDocument();
  expect(screen.getByRole("status")).toHaveTextContent("Copied");
  expect(await navigator.clipboard.readText()).toBe("https://gateway.test/hook");
});

it("says what to do when the browser refuses", async () => {
  const user = userEvent.setup();
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("refused"));
  document.execCommand = () => false;
  render(<CopyButton value="x" label="Copy id" />);
  await user.click(screen.getByRole("button", { name: "Copy id" }));
  expect(await screen.findByText(/press Ctrl\+C/)).toBeVisible();
});
