// A gateway of its own for whoever asks: free ports, an empty data folder, and nothing left behind.

import { randomBytes } from "node:crypto";
import { newFolder, type Program, removeFolder, startProgram } from "./program.ts";

export interface GatewayOptions {
  /** SQLite in the data folder when absent. */
  databaseUrl?: string | undefined;
  /** Settings beside those that every test needs. */
  env?: Readonly<Record<string, string>> | undefined;
}

/** All tests come from one address, and faster than people do. */
const roomy = {
  DUPLEX_RATE_LIMIT_ADDRESS: "10000",
  DUPLEX_RATE_LIMIT_SESSION: "10000",
  DUPLEX_RATE_LIMIT_SIGN_IN: "10000",
  DUPLEX_RATE_LIMIT_KEY: "100000",
};

/** A port on which nothing listens: whoever is sent there refuses at once. */
export const NOBODY = "http://127.0.0.1:1";

const address = /^Duplex .* listens on (http\S+?)\/?$/m;
const setupCode = /^Setup code, .*: (\S+)$/m;

export class Gateway {
  /** Without a trailing slash. */
  readonly address: string;
  /** Good until the owner is made. */
  readonly setupCode: string;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  #program: Program<"address">;

  private constructor(
    folder: string,
    env: Readonly<Record<string, string>>,
    program: Program<"address" | "setupCode">,
  ) {
    this.#folder = folder;
    this.#env = env;
    this.#program = program;
    this.address = program.found.address;
    this.setupCode = program.found.setupCode;
  }

  /** A gateway that is not set up yet. */
  static async start({ databaseUrl, env }: GatewayOptions = {}): Promise<Gateway> {
    const folder = await newFolder();
    const settings = {
      ...roomy,
      DUPLEX_LISTEN: "127.0.0.1:0",
      DUPLEX_WEBHOOK_ORIGINS: NOBODY,
      ...(databaseUrl && { DATABASE_URL: databaseUrl, DUPLEX_SECRET_KEY: randomBytes(32).toString("base64") }),
      ...env,
    };
    try {
      const program = await startProgram(folder, ["serve"], { address, setupCode }, settings);
      return new Gateway(folder, settings, program);
    } catch (error) {
      await removeFolder(folder);
      throw error;
    }
  }

  /** Takes the program away as a crash would; its data and its port stay. */
  async kill(): Promise<void> {
    await this.#program.kill();
  }

  /** Starts it again after `kill`, at the same address over the same data. */
  async startAgain(): Promise<void> {
    const settings = { ...this.#env, DUPLEX_LISTEN: new URL(this.address).host };
    this.#program = await startProgram(this.#folder, ["serve"], { address }, settings);
  }

  /** What the running program printed. */
  output(): string {
    return this.#program.output();
  }

  /** Ends it and removes its data. It has nothing to save, so it is not asked politely. */
  async remove(): Promise<void> {
    await this.#program.kill();
    await removeFolder(this.#folder);
  }
}
