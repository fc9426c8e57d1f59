import "i18next";
import type alerts from "./locales/en/alerts.json";
import type auth from "./locales/en/auth.json";
import type compose from "./locales/en/compose.json";
import type contacts from "./locales/en/contacts.json";
import type delivery from "./locales/en/delivery.json";
import type deliverySettings from "./locales/en/delivery-settings.json";
import type developers from "./locales/en/developers.json";
import type domain from "./locales/en/domain.json";
import type errorCodes from "./locales/en/error-codes.json";
import type guides from "./locales/en/guides.json";
import type messages from "./locales/en/messages.json";
import type overview from "./locales/en/overview.json";
import type phone from "./locales/en/phone.json";
import type providers from "./locales/en/providers.json";
import type scaling from "./locales/en/scaling.json";
import type settings from "./locales/en/settings.json";
import type shell from "./locales/en/shell.json";
import type templates from "./locales/en/templates.json";
import type ui from "./locales/en/ui.json";
import type webhookEndpoints from "./locales/en/webhook-endpoints.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "shell";
    resources: {
      alerts: typeof alerts;
      auth: typeof auth;
      compose: typeof compose;
      contacts: typeof contacts;
      delivery: typeof delivery;
      "delivery-settings": typeof deliverySettings;
      developers: typeof developers;
      domain: typeof domain;
      "error-codes": typeof errorCodes;
      guides: typeof guides;
      messages: typeof messages;
      overview: typeof overview;
      phone: typeof phone;
      providers: typeof providers;
      scaling: typeof scaling;
      settings: typeof settings;
      shell: typeof shell;
      templates: typeof templates;
      ui: typeof ui;
      "webhook-endpoints": typeof webhookEndpoints;
    };
  }
}
