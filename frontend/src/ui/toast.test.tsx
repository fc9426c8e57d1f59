import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startWords } from "./test-words";
import { ToastProvider, useToast } from "./toast";

beforeAll(startWords);
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function Buttons() {
  const toast = useToast();
  return (
    <>
      <button type="button" onClick={() => toast.ok("Saved")}>
        good
      </button>
      <button type="button" onClick={() => toast.failed("Not saved", "The server did not answer.")}>
        bad
      </button>
    </>
  );
}

it("lets good news go by itself and keeps failures until they are closed", () => {
  render(<Buttons />, { wrapper: ToastProvider });
  fireEvent.click(screen.getByRole("button", { name: "good" }));
  fireEvent.click(screen.getByRole("button", { name: "bad" }));
  expect(screen.getByText("Saved").closest("[aria-live]")).toHaveAttribute("aria-live", "polite");

  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.queryByText("Saved")).toBeNull();
  expect(screen.getByText("The server did not answer.")).toBeInTheDocument();

  fireEvent.click(screen.getByRole("button", { name: "Close notification" }));
  expect(screen.queryByText("Not saved")).toBeNull();
});

it("waits while someone reads", () => {
  render(<Buttons />, { wrapper: ToastProvider });
  fireEvent.click(screen.getByRole("button", { name: "good" }));
  fireEvent.pointerEnter(screen.getByText("Saved"));
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.getByText("Saved")).toBeInTheDocument();
  fireEvent.pointerLeave(screen.getByText("Saved"));
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.queryByText("Saved")).toBeNull();
});
