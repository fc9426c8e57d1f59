import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useForm } from "react-hook-form";
import { beforeAll, expect, it, vi } from "vitest";
import { CheckboxGroup, SecretField, SelectField, Switch, TextArea, TextField } from "./field";
import { startWords } from "./test-words";

beforeAll(startWords);

it("reads a field's error and help with the field", () => {
  render(<TextField label="Account SID" help="Found in the console" error="Too short" optional />);
  const field = screen.getByRole("textbox", { name: "Account SID (optional)" });
  expect(field).toBeInvalid();
  expect(field).toHaveAccessibleDescription("Too short Found in the console");
});

it("carries the values of a form, and a reset of it", async () => {
  const user = userEvent.setup();
  const sent = vi.fn();
  function Form() {
    const form = useForm({ defaultValues: { name: "", region: "a", text: "", twice: false } });
    return (
      <form onSubmit={form.handleSubmit((values) => sent(values))}>
        <TextField label="Name" {...form.register("name")} />
        <SelectField
          label="Region"
          options={[
            { value: "a", label: "Ireland" },
            { value: "b", label: "Brazil" },
          ]}
          {...form.register("region")}
        />
        <TextArea label="Text" counter={{ max: 5 }} {...form.register("text")} />
        <Switch label="Twice" {...form.register("twice")} />
        <button type="submit">Save</button>
        <button type="button" onClick={() => form.reset({ name: "Old", region: "b", text: "héllo👋", twice: false })}>
          Reset
        </button>
      </form>
    );
  }
  render(<Form />);
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Shop");
  await user.selectOptions(screen.getByRole("combobox", { name: "Region" }), "Brazil");
  await user.type(screen.getByRole("textbox", { name: "Text" }), "Hi");
  await user.click(screen.getByRole("switch", { name: "Twice" }));
  expect(screen.getByRole("textbox", { name: "Text" })).toHaveAccessibleDescription("2 of 5 characters");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(sent).toHaveBeenCalledWith({ name: "Shop", region: "b", text: "Hi", twice: true });

  await user.click(screen.getByRole("button", { name: "Reset" }));
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("Old");
  expect(screen.getByRole("textbox", { name: "Text" })).toHaveAccessibleDescription("6 of 5 characters");
});

it("hides a secret until asked, and takes pasted blanks away", async () => {
  const user = userEvent.setup();
  const changed = vi.fn();
  render(<SecretField label="Auth token" onChange={(event) => changed(event.currentTarget.value)} />);
  const field = screen.getByLabelText("Auth token");
  expect(field).toHaveAttribute("type", "password");
  expect(field).toHaveAttribute("autocomplete", "off");

  await user.click(field);
  await user.paste("  9f2a\n");
  expect(field).toHaveValue("9f2a");
  expect(changed).toHaveBeenLastCalledWith("9f2a");

  await user.click(screen.getByRole("button", { name: "Show Auth token" }));
  expect(field).toHaveAttribute("type", "text");
  await user.click(screen.getByRole("button", { name: "Hide Auth token" }));
  expect(field).toHaveAttribute("type", "password");
});

it("keeps a group's values in the order of its options", async () => {
  const user = userEvent.setup();
  const changed = vi.fn();
  const options = [
    { value: "read", label: "Read" },
    { value: "send", label: "Send" },
  ];
  render(<CheckboxGroup legend="Scopes" error="Choose one" options={options} values={["send"]} onChange={changed} />);
  expect(screen.getByRole("group", { name: "Scopes" })).toHaveAccessibleDescription("Choose one");
  await user.click(screen.getByRole("checkbox", { name: "Read" }));
  expect(changed).toHaveBeenCalledWith(["read", "send"]);
  await user.click(screen.getByRole("checkbox", { name: "Send" }));
  expect(changed).toHaveBeenLastCalledWith([]);
});
