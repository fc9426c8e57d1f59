import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it, vi } from "vitest";
import { startWords } from "./test-words";
import { VirtualTable } from "./virtual-table";

beforeAll(startWords);

const rows = Array.from({ length: 300 }, (_, index) => ({ id: `m${index}`, to: `number ${index}`, state: "sent" }));
const columns = [
  { key: "to", header: "To", cell: (row: (typeof rows)[number]) => row.to },
  { key: "state", header: "State", cell: (row: (typeof rows)[number]) => row.state },
];
const table = { caption: "Messages", columns, rows, rowKey: (row: (typeof rows)[number]) => row.id };

it("tells how many rows there are and draws a few", () => {
  render(<VirtualTable {...table} total={10_000} selectedKey="m1" />);
  expect(screen.getByRole("table", { name: "Messages" })).toHaveAttribute("aria-rowcount", "10001");
  const drawn = screen.getAllByRole("row");
  expect(drawn.length).toBeGreaterThan(10);
  expect(drawn.length).toBeLessThan(80);
  expect(screen.getByRole("row", { name: /number 1 / })).toHaveAttribute("aria-rowindex", "3");
  expect(screen.getByRole("row", { current: true })).toHaveTextContent("number 1");
});

it("opens a row by its button or anywhere on it", async () => {
  const user = userEvent.setup();
  const opened = vi.fn();
  render(<VirtualTable {...table} onOpen={(row) => opened(row.id)} rowLabel={(row) => `Open ${row.to}`} />);
  await user.click(screen.getByRole("button", { name: "Open number 2" }));
  await user.click(screen.getAllByText("sent")[0] ?? document.body);
  expect(opened.mock.calls).toEqual([["m2"], ["m0"]]);
});

it("moves between rows with the arrow keys", async () => {
  const user = userEvent.setup();
  render(<VirtualTable {...table} onOpen={() => {}} />);
  screen.getByRole("button", { name: "number 0" }).focus();
  await user.keyboard("{ArrowDown}");
  await waitFor(() => expect(screen.getByRole("button", { name: "number 1" })).toHaveFocus());
});

it("asks for more only when the end is near", () => {
  const more = vi.fn();
  const { rerender } = render(<VirtualTable {...table} onEndReached={more} />);
  expect(more).not.toHaveBeenCalled();
  rerender(<VirtualTable {...table} rows={rows.slice(0, 5)} onEndReached={more} />);
  expect(more).toHaveBeenCalledOnce();
  rerender(<VirtualTable {...table} rows={rows.slice(0, 5)} onEndReached={more} loadingMore />);
  expect(more).toHaveBeenCalledOnce();
});
