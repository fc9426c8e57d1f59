import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode, useState } from "react";
import { beforeAll, expect, it, vi } from "vitest";
import { Confirm, Dialog } from "./dialog";
import { startWords } from "./test-words";

beforeAll(startWords);

function Opener() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Rename
      </button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Rename channel" description="Only you see the name.">
        <label>
          Name <input />
        </label>
      </Dialog>
    </>
  );
}

it("begins at the first field and gives the focus back", async () => {
  const user = userEvent.setup();
  // Strict mode mounts twice: a dialog that takes its own closing for the user's would vanish here.
  render(<Opener />, { wrapper: StrictMode });
  await user.click(screen.getByRole("button", { name: "Rename" }));
  expect(screen.getByRole("dialog", { name: "Rename channel" })).toHaveAccessibleDescription("Only you see the name.");
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.getByRole("button", { name: "Rename" })).toHaveFocus();
});

it("leaves the decision to close on Escape to its owner", () => {
  const wished = vi.fn();
  render(
    <Dialog open onClose={wished} title="Sign in again">
      <p>…</p>
    </Dialog>,
  );
  // The browser turns Escape into this event.
  const goesOn = fireEvent(screen.getByRole("dialog"), new Event("cancel", { cancelable: true }));
  expect(goesOn).toBe(false);
  expect(wished).toHaveBeenCalledOnce();
  expect(screen.getByRole("dialog")).toBeInTheDocument();
});

it("deletes only after the name was typed", async () => {
  const user = userEvent.setup();
  const confirmed = vi.fn();
  const texts = { title: "Delete channel?", body: "It cannot be undone.", confirmLabel: "Delete" };
  const { rerender } = render(
    <Confirm open {...texts} tone="danger" typed="Support" onConfirm={confirmed} onCancel={() => {}} />,
  );
  expect(screen.getByRole("alertdialog", { name: "Delete channel?" })).toHaveAccessibleDescription(
    "It cannot be undone.",
  );
  expect(screen.getByRole("button", { name: "Delete" })).toBeDisabled();
  await user.type(screen.getByRole("textbox", { name: /Support/ }), "Support{Enter}");
  expect(confirmed).toHaveBeenCalledOnce();

  rerender(<Confirm open {...texts} typed="Support" busy error="In use" onConfirm={confirmed} onCancel={() => {}} />);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(confirmed).toHaveBeenCalledOnce();
  expect(screen.getByRole("alert")).toHaveTextContent("In use");
});

it("begins a question at the button that changes nothing", () => {
  render(<Confirm open title="Pause?" body="Later." confirmLabel="Pause" onConfirm={() => {}} onCancel={() => {}} />);
  expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus();
});

it("never hands Escape to the browser, which would close at the second one", () => {
  const wished = vi.fn();
  render(
    <Dialog open onClose={wished} title="Rename channel">
      <input aria-label="Name" />
    </Dialog>,
  );
  const field = screen.getByRole("textbox", { name: "Name" });
  expect(fireEvent.keyDown(field, { key: "Escape" })).toBe(false);
  expect(fireEvent.keyDown(field, { key: "Escape" })).toBe(false);
  expect(wished).toHaveBeenCalledTimes(2);
  expect(screen.getByRole("dialog")).toBeInTheDocument();
});
