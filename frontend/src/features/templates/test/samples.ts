// What the server says of templates, for the tests.

import type { RegistrationView, TemplatePreview, TemplateView } from "../../../api/schema.gen";
import { starterOf } from "../starters";

/** When everything in these samples happened. */
const at = "2026-11-22T10:00:00.000000Z";

const definition = starterOf("order_shipped") ?? { name: "", language: "", category: "utility" };

export const registration: RegistrationView = {
  provider: "direct",
  account: "300000000000001",
  channel_ids: ["c1"],
  provider_ref: "400000000000001",
  status: "approved",
  category: "utility",
  quality: "yellow",
  sendable: true,
  current: true,
  lost: [],
  status_at: at,
};

export const template: TemplateView = {
  id: "t1",
  name: "order_shipped",
  language: "en",
  category: "utility",
  parameter_format: "positional",
  definition,
  variables: [],
  registrations: [registration],
  created_at: at,
  updated_at: at,
};

export const preview: TemplatePreview = {
  violations: [],
  direct: { whole: true, request: { name: "order_shipped" } as never, lost: [] },
  twilio: { whole: true, request: { friendly_name: "order_shipped" } as never, lost: [] },
  variables: [],
  bubble: { body: "Hello Ada, order 77 has left our warehouse.", buttons: [], cards: [] },
};
