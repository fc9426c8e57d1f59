// The real program as a process.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deadline } from "./patience.ts";

export const top = resolve(fileURLToPath(import.meta.url), "../../..");

const program = join(resolve(top, process.env["CARGO_TARGET_DIR"] ?? "target"), "debug/duplex");

/** A folder that lives as long as a program needs it. */
export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "duplex-e2e-"));
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** A running `duplex` and what it printed. */
export class Program<Found extends string> {
  readonly found: Readonly<Record<Found, string>>;
  readonly #child: ChildProcess;
  readonly #output: () => string;
  readonly #orphaned: () => void;

  constructor(found: Readonly<Record<Found, string>>, child: ChildProcess, output: () => string, orphaned: () => void) {
    this.found = found;
    this.#child = child;
    this.#output = output;
    this.#orphaned = orphaned;
  }

  output(): string {
    return this.#output();
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Takes it away without a word, as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    process.removeListener("exit", this.#orphaned);
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const ended = once(child, "exit");
    child.kill(signal);
    await deadline(ended, "the program ends when it is asked to").catch((late: unknown) => {
      child.kill("SIGKILL");
      throw late;
    });
  }
}

/**
 * Starts `duplex` in a folder, with nothing in its environment but what is given, and waits until it has printed a match
 * of each pattern. The first group of each is found by name.
 */
export async function startProgram<Found extends string>(
  folder: string,
  args: readonly string[],
  patterns: Readonly<Record<Found, RegExp>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Program<Found>> {
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], DUPLEX_DATA_DIR: join(folder, "data"), ...env },
  });
  // Whatever ends this process, the program goes with it.
  const orphaned = () => child.kill("SIGKILL");
  process.once("exit", orphaned);

  let output = "";
  const printed = new Promise<Record<Found, string>>((found, failed) => {
    const look = (chunk: Buffer) => {
      output += chunk.toString();
      const matches = matchAll(output, patterns);
      if (matches) {
        found(matches);
      }
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("error", failed);
    child.once("exit", (code, signal) => failed(new Error(`it ended with ${signal ?? code}`)));
  });

  try {
    const found = await deadline(printed, "the program prints that it is ready");
    return new Program(found, child, () => output, orphaned);
  } catch (error) {
    process.removeListener("exit", orphaned);
    child.kill("SIGKILL");
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${program}: ${why}\n${output}`);
  }
}

function matchAll<Found extends string>(
  output: string,
  patterns: Readonly<Record<Found, RegExp>>,
): Record<Found, string> | undefined {
  const found: Partial<Record<Found, string>> = {};
  for (const name in patterns) {
    const match = patterns[name].exec(output)?.[1];
    if (match === undefined) {
      return undefined;
    }
    found[name] = match;
  }
  return found as Record<Found, string>;
}
