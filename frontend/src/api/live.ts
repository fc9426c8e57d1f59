import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { apiAddress } from "./address";
import { refreshSession } from "./client";
import { keys, type Resource } from "./keys";
import type { Event, EventKind } from "./schema.gen";
import { isExpired, signedInAgain } from "./session-state";

/** `polling`: there is no stream, and what is shown is asked for again every few seconds. */
export type LiveState = "connecting" | "live" | "polling" | "offline";

/** Without a stream for so long, what is shown is polled. */
const PATIENCE_MS = 5_000;
const POLL_MS = 3_000;
/** At most four refetches a second, whatever arrives. */
const BATCH_MS = 250;
/** So many times a batch waits for requests that are under way; then they hang, and are begun anew. */
const BATCHES_TO_WAIT = 40;
/** Sums are read at leisure, however fast messages flow. */
const SUMS_MS = 3_000;
const SUMS = ["ledger", "unknowns", "dead-letters"] as const;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 15_000;

type Listener = (event: Event) => void;

let state: LiveState = "connecting";
const watchers = new Set<() => void>();
const listeners = new Set<Listener>();

function become(next: LiveState): void {
  if (state !== next) {
    state = next;
    for (const watcher of watchers) {
      watcher();
    }
  }
}

/** What an entry of the feed makes stale. */
export function staleAfter(kind: EventKind): readonly Resource[] {
  if (kind.startsWith("message.")) {
    return ["messages", "contacts", "sandbox", "events", "webhook-events", "channels"];
  }
  if (kind.startsWith("channel.")) {
    // A template says which channels can send it.
    return ["channels", "messages", "templates", "events", "delivery"];
  }
  if (kind.startsWith("contact.")) {
    return ["contacts", "suppressions", "messages", "events", "webhook-events"];
  }
  if (kind.startsWith("template.")) {
    return ["templates", "events", "delivery"];
  }
  if (kind.startsWith("alert.")) {
    return ["alerts", "channels", "events", "webhook-endpoints"];
  }
  if (kind === "workspace.updated") {
    return ["workspace", "events", "delivery"];
  }
  return ["channels", "events", "webhook-events"];
}

/** Follows one workspace's feed until it is stopped. */
export class Follower {
  private stream: EventSource | undefined;
  private lastSeq: string | undefined;
  private failures = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pollTimer: ReturnType<typeof setInterval> | undefined;
  private patienceTimer: ReturnType<typeof setTimeout> | undefined;
  private batchTimer: ReturnType<typeof setTimeout> | undefined;
  private sumsTimer: ReturnType<typeof setTimeout> | undefined;
  private sumsAskedAt = 0;
  private stale = new Set<Resource>();
  private batchesWaited = 0;
  private sessionStale = false;
  private stopped = false;
  private readonly workspace: string;
  private readonly client: QueryClient;

  constructor(workspace: string, client: QueryClient) {
    this.workspace = workspace;
    this.client = client;
  }

  start(): void {
    document.addEventListener("visibilitychange", this.look);
    window.addEventListener("online", this.anew);
    window.addEventListener("offline", this.anew);
    this.look();
  }

  stop(): void {
    this.stopped = true;
    document.removeEventListener("visibilitychange", this.look);
    window.removeEventListener("online", this.anew);
    window.removeEventListener("offline", this.anew);
    this.close();
    clearTimeout(this.batchTimer);
    clearTimeout(this.sumsTimer);
  }

  /** A hidden tab keeps no stream: over plain HTTP a browser has six connections to a host for all its tabs. */
  private look = (): void => {
    if (this.stopped) {
      // A refresh of the session that was under way ends here.
    } else if (document.visibilityState === "hidden") {
      this.close();
    } else if (!this.stream && !this.retryTimer) {
      this.open();
    }
  };

  /** The network came or went. Only trying tells what that means: a gateway on the same machine needs none. */
  private anew = (): void => {
    this.close();
    this.look();
  };

