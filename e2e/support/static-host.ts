// The built console on a host of its own, as any static host would serve it: files as they are, and the page for every other address.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { top } from "./program.ts";

const dist = join(top, "frontend/dist");

const types: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

export class StaticHost {
  readonly address: string;
  readonly #server: Server;
  /** Known only after the gateway has started, which has to be told this host's address first. */
  #api = "";

  private constructor(server: Server) {
    this.#server = server;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<StaticHost> {
    let host: StaticHost | undefined;
    const server = createServer((request, answer) => {
      const path = normalize(new URL(request.url ?? "/", "http://host").pathname);
      const file = join(dist, path);
      const type = types[extname(path)];
      if (type && statSync(file, { throwIfNoEntry: false })?.isFile()) {
        answer.setHeader("Content-Type", type);
        createReadStream(file).pipe(answer);
        return;
      }
      answer.setHeader("Content-Type", "text/html; charset=utf-8");
      answer.end(host?.page());
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    host = new StaticHost(server);
    return host;
  }

  /** Says where the gateway is, as whoever puts the console there writes it into the page. */
  serve(api: string): void {
    this.#api = api;
  }

  page(): string {
    const page = readFileSync(join(dist, "index.html"), "utf8");
    return page.replace(/(<meta name="duplex-api" content=")"/, `$1${this.#api}"`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
