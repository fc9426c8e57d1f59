// The real program as a process, in a folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deadline } from "./patience.mjs";

export const top = resolve(fileURLToPath(import.meta.url), "../../..");

const program = join(resolve(top, process.env.CARGO_TARGET_DIR ?? "target"), "debug/duplex");

/// Starts `duplex` with nothing in its environment but what is given, and waits until it has printed a match of each
/// pattern. Gives the first group of each, by name.
export async function startProgram(args, patterns, env = {}) {
  const folder = await mkdtemp(join(tmpdir(), "duplex-e2e-"));
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, DUPLEX_DATA_DIR: join(folder, "data"), ...env },
  });
  // Whatever ends this process, the program goes with it.
  const orphaned = () => child.kill("SIGKILL");
  process.once("exit", orphaned);

  let output = "";
  const printed = new Promise((found, failed) => {
    const look = (chunk) => {
      output += chunk;
      const matches = Object.entries(patterns).map(([name, pattern]) => [name, pattern.exec(output)?.[1]]);
      if (matches.every(([, match]) => match)) {
        found(Object.fromEntries(matches));
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
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await deadline(ended, "the program ends when it is asked to").catch((late) => {
        child.kill("SIGKILL");
        throw late;
      });
    }
    await rm(folder, { recursive: true, force: true });
  }

  try {
    return { ...(await deadline(printed, "the program prints that it is ready")), stop, output: () => output };
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${output}`);
  }
}
