// Twilio's own library, turned to the simulator: whoever is used to it finds the same API, and the same signatures.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import twilio from "twilio";
import { Simulator } from "../support/simulator.ts";

const { RequestClient, validateRequest } = twilio;

/** The library's client, with another address in the place of Twilio's hosts. */
class Elsewhere extends RequestClient {
  readonly #address: string;

  constructor(address: string) {
    super();
    this.#address = address;
  }

  override request<T>(options: Parameters<typeof RequestClient.prototype.request<T>>[0]) {
    const { pathname, search } = new URL(options.uri);
    options.uri = `${this.#address}${pathname}${search}`;
    return super.request(options);
  }
}

/** Whoever Twilio calls back, who checks each signature with the library. */
async function receiver(token: string) {
  const heard: { status: string; genuine: boolean; forged: boolean }[] = [];
  const server = createServer((request, answer) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const params = Object.fromEntries(new URLSearchParams(body));
      const url = `http://${request.headers.host}${request.url}`;
      const signature = String(request.headers["x-twilio-signature"]);
      heard.push({
        status: params["MessageStatus"] ?? params["SmsStatus"] ?? "",
        genuine: validateRequest(token, signature, url, params),
        forged: validateRequest(token, signature, url, { ...params, Body: "something else" }),
      });
      answer.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { heard, address, close: () => server.close() };
}

test("Twilio's library sends through the simulator and takes its webhooks for genuine", async () => {
  const simulator = await Simulator.start();
  try {
    const account = await simulator.twilioAccount();
    const hooks = await receiver(account.auth_token);
    const client = twilio(account.account_sid, account.auth_token, { httpClient: new Elsewhere(simulator.address) });
    const [from, to] = [account.sender_number, "whatsapp:+447700900123"];
    const statusCallback = `${hooks.address}/status?order=77`;

    const text = await client.messages.create({ from, to, body: "Your parcel is on its way", statusCallback });
    expect(text.sid).toMatch(/^(SM|MM)[0-9a-f]{32}$/);
    await expect.poll(async () => (await client.messages(text.sid).fetch()).status).toBe("read");

    // The library sends the members under the names that they are given; Twilio's own are these, not those of the types.
    const content = await client.content.v1.contents.create({
      friendly_name: "two_choices",
      language: "en",
      variables: { 1: "Keep Friday?" },
      types: {
        "twilio/quick-reply": {
          body: "{{1}}",
          actions: [
            { type: "QUICK_REPLY", title: "Keep", id: "keep" },
            { type: "QUICK_REPLY", title: "Move", id: "move" },
          ],
        },
      },
    } as never);
    const choices = await client.messages.create({
      from,
      to,
      contentSid: content.sid,
      contentVariables: JSON.stringify({ 1: "Keep Friday 10:00?" }),
      statusCallback,
    });
    await expect.poll(async () => (await client.messages(choices.sid).fetch()).status).toBe("read");
    const listed = await client.messages.list({ to, limit: 10 });
    expect(listed.map((message) => message.sid)).toEqual(expect.arrayContaining([text.sid, choices.sid]));

    await simulator.setTwilioWebhook(account, `${hooks.address}/inbound`);
    await simulator.inbound({ sender: account.account_sid, text: "Is it ready? ü & ß" });
    await expect.poll(() => hooks.heard.map(({ status }) => status)).toContain("received");
    expect(hooks.heard.length).toBeGreaterThanOrEqual(5);
    for (const webhook of hooks.heard) {
      expect(webhook).toMatchObject({ genuine: true, forged: false });
    }

    const refused = client.messages.create({ from, to: "whatsapp:+1555", body: "x" });
    await expect(refused).rejects.toMatchObject({ code: 21211, status: 400 });
    const stranger = twilio(account.account_sid, "0".repeat(32), { httpClient: new Elsewhere(simulator.address) });
    await expect(stranger.messages.create({ from, to, body: "x" })).rejects.toMatchObject({ code: 20003 });
    hooks.close();
  } finally {
    await simulator.remove();
  }
});
