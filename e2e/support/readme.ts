// The README's shell blocks, as a reader would paste them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deadline } from "./patience.ts";
import { top } from "./program.ts";

/** The `sh` blocks below a heading, up to the next heading of its level or above. */
export function shellBlocks(heading: string): string[] {
  const lines = readFileSync(join(top, "README.md"), "utf8").split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) {
    throw new Error(`README.md has no heading ${heading}`);
  }
  const level = heading.indexOf(" ");
  const blocks: string[] = [];
  let block: string[] | undefined;
  for (const line of lines.slice(start + 1)) {
    if (block) {
      if (line === "```") {
        blocks.push(block.join("\n"));
        block = undefined;
      } else {
        block.push(line);
      }
    } else if (line === "```sh") {
      block = [];
    } else if (/^#+ /.test(line) && line.indexOf(" ") <= level) {
      break;
    }
  }
  return blocks;
}

/** Runs the blocks in one shell, and gives what each of them printed. */
export async function runBlocks(blocks: readonly string[], env: Readonly<Record<string, string>>): Promise<string[]> {
  const fence = "----8<----";
  const script = ["set -euo pipefail", ...blocks.map((block) => `${block}\nprintf '\\n%s\\n' '${fence}'`)].join("\n");
  const child = spawn("bash", ["-c", script], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { PATH: process.env["PATH"], ...env },
  });
  let [printed, complaints] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const ended = once(child, "close").then(([code]: unknown[]) => code);
  const code = await deadline(ended, "the README's commands end").catch((late: Error) => {
    if (child.pid !== undefined) {
      // The whole group: a loop in the shell has curl below it.
      process.kill(-child.pid, "SIGKILL");
    }
    throw new Error(`${late.message}\n${printed}\n${complaints}`);
  });
  if (code !== 0) {
    throw new Error(`the README's commands ended with ${code}\n${printed}\n${complaints}`);
  }
  return printed.split(`\n${fence}\n`).slice(0, -1);
}
