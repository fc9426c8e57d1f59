// The README's first message, pasted block by block into a shell.

import type { Feed, ListMessageView, MessageStory } from "../../frontend/src/api/schema.gen.ts";
import { databases } from "../support/database.ts";
import { Gateway } from "../support/gateway.ts";
import { runBlocks, shellBlocks } from "../support/readme.ts";
import { expect, test } from "../support/test.ts";

for (const { name, fresh } of databases) {
  test(`the README's first message travels there and back on ${name}`, async () => {
    const { databaseUrl, drop } = fresh();
    try {
      const gateway = await Gateway.start({ databaseUrl });
      try {
        const printed = await runBlocks(shellBlocks("## The first message"), {
          DUPLEX: gateway.address,
          CODE: gateway.setupCode,
        });
        const [first, feed, second, inbound] = printed.filter((text) => text.trim());

        expect(story(first)).toMatchObject({ state: "read", provider: "twilio" });
        expect(story(second)).toMatchObject({ state: "read", provider: "direct" });
        const { data } = JSON.parse(feed ?? "") as Feed;
        const received = data.filter((event) => event.type === "message.received");
        expect(received, "the customer's answer stands in the feed, once").toHaveLength(1);
        expect(JSON.stringify(received)).toContain("Thank you!");
        const pressed = (JSON.parse(inbound ?? "") as ListMessageView).data[0];
        expect(pressed).toMatchObject({ content: { type: "button_reply", id: "keep", title: "Keep" } });
      } finally {
        await gateway.remove();
      }
    } finally {
      drop();
    }
  });
}

function story(printed: string | undefined): MessageStory {
  return JSON.parse(printed ?? "") as MessageStory;
}
