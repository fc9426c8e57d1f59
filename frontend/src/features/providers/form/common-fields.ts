import type { TFunction } from "i18next";
import type { FieldDescriptor } from "../../../api/schema.gen";

/** The API's own fields, which channels of every provider have: described like the providers', so that one renderer does for all. */
export function withCommonFields(form: readonly FieldDescriptor[], t: TFunction<"providers">): FieldDescriptor[] {
  return [
    {
      kind: "text",
      name: "name",
      label: t("field.name.label"),
      group: "sender",
      required: true,
      rule: {
        pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]+$",
        min_length: 1,
        max_length: 80,
        expected: t("field.name.expected"),
        samples: { valid: ["Support", "Ação 1"], invalid: ["", "two\nlines"] },
      },
      help: t("field.name.help"),
    },
    ...form,
    {
      kind: "text",
      name: "messages_per_second",
      label: t("field.rate.label"),
      group: "advanced",
      required: false,
      rule: {
        pattern: "^([1-9][0-9]{0,2}|1000)$",
        min_length: 1,
        max_length: 4,
        expected: t("field.rate.expected"),
        samples: { valid: ["1", "80", "1000"], invalid: ["0", "1001", "8.5", "many"] },
      },
      help: t("field.rate.help"),
    },
  ];
}
