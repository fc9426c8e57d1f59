// The owner of an installation, who works through the public API only: prepares what a test looks at, and looks at what it did.

import { type BrowserContextOptions, expect } from "@playwright/test";
import type {
  ChannelView,
  CreatedApiKey,
  Environment,
  LedgerLine,
  ListChannelView,
  ListMessageView,
  MessageStory,
  MessageView,
  ProviderKind,
  SandboxLedger,
  Scope,
  SessionView,
} from "../../frontend/src/api/schema.gen.ts";
import type { Gateway } from "./gateway.ts";
import { Program } from "./sending.ts";

export const credentials = { email: "owner@example.com", password: "correct horse battery" } as const;

type StorageState = Exclude<BrowserContextOptions["storageState"], string | undefined>;

/** The entry by which the console remembers that somebody signed in; it can't read the cookies. */
const signedIn = { name: "duplex.signed-in", value: "yes" };

export class Owner {
  readonly gateway: Gateway;
  readonly session: SessionView;
  /** A browser's state in which the owner is signed in. */
  readonly storageState: StorageState;
  readonly #cookies: string;

  private constructor(gateway: Gateway, session: SessionView, cookies: readonly string[]) {
    this.gateway = gateway;
    this.session = session;
    this.#cookies = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
    this.storageState = {
      cookies: cookies.map((cookie) => parsed(cookie, new URL(gateway.address).hostname)),
      origins: [{ origin: gateway.address, localStorage: [signedIn] }],
    };
  }

  /** Sets the gateway up. */
  static of(gateway: Gateway): Promise<Owner> {
    return Owner.#enter(gateway, "setup", { ...credentials, code: gateway.setupCode, name: "Owner" });
  }

  /** Signs in where setup is done. */
  static signIn(gateway: Gateway): Promise<Owner> {
    return Owner.#enter(gateway, "session", credentials);
  }

  static async #enter(gateway: Gateway, path: string, body: object): Promise<Owner> {
    const answer = await fetch(`${gateway.address}/api/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return new Owner(gateway, (await answer.json()) as SessionView, answer.headers.getSetCookie());
  }

  /** The id of the workspace of a kind. */
  workspace(environment: Environment): string {
    const found = this.session.workspaces.find(({ workspace }) => workspace.environment === environment);
    if (!found) {
      throw new Error(`there is no ${environment} workspace`);
    }
    return found.workspace.id;
  }

  /** One call, in the sandbox unless a workspace is named. A form goes as it is, everything else as JSON. */
  async call<T>(method: string, path: string, body?: object, workspace = this.workspace("sandbox")): Promise<T> {
    const json = body && !(body instanceof FormData);
    const answer = await fetch(`${this.gateway.address}/api/v1${path}`, {
      method,
      headers: {
        Cookie: this.#cookies,
        "Duplex-Console": "1",
        "Duplex-Workspace": workspace,
        ...(json && { "Content-Type": "application/json" }),
      },
      ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** A program with an API key of a workspace. */
  async program(workspace = this.workspace("sandbox")): Promise<Program> {
    const scopes: Scope[] = ["messages:read", "messages:write"];
    const key = await this.call<CreatedApiKey>("POST", "/api-keys", { name: "shop backend", scopes }, workspace);
    return new Program(this.gateway.address, key.secret);
  }

  async channel(provider: ProviderKind, workspace = this.workspace("sandbox")): Promise<ChannelView> {
    const { data } = await this.call<ListChannelView>("GET", "/channels", undefined, workspace);
    const found = data.find((channel) => channel.provider === provider);
    if (!found) {
      throw new Error(`there is no channel at ${provider}`);
    }
    return found;
  }

  /** A message with everything that is known of it. */
  story(message: string): Promise<MessageStory> {
    return this.call("GET", `/messages/${message}`);
  }

  /** The newest messages, the newest first. */
  async messages(): Promise<MessageView[]> {
    return (await this.call<ListMessageView>("GET", "/messages")).data;
  }

  /** What the simulator counted at a provider. */
  async ledger(provider: ProviderKind): Promise<LedgerLine | undefined> {
    const { id } = await this.channel(provider);
    const { data } = await this.call<SandboxLedger>("GET", "/sandbox/ledger");
    return data.find((line) => line.channel_id === id);
  }

  /** Keeps what is sent through a sandbox channel from leaving, until it is resumed. */
  async hold(provider: ProviderKind): Promise<void> {
    const { id } = await this.channel(provider);
    await this.call("POST", `/channels/${id}/hold`);
  }

  async useProvider(provider: ProviderKind): Promise<void> {
    await this.call("PATCH", "/workspace", { whatsapp_provider: provider });
  }

  /** Waits until something is so. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    await expect.poll(holds, { message: what }).toBe(true);
  }

  /** The virtual customer writes. */
  async customerWrites(text: string, from?: string): Promise<void> {
    await this.call("POST", "/sandbox/replies", { text, ...(from && { from }) });
  }
}

function parsed(header: string, domain: string): StorageState["cookies"][number] {
  const [pair = "", ...attributes] = header.split(/;\s*/);
  const split = pair.indexOf("=");
  const attribute = (name: string) => attributes.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    name: pair.slice(0, split),
    value: pair.slice(split + 1),
    domain,
    path: attribute("Path") ?? "/",
    expires: Date.now() / 1000 + Number(attribute("Max-Age")),
    httpOnly: attributes.includes("HttpOnly"),
    secure: attributes.includes("Secure"),
    sameSite: "Strict",
  };
}
