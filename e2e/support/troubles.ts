// What must not happen in a page, whatever the test is about: errors nobody caught, words on the console, breaches of the
// content policy, and requests to anybody but our own servers.

import type { BrowserContext, ConsoleMessage } from "@playwright/test";
import { expect } from "@playwright/test";

export class Troubles {
  readonly #met: string[] = [];
  readonly #expected: RegExp[] = [];
  readonly #origins: Set<string>;

  private constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Watches all pages of a context from now on. */
  static async watch(context: BrowserContext, origins: readonly string[]): Promise<Troubles> {
    const troubles = new Troubles(origins);
    context.on("weberror", (error) => {
      troubles.#met.push(`page error: ${error.error().stack ?? error.error().message}`);
    });
    context.on("console", (message) => troubles.#listen(message));
    context.on("request", (request) => troubles.#look(request.url()));
    await context.exposeBinding("reportPolicyBreach", (_, breach: string) => {
      troubles.#met.push(`content policy: ${breach}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const report: unknown = Reflect.get(window, "reportPolicyBreach");
        if (typeof report === "function") {
          report(`${event.effectiveDirective} blocks ${event.blockedURI || event.sourceFile}`);
        }
      });
    });
    return troubles;
  }

  /** Another server of ours, which pages may call. */
  allow(origin: string): void {
    this.#origins.add(origin);
  }

  /** Says that a test brings a trouble about by intent. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** What was met so far, expected or not. */
  get met(): readonly string[] {
    return this.#met;
  }

  /** Fails for everything that was met and not expected. */
  verify(): void {
    const unexpected = this.#met.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
    expect(unexpected, "nothing goes wrong behind the scenes").toEqual([]);
  }

  #listen(message: ConsoleMessage): void {
    const kind = message.type();
    if ((kind !== "error" && kind !== "warning") || isRefusal(message)) {
      return;
    }
    this.#met.push(`console ${kind}: ${message.text()} (${message.location().url})`);
  }

  #look(address: string): void {
    const { origin, protocol } = new URL(address);
    const local = protocol === "data:" || protocol === "blob:";
    if (!local && !this.#origins.has(origin)) {
      this.#met.push(`request to elsewhere: ${address}`);
    }
  }
}

/** The browser writes a line for each answer of the API that says no; to say no is the API's trade. */
function isRefusal(message: ConsoleMessage): boolean {
  const isApi = new URL(message.location().url || "about:blank").pathname.startsWith("/api/");
  return isApi && /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
}
