import type { LucideIcon } from "lucide-react";
import {
  CircleQuestionMark,
  CircleX,
  FileText,
  FileWarning,
  Gauge,
  KeyRound,
  LayoutDashboard,
  MessagesSquare,
  Radio,
  ScrollText,
  Settings,
  Smartphone,
  SplitSquareHorizontal,
  UserX,
  Webhook,
} from "lucide-react";
import type { Environment } from "../api/schema.gen";

export type PageName =
  | "overview"
  | "messages"
  | "unknowns"
  | "dead-letters"
  | "templates"
  | "suppressions"
  | "phone"
  | "providers"
  | "channels"
  | "delivery"
  | "api-keys"
  | "webhook-endpoints"
  | "event-log"
  | "error-codes"
  | "settings";

export interface PageEntry {
  name: PageName;
  to: `/w/$workspace/${PageName}`;
  icon: LucideIcon;
  /** The letter after `g`. */
  key: string;
  group?: "providers" | "developers";
  /** Where the page makes sense; everywhere when absent. */
  only?: Environment;
}

/** The pages of the rail, in its order; the palette and the shortcuts read the same list. */
export const pages: readonly PageEntry[] = [
  { name: "overview", to: "/w/$workspace/overview", icon: LayoutDashboard, key: "o" },
  { name: "messages", to: "/w/$workspace/messages", icon: MessagesSquare, key: "m" },
  { name: "unknowns", to: "/w/$workspace/unknowns", icon: CircleQuestionMark, key: "u" },
  { name: "dead-letters", to: "/w/$workspace/dead-letters", icon: CircleX, key: "f" },
  { name: "templates", to: "/w/$workspace/templates", icon: FileText, key: "t" },
  { name: "suppressions", to: "/w/$workspace/suppressions", icon: UserX, key: "b" },
  { name: "phone", to: "/w/$workspace/phone", icon: Smartphone, key: "v", only: "sandbox" },
  { name: "providers", to: "/w/$workspace/providers", icon: SplitSquareHorizontal, key: "p", group: "providers" },
  { name: "channels", to: "/w/$workspace/channels", icon: Radio, key: "c", group: "providers" },
  { name: "delivery", to: "/w/$workspace/delivery", icon: Gauge, key: "d", group: "providers" },
  { name: "api-keys", to: "/w/$workspace/api-keys", icon: KeyRound, key: "k", group: "developers" },
  {
    name: "webhook-endpoints",
    to: "/w/$workspace/webhook-endpoints",
    icon: Webhook,
    key: "w",
    group: "developers",
  },
  { name: "event-log", to: "/w/$workspace/event-log", icon: ScrollText, key: "e", group: "developers" },
  { name: "error-codes", to: "/w/$workspace/error-codes", icon: FileWarning, key: "x", group: "developers" },
  { name: "settings", to: "/w/$workspace/settings", icon: Settings, key: "s" },
];

export function pagesOf(environment: Environment): readonly PageEntry[] {
  return pages.filter(({ only }) => only === undefined || only === environment);
}
