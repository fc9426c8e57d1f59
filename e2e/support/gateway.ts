// A gateway that is not set up yet, on free ports.

import { randomBytes } from "node:crypto";
import { startProgram } from "./program.mjs";

/// Gives its `address` and `setupCode`.
export function startGateway({ databaseUrl, env = {} } = {}) {
  const patterns = {
    address: /^Duplex .* listens on (http\S+?)\/?$/m,
    setupCode: /^Setup code, .*: (\S+)$/m,
  };
  return startProgram(["serve"], patterns, {
    DUPLEX_LISTEN: "127.0.0.1:0",
    DUPLEX_SIMULATOR_LISTEN: "127.0.0.1:0",
    ...(databaseUrl && { DATABASE_URL: databaseUrl, DUPLEX_SECRET_KEY: randomBytes(32).toString("base64") }),
    ...env,
  });
}
