// The simulator alone, for those who want to see it from another program.

import { newFolder, removeFolder, startProgram } from "../support/program.ts";
import { expect, test } from "../support/test.ts";

test("duplex simulate serves both providers and opens its books with the token it prints", async () => {
  const folder = await newFolder();
  const patterns = { address: /^Simulator .* on (http\S+)$/m, token: /^Token .*: (\S+)$/m };
  const simulator = await startProgram(folder, ["simulate"], patterns);
  const { address, token } = simulator.found;
  try {
    const books = (headers: Record<string, string>) => fetch(`${address}/_admin/ledger/summary`, { headers });
    expect((await books({})).status).toBe(401);
    const open = await books({ Authorization: `Bearer ${token}` });
    expect(open.status).toBe(200);
    expect(await open.json()).toMatchObject({ accepted: 0 });

    const graph = await fetch(`${address}/v25.0/200000000000001/messages`, { method: "POST" });
    expect(await graph.json(), "direct answers in its own envelope").toMatchObject({ error: { code: 190 } });
    const twilio = await fetch(`${address}/2010-04-01/Accounts/AC${"0".repeat(32)}/Messages.json`);
    expect(await twilio.json(), "Twilio answers in its own envelope").toMatchObject({ code: 20003 });
  } finally {
    await simulator.stop();
    await removeFolder(folder);
  }
});
