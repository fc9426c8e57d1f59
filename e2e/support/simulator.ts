// The simulator in a process of its own: a provider elsewhere, with accounts that a gateway knows nothing of yet.

import { randomBytes } from "node:crypto";
import { newFolder, type Program, removeFolder, startProgram } from "./program.ts";

/** An account at Twilio, with the credentials that its owner sees in Twilio's console. */
export interface TwilioAccount {
  account_sid: string;
  auth_token: string;
  /** `whatsapp:` and E.164. */
  sender_number: string;
}

/** A Meta app with one number. */
export interface DirectAccount {
  app_id: string;
  app_secret: string;
  waba_id: string;
  phone_number_id: string;
  access_token: string;
}

export class Simulator {
  readonly address: string;
  readonly #token: string;
  readonly #folder: string;
  readonly #program: Program<"address">;

  private constructor(folder: string, token: string, program: Program<"address">) {
    this.address = program.found.address;
    this.#token = token;
    this.#folder = folder;
    this.#program = program;
  }

  static async start(): Promise<Simulator> {
    const folder = await newFolder();
    const token = randomBytes(16).toString("hex");
    const program = await startProgram(
      folder,
      ["simulate"],
      { address: /^Simulator .* on (http\S+)$/m },
      { DUPLEX_SIMULATOR_ADMIN_TOKEN: token },
    );
    return new Simulator(folder, token, program);
  }

  /** Settings with which a gateway takes this for both providers. */
  get settings(): Record<string, string> {
    return {
      DUPLEX_DIRECT_GRAPH_URL: this.address,
      DUPLEX_TWILIO_API_URL: this.address,
      DUPLEX_TWILIO_MESSAGING_URL: this.address,
      DUPLEX_TWILIO_CONTENT_URL: this.address,
    };
  }

  twilioAccount(): Promise<TwilioAccount> {
    return this.#admin<TwilioAccount>("POST", "accounts/twilio", {});
  }

  directAccount(): Promise<DirectAccount> {
    return this.#admin<DirectAccount>("POST", "accounts/direct", {});
  }

  /** What its owner does in Twilio's console: where incoming messages go. */
  async setTwilioWebhook(account: TwilioAccount, url: string): Promise<void> {
    await this.#admin("PATCH", `accounts/${account.account_sid}`, { callback_url: url });
  }

  /** What its owner does in Meta's app dashboard: saves the callback, which Meta tries first, and subscribes to the account. */
  async setDirectWebhook(account: DirectAccount, url: string, verifyToken: string): Promise<void> {
    await this.#graph(`${account.app_id}/subscriptions`, `${account.app_id}|${account.app_secret}`, {
      object: "whatsapp_business_account",
      callback_url: url,
      verify_token: verifyToken,
      fields: "messages",
    });
    await this.#graph(`${account.waba_id}/subscribed_apps`, account.access_token, {});
  }

  /** A virtual customer writes to a sender; the provider's id of it. */
  async inbound(note: Readonly<Record<string, unknown>>): Promise<string> {
    const { message_id } = await this.#admin<{ message_id: string }>("POST", "inbound", note);
    return message_id;
  }

  async remove(): Promise<void> {
    await this.#program.kill();
    await removeFolder(this.#folder);
  }

  async #graph(path: string, token: string, body: Record<string, string>): Promise<void> {
    const answer = await fetch(`${this.address}/v25.0/${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: new URLSearchParams(body),
    });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
  }

  async #admin<T>(method: string, path: string, body: object): Promise<T> {
    const answer = await fetch(`${this.address}/_admin/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  }
}
