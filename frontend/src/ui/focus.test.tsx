import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { handsFocusOver } from "./focus";

function List({ rows }: { rows: readonly string[] }) {
  return (
    <>
      <h1 tabIndex={-1}>Channels</h1>
      <ul>
        {rows.map((row) => (
          <li key={row} ref={handsFocusOver}>
            <button type="button">{row}</button>
          </li>
        ))}
      </ul>
    </>
  );
}

it("gives the focus of a row that goes to the heading, and leaves any other where it is", () => {
  const { rerender } = render(<List rows={["one", "two", "three"]} />);
  screen.getByRole("button", { name: "two" }).focus();
  rerender(<List rows={["two", "three"]} />);
  expect(screen.getByRole("button", { name: "two" })).toHaveFocus();
  rerender(<List rows={["three"]} />);
  expect(screen.getByRole("heading")).toHaveFocus();
});
