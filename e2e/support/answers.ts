// What servers told the pages of a context, to look for what they must never tell.

import type { BrowserContext, Response } from "@playwright/test";

export class Answers {
  readonly #kept: { from: string; text: Promise<string> }[] = [];

  constructor(context: BrowserContext) {
    context.on("response", (response) => this.#keep(response));
  }

  /** The addresses of those so far in which a text stands. */
  async containing(text: string): Promise<string[]> {
    const read = await Promise.all(this.#kept.map(async ({ from, text }) => ({ from, text: await text })));
    return read.filter((answer) => answer.text.includes(text)).map(({ from }) => from);
  }

  #keep(response: Response): void {
    const type = response.headers()["content-type"] ?? "";
    // The live stream has no end to wait for. What it says is read from the feed.
    if (!type.includes("event-stream")) {
      const from = `${response.request().method()} ${response.url()}`;
      this.#kept.push({ from, text: response.text().catch(() => "") });
    }
  }
}
