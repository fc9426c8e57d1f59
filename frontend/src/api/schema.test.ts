import { expectTypeOf, test } from "vitest";
import type {
  ChannelView,
  Content,
  CreateChannel,
  FieldDescriptor,
  InboundContent,
  InboundKind,
  Kind,
  ListSection,
  PhoneContent,
} from "./schema.gen";

/** A description that loses its discriminators still compiles almost everywhere; these lines don't. `npm run types` checks them. */
test("unions keep their variants and their discriminators", () => {
  expectTypeOf<ChannelView["provider"]>().toEqualTypeOf<"twilio" | "direct">();
  expectTypeOf<Extract<ChannelView, { provider: "twilio" }>["account_sid"]>().toEqualTypeOf<string>();
  expectTypeOf<CreateChannel["provider"]>().toEqualTypeOf<"twilio" | "direct">();
  expectTypeOf<FieldDescriptor["kind"]>().toEqualTypeOf<"text" | "secret" | "select" | "switch" | "copy">();
  expectTypeOf<InboundContent["type"]>().toEqualTypeOf<InboundKind | "deleted">();
  expectTypeOf<Content["type"]>().toEqualTypeOf<Kind>();
  expectTypeOf<Extract<Content, { type: "list" }>["sections"]>().toEqualTypeOf<ListSection[]>();
  expectTypeOf<PhoneContent["kind"]>().not.toEqualTypeOf<string>();
});
