// What passes between Duplex and the providers, measured against the descriptions that the providers publish.
//
// The descriptions are not part of the project: DUPLEX_PROVIDER_SCHEMAS names the folder with direct.openapi.yaml and
// twilio.openapi.json. Without it there is nothing to measure against.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import type {
  Capabilities,
  ChannelView,
  CreateChannel,
  Kind,
  ListTemplateView,
  MediaView,
  MessageStory,
  MessageView,
  ProviderKind,
  TemplateDefinition,
  TemplateView,
} from "../../frontend/src/api/schema.gen.ts";
import { Gateway } from "../support/gateway.ts";
import { acts, picture, samples } from "../support/kinds.ts";
import { Owner } from "../support/owner.ts";
import { top } from "../support/program.ts";
import { Published } from "../support/published.ts";
import { Recorder } from "../support/recorder.ts";
import { Simulator } from "../support/simulator.ts";

const folder = process.env["DUPLEX_PROVIDER_SCHEMAS"];

const person = "+447700900123";
/** Addresses can be asked for in India only. */
const inIndia = "+919900000000";

/** Every template of the corpus whose samples need no file from elsewhere, under names that no account has yet. */
function corpus(): TemplateDefinition[] {
  const place = join(top, "backend/tests/templates/corpus");
  return readdirSync(place)
    .map((name) => readFileSync(join(place, name), "utf8"))
    .filter((text) => !text.includes('"link"'))
    .map((text) => (JSON.parse(text) as { definition: TemplateDefinition }).definition)
    .map((definition) => ({ ...definition, name: `measured_${definition.name}` }));
}

/** A gateway whose live workspace has one channel, with every word between it and its provider written down. */
class Measured {
  readonly calls: Recorder;
  readonly webhooks: Recorder;
  readonly owner: Owner;
  readonly workspace: string;
  readonly provider: ProviderKind;
  readonly #simulator: Simulator;
  #channel: ChannelView | undefined;
  #sender = "";

  private constructor(
    provider: ProviderKind,
    simulator: Simulator,
    owner: Owner,
    recorders: { calls: Recorder; webhooks: Recorder },
  ) {
    this.provider = provider;
    this.#simulator = simulator;
    this.owner = owner;
    this.workspace = owner.workspace("live");
    this.calls = recorders.calls;
    this.webhooks = recorders.webhooks;
  }

  static async start(provider: ProviderKind): Promise<Measured> {
    const simulator = await Simulator.start();
    const [calls, webhooks] = await Promise.all([Recorder.start(), Recorder.start()]);
    calls.handOnTo(simulator.address);
    const env = { ...simulator.settings, DUPLEX_PUBLIC_URL: webhooks.address };
    for (const name of Object.keys(simulator.settings) as (keyof typeof env)[]) {
      env[name] = calls.address;
    }
    const gateway = await Gateway.start({ env });
    webhooks.handOnTo(gateway.address);
    const measured = new Measured(provider, simulator, await Owner.of(gateway), { calls, webhooks });
    await measured.#connect();
    return measured;
  }

