import { expectTypeOf, test } from "vitest";
import type { ChannelView, CreateChannel, FieldDescriptor, InboundContent } from "./schema.gen";

/** A description that loses its discriminators still compiles almost everywhere; these lines don't. `npm run types` checks them. */
test("unions keep their variants and their discriminators", () => {
  expectTypeOf<ChannelView["provider"]>().toEqualTypeOf<"twilio" | "direct">();
  expectTypeOf<Extract<ChannelView, { provider: "twilio" }>["account_sid"]>().toEqualTypeOf<string>();
  expectTypeOf<CreateChannel["provider"]>().toEqualTypeOf<"twilio" | "direct">();
  expectTypeOf<FieldDescriptor["kind"]>().toEqualTypeOf<"text" | "secret" | "select" | "switch" | "copy">();
  expectTypeOf<InboundContent["type"]>().toEqualTypeOf<"text" | "other">();
});
