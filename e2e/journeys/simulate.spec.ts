// The simulator alone, for those who want to see it from another program.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startProgram } from "../support/program.mjs";

test("duplex simulate serves both providers and opens its books with the token it prints", async () => {
  const patterns = { address: /^Simulator .* on (http\S+)$/m, token: /^Token .*: (\S+)$/m };
  const simulator = await startProgram(["simulate"], patterns);
  try {
    const books = (headers) => fetch(`${simulator.address}/_admin/ledger/summary`, { headers });
    assert.equal((await books({})).status, 401);
    const open = await books({ Authorization: `Bearer ${simulator.token}` });
    assert.equal(open.status, 200);
    assert.equal((await open.json()).accepted, 0);

    const graph = await fetch(`${simulator.address}/v25.0/200000000000001/messages`, { method: "POST" });
    assert.equal((await graph.json()).error.code, 190, "direct answers in its own envelope");
    const twilio = await fetch(`${simulator.address}/2010-04-01/Accounts/AC${"0".repeat(32)}/Messages.json`);
    assert.equal((await twilio.json()).code, 20003, "Twilio answers in its own envelope");
  } finally {
    await simulator.stop();
  }
});