  async #connect(): Promise<void> {
    this.#channel = await this.call("POST", "/channels", await this.#account());
    await this.call("PATCH", "/workspace", { whatsapp_provider: this.provider });
  }

  async #account(): Promise<CreateChannel> {
    const shared = { name: "Support", auto_connect: true };
    if (this.provider === "twilio") {
      const { account_sid, auth_token, sender_number } = await this.#simulator.twilioAccount();
      this.#sender = account_sid;
      const number = sender_number.replace("whatsapp:", "");
      return { ...shared, provider: "twilio", account_sid, auth_token, sender_number: number };
    }
    const account = await this.#simulator.directAccount();
    this.#sender = account.phone_number_id;
    return {
      ...shared,
      provider: "direct",
      whatsapp_business_phone_id: account.phone_number_id,
      waba_id: account.waba_id,
      whatsapp_app_id: account.app_id,
      app_secret: account.app_secret,
      whatsapp_access_token: account.access_token,
    };
  }

  get channel(): ChannelView {
    return this.#channel as ChannelView;
  }

  call<T>(method: string, path: string, body?: object): Promise<T> {
    return this.owner.call<T>(method, path, body, this.workspace);
  }

  capabilities(): Promise<{ capabilities: Capabilities }> {
    return this.call("GET", `/providers/${this.provider}`);
  }

  /** The customer does something; the provider's id of it. */
  acts(note: Readonly<Record<string, unknown>>): Promise<string> {
    return this.#simulator.inbound({ sender: this.#sender, from: person, ...note });
  }

  /** The message that came in under an id of the provider's. */
  async arrived(providerMessageId: string): Promise<MessageView> {
    let found: MessageView | undefined;
    await this.owner.until(`${providerMessageId} is in the list`, async () => {
      const { data } = await this.call<{ data: MessageView[] }>("GET", "/messages?direction=inbound&limit=200");
      found = data.find(({ provider_message_id }) => provider_message_id === providerMessageId);
      return found !== undefined;
    });
    return found as MessageView;
  }

  /** Sends a message and waits until its person has it. */
  async delivers(to: string, content: object, rest: object = {}): Promise<MessageStory> {
    const { id } = await this.call<MessageView>("POST", "/messages", { to, content, ...rest });
    // Meta reports no delivery of reactions (direct.md §2.3).
    const last = (content as { type: string }).type === "reaction" ? "sent_at" : "delivered_at";
    let story = await this.#story(id);
    await this.owner.until(`${JSON.stringify(content)} is delivered`, async () => {
      story = await this.#story(id);
      expect(story.failure ?? null, JSON.stringify(content)).toBeNull();
      return typeof story[last] === "string";
    });
    return story;
  }

  #story(id: string): Promise<MessageStory> {
    return this.call("GET", `/messages/${id}`);
  }

  async remove(): Promise<void> {
    await this.owner.gateway.remove();
    await this.#simulator.remove();
    await Promise.all([this.calls.stop(), this.webhooks.stop()]);
  }
}

async function everyKindOut(measured: Measured): Promise<Kind[]> {
  const hello = await measured.arrived(await measured.acts({ text: "Hello" }));
  await measured.acts({ text: "Hello", from: inIndia });
  const { capabilities } = await measured.capabilities();
  const kinds = capabilities.outbound.filter(({ verdict }) => verdict === "yes" || verdict === "partly");
  for (const { kind } of kinds) {
    const content: Record<string, unknown> = { ...samples[kind](hello.id) };
    if (measured.provider === "twilio" && kind === "template") {
      // A header's file is part of the stored Content there.
      delete content["header"];
    }
    await measured.delivers(kind === "address_request" ? inIndia : person, content);
  }
  const file = new FormData();
  file.set("file", new File([picture], "front.png", { type: "image/png" }));
  const { id } = await measured.call<MediaView>("POST", "/media", file);
  await measured.delivers(person, { type: "image", media_id: id, caption: "Front view" });
  await measured.delivers(person, samples.text(""), { reply_to_id: measured.provider === "direct" ? hello.id : null });
  await measured.call("POST", `/messages/${hello.id}/read`, { typing: true });
  return kinds.map(({ kind }) => kind);
}

async function everyKindIn(measured: Measured): Promise<string[]> {
  const earlier = await measured.delivers(person, samples.text(""));
  const own = await measured.acts({ text: "Is it reddy?" });
  const { capabilities } = await measured.capabilities();
  const sendable = new Set(capabilities.outbound.filter(({ verdict }) => verdict !== "no").map(({ kind }) => kind));
  const taken: string[] = [];
  for (const { content, answers } of acts(String(earlier.provider_message_id), own)) {
    if (answers && !sendable.has(answers)) {
      continue;
    }
    const question = answers && (await measured.delivers(person, samples[answers]("")));
    const reply = question && { reply_to: question.provider_message_id };
    // What the provider does not hand on the phone refuses to send: the matrix of the Rust suite holds it to that.
    const sent = await measured.acts({ content, ...reply }).catch((refused: Error) => {
      expect(refused.message).toMatch(/ 422 /);
    });
    if (sent) {
      taken.push(content.kind);
    }
  }
  return taken;
}

