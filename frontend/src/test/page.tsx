import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  type AnyValidator,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next, { type Resource } from "i18next";
import type { ReactNode } from "react";
import { initReactI18next } from "react-i18next";
import { beforeAll, vi } from "vitest";
import type { Environment, Membership, ProviderKind, Scope } from "../api/schema.gen";
import { WorkspaceProvider } from "../api/workspace";
import { ToastProvider } from "../ui/toast";

/** When everything in these tests happened. */
export const at = "2026-11-22T10:00:00.000000Z";

/** The English texts of these namespaces, for the tests of one file. */
export function speakEnglish(namespaces: Resource[string]): void {
  // Whole pages on a busy machine.
  vi.setConfig({ testTimeout: 60_000 });
  beforeAll(async () => {
    await i18next.use(initReactI18next).init({
      lng: "en",
      resources: { en: namespaces },
      // The first one named is that of the page.
      defaultNS: Object.keys(namespaces)[0] ?? false,
      interpolation: { escapeValue: false },
    });
  });
}

interface Shown {
  /** The page's name in its address below the workspace. */
  name: string;
  /** The name with its parameters filled in, when it has any. */
  filled?: string;
  component: () => ReactNode;
  validateSearch: AnyValidator;
  /** What stands behind the address, with its question mark. */
  search?: string;
  environment?: Environment;
  provider?: ProviderKind;
  scopes: Scope[];
}

/** One page as the router shows it, in the workspace `w1` and with a cache of its own. */
export function showPage({
  name,
  filled = name,
  component,
  validateSearch,
  search = "",
  environment = "sandbox",
  provider = "twilio",
  scopes,
}: Shown) {
  const membership: Membership = {
    workspace: { id: "w1", name: "Main", environment, whatsapp_provider: provider, created_at: at, updated_at: at },
    role: "owner",
    scopes,
  };
  const root = createRootRoute({
    component: () => (
      <WorkspaceProvider membership={membership}>
        <Outlet />
      </WorkspaceProvider>
    ),
  });
  const page = createRoute({ getParentRoute: () => root, path: `/w/$workspace/${name}`, validateSearch, component });
  const history = createMemoryHistory({ initialEntries: [`/w/w1/${filled}${search}`] });
  const router = createRouter({ routeTree: root.addChildren([page]), history });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), client, router, history };
}