  private open(): void {
    this.patienceTimer ??= setTimeout(() => this.poll(), PATIENCE_MS);
    const query = new URLSearchParams({ workspace: this.workspace });
    if (this.lastSeq) {
      query.set("after", this.lastSeq);
    }
    const stream = new EventSource(`${apiAddress}/api/v1/events/stream?${query}`, { withCredentials: true });
    this.stream = stream;
    stream.onopen = () => {
      const missed = this.failures > 0 || state === "polling" || this.lastSeq === undefined;
      this.failures = 0;
      this.calm();
      become("live");
      if (missed) {
        this.everythingIsStale();
      }
    };
    stream.onmessage = (message) => {
      this.lastSeq = message.lastEventId;
      const event: Event = JSON.parse(message.data);
      for (const listener of listeners) {
        listener(event);
      }
      this.mark(event.type);
    };
    stream.addEventListener("reset", (message) => {
      this.lastSeq = message.lastEventId;
      this.everythingIsStale();
    });
    stream.addEventListener("end", (message) => {
      const { reason }: { reason: string } = JSON.parse(message.data);
      // The access token ran out, as it does every few minutes: no news for whoever reads or hears how it stands.
      const isRoutine = reason === "credential" && this.failures === 0;
      this.again(reason === "credential", isRoutine);
    });
    // An EventSource tries again by itself only after some failures, and never tells an ended session from a dead server.
    stream.onerror = () => this.again(stream.readyState === EventSource.CLOSED);
  }

  private again(credential: boolean, isRoutine = false): void {
    this.stream?.close();
    this.stream = undefined;
    this.failures += 1;
    if (!navigator.onLine) {
      become("offline");
    } else if ((state === "live" && !isRoutine) || state === "offline") {
      become("connecting");
    }
    this.patienceTimer ??= setTimeout(() => this.poll(), PATIENCE_MS);
    if (this.failures >= 3) {
      this.poll();
    }
    const ceiling = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** (this.failures - 1));
    const wait = ceiling / 2 + (Math.random() * ceiling) / 2;
    this.retryTimer = setTimeout(async () => {
      if (isExpired()) {
        await signedInAgain();
      } else if (credential) {
        // Failing is fine: the next call of a page asks for a sign-in, and the stream is tried again until then.
        await refreshSession().catch(() => undefined);
      }
      this.retryTimer = undefined;
      this.look();
    }, wait);
  }

  private poll(): void {
    if (!this.pollTimer && navigator.onLine) {
      become("polling");
      // A request that takes longer than that is not broken off, or nothing would ever arrive.
      this.pollTimer = setInterval(() => this.everythingIsStale(false), POLL_MS);
    }
  }

  private calm(): void {
    clearTimeout(this.patienceTimer);
    clearInterval(this.pollTimer);
    this.patienceTimer = undefined;
    this.pollTimer = undefined;
  }

  private close(): void {
    this.stream?.close();
    this.stream = undefined;
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.calm();
  }

  private mark(kind: EventKind): void {
    for (const resource of staleAfter(kind)) {
      this.stale.add(resource);
    }
    this.sessionStale ||= kind === "workspace.updated";
    this.batchTimer ??= setTimeout(() => this.flush(), BATCH_MS);
    if (kind.startsWith("message.")) {
      const wait = this.sumsAskedAt + SUMS_MS - Date.now();
      this.sumsTimer ??= setTimeout(() => this.askForSums(), Math.max(BATCH_MS, wait));
    }
  }

  private askForSums(): void {
    this.sumsTimer = undefined;
    this.sumsAskedAt = Date.now();
    for (const resource of SUMS) {
      void this.client.invalidateQueries({ queryKey: keys.of(this.workspace, resource) });
    }
  }

  private flush(): void {
    this.batchTimer = undefined;
    const stale = this.stale;
    this.stale = new Set();
    for (const resource of stale) {
      const queryKey = keys.of(this.workspace, resource);
      // An answer under way may be older than the event, so it is asked again, but after it: events that come faster than
      // answers must not break them off for ever.
      if (this.batchesWaited < BATCHES_TO_WAIT && this.client.isFetching({ queryKey }) > 0) {
        this.stale.add(resource);
      } else {
        void this.client.invalidateQueries({ queryKey });
      }
    }
    this.batchesWaited = this.stale.size > 0 ? this.batchesWaited + 1 : 0;
    if (this.stale.size > 0) {
      this.batchTimer = setTimeout(() => this.flush(), BATCH_MS);
    }
    if (this.sessionStale) {
      this.sessionStale = false;
      void this.client.invalidateQueries({ queryKey: keys.session });
    }
  }

  private everythingIsStale(cancelRefetch = true): void {
    void this.client.invalidateQueries({ queryKey: keys.workspace(this.workspace) }, { cancelRefetch });
  }
}

/** Follows the workspace's feed for as long as the component is there. One per page: the shell's. */
export function useFollow(workspace: string): void {
  const client = useQueryClient();
  useEffect(() => {
    become("connecting");
    const follower = new Follower(workspace, client);
    follower.start();
    return () => follower.stop();
  }, [workspace, client]);
}

export function useLive(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

/** Hears each entry of the feed as it arrives. */
export function useLiveEvents(listener: Listener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const hear: Listener = (event) => latest.current(event);
    listeners.add(hear);
    return () => {
      listeners.delete(hear);
    };
  }, []);
}
