import type { ChannelView, ComparisonGroup, ComparisonRow, Provider, ProviderKind } from "../../api/schema.gen";
import { ofProvider } from "./channel";

// A `Record` does not compile when the API has a group that is missing here.
const order: Record<ComparisonGroup, number> = {
  setup: 1,
  cost: 2,
  best_for: 3,
  messages: 4,
  incoming: 5,
  templates: 6,
  limits: 7,
  webhooks: 8,
  support: 9,
};

/**
 * Whether the providers' answers are not the same. A plain yes, no or unknown at both is the same answer, however it is
 * explained; "partly" and figures are told apart by their notes.
 */
export function differs(row: ComparisonRow, providers: readonly ProviderKind[]): boolean {
  const [first, ...others] = providers.map((provider) => row[provider]);
  return others.some((cell) => {
    if (first === undefined || cell.verdict !== first.verdict) {
      return true;
    }
    return (cell.verdict === "text" || cell.verdict === "partly") && cell.note !== first.note;
  });
}

export interface RowGroup {
  group: ComparisonGroup;
  rows: ComparisonRow[];
}

/** Rows by their groups, in the groups' order; groups without a row are left out. */
export function grouped(rows: readonly ComparisonRow[]): RowGroup[] {
  const groups = new Map<ComparisonGroup, ComparisonRow[]>();
  for (const row of rows) {
    const found = groups.get(row.group);
    if (found) {
      found.push(row);
    } else {
      groups.set(row.group, [row]);
    }
  }
  return [...groups].map(([group, its]) => ({ group, rows: its })).sort((a, b) => order[a.group] - order[b.group]);
}

/** What a provider's channel in this workspace really does, beside what holds in general. */
export interface LiveColumn {
  provider: Provider;
  channel: ChannelView;
  /** Channels of the provider beside this one. */
  others: number;
  /** Messages a second: the channel's own ceiling, or the provider's. */
  rate: { value: number; own: boolean };
}

/** The channel that stands for each provider: its default. */
export function liveColumns(
  providers: readonly Provider[],
  channels: readonly ChannelView[],
): Map<ProviderKind, LiveColumn> {
  const columns = new Map<ProviderKind, LiveColumn>();
  for (const provider of providers) {
    const [channel, ...others] = ofProvider(channels, provider.id);
    if (channel) {
      const own = channel.messages_per_second;
      const rate =
        own === undefined || own === null
          ? { value: provider.capabilities.throughput.per_second.value, own: false }
          : { value: own, own: true };
      columns.set(provider.id, { provider, channel, others: others.length, rate });
    }
  }
  return columns;
}