async function everyTemplate(measured: Measured): Promise<number> {
  let submitted = 0;
  const channel_id = measured.channel.id;
  for (const definition of corpus()) {
    const template = await measured.call<TemplateView>("POST", "/templates", definition);
    const path = `/templates/${template.id}/submissions`;
    const taken = await measured.call("POST", path, { channel_id }).catch((refused: Error) => {
      expect(refused.message, definition.name).toMatch(/ 422 /);
    });
    submitted += taken ? 1 : 0;
  }
  await measured.call("POST", "/templates/syncs", {});
  const { data } = await measured.call<ListTemplateView>("GET", "/templates?limit=200");
  const [gone] = data.filter(({ name }) => name === corpus()[0]?.name);
  await measured.call("DELETE", `/templates/${gone?.id}?everywhere=true`);
  return submitted;
}

for (const provider of ["direct", "twilio"] as const) {
  test(`what passes between Duplex and ${provider} is what ${provider} publishes`, async () => {
    test.skip(folder === undefined, "DUPLEX_PROVIDER_SCHEMAS names no folder");
    test.setTimeout(300_000);
    const file = { direct: "direct.openapi.yaml", twilio: "twilio.openapi.json" }[provider];
    const published = Published.read(join(folder ?? "", file));
    const measured = await Measured.start(provider);
    try {
      const kinds = await everyKindOut(measured);
      const acted = await everyKindIn(measured);
      const submitted = await everyTemplate(measured);
      await measured.call("POST", `/channels/${measured.channel.id}/check`, {});

      const problems = new Set<string>();
      const operations = new Set<string>();
      const silent = new Set<string>();
      let [requests, answers, posts] = [0, 0, 0];
      for (const exchange of measured.calls.exchanges) {
        const verdict = published.judge(exchange);
        if (!verdict) {
          silent.add(
            `${exchange.method} ${exchange.target.split("?")[0]?.replaceAll(/\d{5,}|[A-Z]{2}[0-9a-f]{32}/g, "…")}`,
          );
          continue;
        }
        operations.add(verdict.template);
        requests += verdict.request ? 1 : 0;
        answers += verdict.answer ? 1 : 0;
        for (const problem of verdict.problems) {
          problems.add(problem);
        }
      }
      for (const { method, requestType, requestBody } of measured.webhooks.exchanges) {
        if (method === "POST") {
          posts += 1;
          for (const problem of webhook(published, requestType, requestBody.toString())) {
            problems.add(`webhook: ${problem}`);
          }
        }
      }
      const figures = {
        kinds: kinds.length,
        acts: acted.length,
        submitted,
        operations: operations.size,
        requests,
        answers,
        posts,
      };
      process.stdout.write(
        `${provider}: ${JSON.stringify(figures)}; not described: ${[...silent].join(", ") || "nothing"}\n`,
      );
      expect([...problems]).toEqual([]);
      expect(requests).toBeGreaterThan(kinds.length);
      expect(answers).toBeGreaterThanOrEqual(requests);
      expect(posts).toBeGreaterThan(acted.length);
    } finally {
      await measured.remove();
    }
  });
}

/** What is wrong with one webhook. */
function webhook(published: Published, type: string, body: string): string[] {
  if (type.startsWith("application/json")) {
    return published.measure("WebhookPayload", JSON.parse(body));
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  return published.measure("MessageStatus" in form ? "x_gateway.status_webhook" : "x_gateway.inbound_webhook", form);
}
