import clsx from "clsx";
import type { ReactNode } from "react";

/** What a tab's link is given: `link: (props) => <Link to="…" search={…} {...props} />`. */
export interface TabLinkProps {
  className: string;
  "aria-current": "page" | undefined;
  children: ReactNode;
}

export interface TabLinksProps {
  /** What the tabs choose between. */
  label: string;
  items: readonly {
    label: ReactNode;
    active: boolean;
    link: (props: TabLinkProps) => ReactNode;
    key?: string | undefined;
  }[];
}

/** Views of one page. Links, not ARIA tabs: each view has an address, and Back returns from it. */
export function TabLinks({ label, items }: TabLinksProps) {
  return (
    <nav aria-label={label} className="overflow-x-auto border-line border-b">
      <ul className="flex gap-1">
        {items.map((item, index) => (
          <li key={item.key ?? index} className="shrink-0">
            {item.link({
              className: clsx(
                "-mb-px inline-flex h-9 items-center gap-2 whitespace-nowrap rounded-t-md border-b-2 px-3 font-medium text-sm transition-colors focus-visible:-outline-offset-2",
                item.active
                  ? "border-accent text-ink"
                  : "border-transparent text-ink-soft hover:border-line-strong hover:text-ink forced-colors:border-none",
              ),
              "aria-current": item.active ? "page" : undefined,
              children: item.label,
            })}
          </li>
        ))}
      </ul>
    </nav>
  );
}
