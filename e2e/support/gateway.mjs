// The real program, with an empty data folder and ports of its own.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deadline } from "./patience.mjs";

export const top = resolve(fileURLToPath(import.meta.url), "../../..");

const program = join(resolve(top, process.env.CARGO_TARGET_DIR ?? "target"), "debug/duplex");

/// Starts the program and waits until it has printed its address and the setup code.
export async function startGateway({ databaseUrl, env = {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "duplex-e2e-"));
  const child = spawn(program, ["serve"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      DUPLEX_LISTEN: "127.0.0.1:0",
      DUPLEX_DATA_DIR: join(folder, "data"),
      DUPLEX_SIMULATOR_LISTEN: "127.0.0.1:0",
      ...(databaseUrl && { DATABASE_URL: databaseUrl, DUPLEX_SECRET_KEY: randomBytes(32).toString("base64") }),
      ...env,
    },
  });
  // Whatever ends this process, the program goes with it.
  const orphaned = () => child.kill("SIGKILL");
  process.once("exit", orphaned);

  let output = "";
  const printed = new Promise((found, failed) => {
    const look = (chunk) => {
      output += chunk;
      const address = /^Duplex .* listens on (http\S+?)\/?$/m.exec(output)?.[1];
      const setupCode = /^Setup code, .*: (\S+)$/m.exec(output)?.[1];
      if (address && setupCode) {
        found({ address, setupCode });
      }
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("error", failed);
    child.once("exit", (code, signal) => failed(new Error(`it ended with ${signal ?? code}`)));
  });

  async function stop() {
    process.removeListener("exit", orphaned);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await deadline(once(child, "exit"), "the program ends when it is asked to").catch((late) => {
        child.kill("SIGKILL");
        throw late;
      });
    }
    await rm(folder, { recursive: true, force: true });
  }

  try {
    return { ...(await deadline(printed, "the program prints its address and setup code")), stop, output: () => output };
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${output}`);
  }
}
