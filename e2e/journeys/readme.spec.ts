// The README's first message, pasted block by block into a shell.

import assert from "node:assert/strict";
import { test } from "node:test";
import { databases } from "../support/database.mjs";
import { startGateway } from "../support/gateway.mjs";
import { runBlocks, shellBlocks } from "../support/readme.mjs";

const parsed = (printed) => printed.filter((text) => text.trim()).map((text) => JSON.parse(text));

for (const { name, fresh } of databases) {
  test(`the README's first message travels there and back on ${name}`, async () => {
    const { databaseUrl, drop } = fresh();
    try {
      const gateway = await startGateway({ databaseUrl });
      try {
        const printed = await runBlocks(shellBlocks("## The first message"), {
          DUPLEX: gateway.address,
          CODE: gateway.setupCode,
        });
        const [first, feed, second] = parsed(printed);

        assert.equal(first.state, "read");
        assert.equal(first.provider, "twilio");
        assert.equal(second.state, "read");
        assert.equal(second.provider, "direct");

        const received = feed.data.filter((event) => event.type === "message.received");
        assert.equal(received.length, 1, "the customer's answer stands in the feed, once");
        assert.match(JSON.stringify(received), /Thank you!/);
      } catch (error) {
        error.message += `\n${gateway.output()}`;
        throw error;
      } finally {
        await gateway.stop();
      }
    } finally {
      drop();
    }
  });
}
