// Stands between two programs, hands everything on unchanged, and keeps what was said.

import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One request with its answer. */
export interface Exchange {
  method: string;
  /** Path and query, still encoded. */
  target: string;
  requestType: string;
  requestBody: Buffer;
  status: number;
  answerType: string;
  answerBody: Buffer;
}

export class Recorder {
  readonly exchanges: Exchange[] = [];
  readonly #server: Server;
  #onward: string | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Recorder> {
    const server = createServer();
    const recorder = new Recorder(server);
    server.on("request", (incoming, answer) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        if (recorder.#onward === undefined) {
          answer.writeHead(502).end();
          return;
        }
        const { method = "GET", url = "/", headers } = incoming;
        const to = new URL(recorder.#onward);
        const onward = request({ host: to.hostname, port: to.port, method, path: url, headers }, (back) => {
          const parts: Buffer[] = [];
          back.on("data", (chunk: Buffer) => parts.push(chunk));
          back.on("end", () => {
            const answerBody = Buffer.concat(parts);
            recorder.exchanges.push({
              method,
              target: url,
              requestType: headers["content-type"] ?? "",
              requestBody: body,
              status: back.statusCode ?? 0,
              answerType: back.headers["content-type"] ?? "",
              answerBody,
            });
            answer.writeHead(back.statusCode ?? 502, back.headers).end(answerBody);
          });
        });
        onward.on("error", () => answer.destroy());
        onward.end(body);
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return recorder;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whom it hands things on to, without a trailing slash; until then it refuses. */
  handOnTo(address: string): void {
    this.#onward = address;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
