// An installation that has seen some use: names as long as they may be, every state a message can be in, words that never end.

import type {
  ApiKey,
  CreatedWebhookEndpoint,
  ListWebhookDeliveryView,
  ListWebhookEvent,
  SuppressionView,
} from "../../frontend/src/api/schema.gen.ts";
import { NOBODY } from "./gateway.ts";
import type { Owner } from "./owner.ts";

const LONG_NAME = "Customer care of the northern branch, parcels and returns, second floor";
const ENDLESS = `https://shop.example/${"parcel".repeat(30)}`;

export interface Furnished {
  /** Whose story is long. */
  message: string;
  failed: string;
  channel: string;
  webhook: string;
  endpoint: string;
  delivery: string;
  /** Somebody who wants no messages. */
  contact: string;
}

export async function furnish(owner: Owner): Promise<Furnished> {
  const program = await owner.program();
  const channel = await owner.channel("twilio");
  await owner.call("PATCH", `/channels/${channel.id}`, { provider: "twilio", name: LONG_NAME });
  await owner.call<ApiKey>("POST", "/api-keys", {
    name: LONG_NAME,
    scopes: ["messages:read", "messages:write", "events:read"],
  });

  // Nobody is there: each delivery fails, and is tried again.
  const endpoint = await owner.call<CreatedWebhookEndpoint>("POST", "/webhook-endpoints", {
    url: `${NOBODY}/hooks/${"parcel".repeat(30)}`,
    description: LONG_NAME,
  });
  const suppressed = await owner.call<SuppressionView>("POST", "/suppressions", {
    person: "+447700900999",
    detail: "asked on the phone, and once more by a letter to the northern branch",
  });
  await owner.call("POST", "/suppressions", { person: "+447700900998", scope: "marketing" });
  await owner.call("PATCH", "/delivery-settings", { quiet_hours: { from: "21:00", until: "08:00" } });

  const message = await program.send({ body: `Track it at ${ENDLESS}. ${"It is on its way. ".repeat(20)}` });
  const failed = await program.send({ to: "+15005550001", body: "A parcel for nobody" });
  await program.send({ to: "+15005550005", body: "Whether this one left is not known" });
  await program.sendMany(Array.from({ length: 40 }, (_, n) => ({ body: `Parcel ${n} is on its way` })));
  await owner.customerWrites(`Where is it? ${ENDLESS}`);
  await owner.useProvider("direct");
  await program.send({ to: "+15005550007", body: "By the other provider" });
  // Dead credentials hold the channel, and what follows waits in its queue.
  await program.send({ to: "+15005550008", body: "The last one before the token died" });
  await owner.until("a channel held by a failure", async () => (await owner.channel("direct")).state === "held");
  await program.send({ body: "This one waits" });
  await owner.useProvider("twilio");

  await owner.until("read", async () => (await owner.story(message.id)).state === "read");
  await owner.until("failed", async () => (await owner.story(failed.id)).state === "failed");
  const webhooks = await owner.call<ListWebhookEvent>("GET", "/webhook-events");
  const deliveries = () => owner.call<ListWebhookDeliveryView>("GET", `/webhook-endpoints/${endpoint.id}/deliveries`);
  await owner.until("a delivery that failed", async () => (await deliveries()).data.some(({ tries }) => tries > 0));
  const delivery = (await deliveries()).data.find(({ tries }) => tries > 0);
  return {
    message: message.id,
    failed: failed.id,
    channel: channel.id,
    webhook: webhooks.data[0]?.id ?? "",
    endpoint: endpoint.id,
    delivery: delivery?.id ?? "",
    contact: suppressed.contact_id,
  };
}
