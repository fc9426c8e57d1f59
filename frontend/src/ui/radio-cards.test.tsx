import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, expect, it } from "vitest";
import { RadioCards } from "./radio-cards";
import { startWords } from "./test-words";

beforeAll(startWords);

function Choice() {
  const [value, setValue] = useState<"a" | "b">("a");
  const options = [
    { value: "a" as const, label: "First", description: "Quick", badge: <span>new</span> },
    { value: "b" as const, label: "Second" },
  ];
  return <RadioCards legend="Provider" name="provider" value={value} onChange={setValue} options={options} />;
}

it("is a named group of radio buttons, each told apart by its label alone", async () => {
  const user = userEvent.setup();
  render(<Choice />);
  expect(screen.getByRole("radiogroup", { name: "Provider" })).toBeInTheDocument();
  const first = screen.getByRole("radio", { name: "First" });
  expect(first).toBeChecked();
  expect(first).toHaveAccessibleDescription("Quick");
  await user.tab();
  expect(first).toHaveFocus();
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("radio", { name: "Second" })).toBeChecked();
  await user.click(screen.getByText("Quick"));
  expect(first).toBeChecked();
});
