// A program that uses the gateway as its users' programs do: with an API key, from outside any browser.

import type { MessageView } from "../../frontend/src/api/schema.gen.ts";

/** Calls at the same time when there is much to send. */
const PARALLEL = 100;

export interface Draft {
  to?: string;
  body?: string;
}

export const CUSTOMER = "+447700900123";

export class Program {
  readonly address: string;
  readonly key: string;

  constructor(address: string, key: string) {
    this.address = address;
    this.key = key;
  }

  /** The plain answer, whatever it is. */
  post(draft: Draft = {}): Promise<Response> {
    const { to = CUSTOMER, body = "Your parcel is on its way" } = draft;
    return fetch(`${this.address}/api/v1/messages`, {
      method: "POST",
      headers: { Authorization: `Bearer ${this.key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ to, content: { type: "text", body } }),
    });
  }

  async send(draft: Draft = {}): Promise<MessageView> {
    const answer = await this.post(draft);
    if (answer.status !== 202) {
      throw new Error(`sending: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as MessageView;
  }

  /** Sends many at once, in no order. */
  async sendMany(drafts: readonly Draft[]): Promise<void> {
    const left = drafts.values();
    const sender = async () => {
      for (const draft of left) {
        await this.send(draft);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, sender));
  }
}
