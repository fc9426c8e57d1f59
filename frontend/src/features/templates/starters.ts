import type { TemplateDefinition } from "../../api/schema.gen";

type StarterName = "order_shipped" | "summer_sale" | "login_code";

/** Templates to begin with: one of each category that both providers take as they are. */
export const starters: readonly (TemplateDefinition & { name: StarterName })[] = [
  {
    name: "order_shipped",
    language: "en",
    category: "utility",
    body: {
      text: "Hello {{1}}, order {{2}} has left our warehouse.",
      samples: [{ text: "Ada" }, { text: "77" }],
    },
    footer: "Acme",
    buttons: [{ type: "url", text: "Track it", url: "https://acme.example/{{1}}", sample: "t/9" }],
  },
  {
    name: "summer_sale",
    language: "en",
    category: "marketing",
    header: { type: "text", text: "Summer sale" },
    body: { text: "Hello {{1}}, everything in our shop costs less until Sunday.", samples: [{ text: "Ada" }] },
    footer: "Acme",
    buttons: [
      { type: "url", text: "Open the shop", url: "https://acme.example/sale" },
      { type: "quick_reply", text: "No more offers" },
    ],
  },
  {
    name: "login_code",
    language: "en",
    category: "authentication",
    authentication: { add_security_recommendation: true, code_expiration_minutes: 10 },
    buttons: [{ type: "otp", otp_type: "copy_code" }],
  },
];

/** The starter of this name, as a definition of its own. */
export function starterOf(name: string | undefined): TemplateDefinition | undefined {
  const found = starters.find((starter) => starter.name === name);
  return found && structuredClone(found);
}
