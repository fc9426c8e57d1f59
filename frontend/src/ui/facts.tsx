import type { ReactNode } from "react";

export interface Fact {
  label: string;
  value: ReactNode;
}

/** Names and their values, side by side; one under the other where it is narrow. */
export function Facts({ items }: { items: readonly Fact[] }) {
  return (
    <div className="@container">
      <dl className="grid gap-y-2.5 text-sm @sm:grid-cols-[minmax(6rem,max-content)_minmax(0,1fr)] @sm:gap-x-6">
        {items.map((item) => (
          <div key={item.label} className="grid gap-y-0.5 @sm:col-span-2 @sm:grid-cols-subgrid">
            <dt className="text-ink-soft">{item.label}</dt>
            <dd className="break-anywhere">{item.value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
