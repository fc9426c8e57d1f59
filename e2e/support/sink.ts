// A receiver for outgoing webhooks, on this machine.

import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export class Sink {
  /** Without a trailing slash. */
  readonly origin: string;
  readonly received: Received[] = [];
  /** With which status it answers. */
  status = 204;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Sink> {
    const server = createServer();
    await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
    const sink = new Sink(server);
    server.on("request", (request, answer) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        sink.received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
        answer.writeHead(sink.status).end();
      });
    });
    return sink;
  }

  /** What was received of a type, the oldest first. */
  of(type: string): Received[] {
    return this.received.filter(({ body }) => JSON.parse(body).type === type);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
