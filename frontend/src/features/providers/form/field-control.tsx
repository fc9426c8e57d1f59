import type { ChannelView, FieldDescriptor } from "../../../api/schema.gen";
import { SelectField, Switch, TextField } from "../../../ui/field";
import { CopyValue } from "./copy-value";
import { unhandled } from "./descriptors";
import { HelpWithPlace } from "./place";
import { checkTyped, SecretControl } from "./secret-control";
import type { ChannelForm } from "./use-channel-form";

/** One field of a form, whichever it is. A kind that the API learns does not compile here until it has a case. */
export function FieldControl({
  field,
  channel,
  control,
}: {
  field: FieldDescriptor;
  channel: ChannelView | undefined;
  control: ChannelForm;
}) {
  return (
    <div data-field={field.name}>
      <ControlOfKind field={field} channel={channel} control={control} />
    </div>
  );
}

function ControlOfKind({
  field,
  channel,
  control,
}: {
  field: FieldDescriptor;
  channel: ChannelView | undefined;
  control: ChannelForm;
}) {
  const { form } = control;
  const error = form.formState.errors[field.name]?.message;
  switch (field.kind) {
    case "text":
      return (
        <TextField
          label={field.label}
          optional={!field.required}
          error={error}
          help={<HelpWithPlace help={field.help} place={field.where_to_find} field={field.name} />}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...form.register(field.name, { onBlur: () => checkTyped(control, field.name) })}
        />
      );
    case "secret":
      return <SecretControl field={field} channel={channel} control={control} error={error} />;
    case "select":
      return (
        <SelectField
          label={field.label}
          optional={!field.required}
          error={error}
          help={<HelpWithPlace help={field.help} place={field.where_to_find} field={field.name} />}
          options={field.required ? field.options : [{ value: "", label: "–" }, ...field.options]}
          {...form.register(field.name)}
        />
      );
    case "switch":
      return (
        <Switch
          label={field.label}
          help={field.help}
          error={error}
          name={field.name}
          checked={form.watch(field.name) === "true"}
          onCheckedChange={(on) => form.setValue(field.name, String(on), { shouldDirty: true })}
        />
      );
    case "copy":
      return <CopyValue field={field} channel={channel} />;
    default:
      return unhandled(field);
  }
}
