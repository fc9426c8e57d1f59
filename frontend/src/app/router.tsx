import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import i18next, { type Namespace } from "i18next";
import * as v from "valibot";
import { basePath } from "../api/address";
import { sessionQuery, setupQuery } from "../api/session";
import { composeSearch } from "../features/compose/search";
import { suppressionsSearch } from "../features/contacts/search";
import { deliverySearch } from "../features/delivery/search";
import { webhookEndpointSearch } from "../features/developers/endpoints/search";
import { errorCodesSearch } from "../features/developers/error-codes/search";
import { eventLogSearch } from "../features/developers/search";
import { deadLettersSearch } from "../features/messages/dead-letters/search";
import { messagesSearch } from "../features/messages/search";
import { unknownsSearch } from "../features/messages/unknowns/search";
import { overviewSearch } from "../features/overview/search";
import { phoneSearch } from "../features/phone/search";
import { providersSearch } from "../features/providers/search";
import { newTemplateSearch, templatesSearch } from "../features/templates/search";
import { NotFoundAlone, ProblemAlone } from "./alone";
import { homeWorkspace } from "./home";
import { NotFoundPage, ProblemPage } from "./problem-page";
import { client } from "./query-client";
import { Root } from "./root";
import { WorkspaceLayout } from "./workspace-layout";

/** Fetches a page's texts while its code is on the way. */
const texts = (namespace: Namespace) => () => i18next.loadNamespaces(namespace);

const rootRoute = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Root,
  errorComponent: ProblemAlone,
  notFoundComponent: NotFoundAlone,
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  errorComponent: ProblemAlone,
  beforeLoad: async ({ context }) => {
    const session = await context.client.ensureQueryData(sessionQuery);
    if (session) {
      const workspace = homeWorkspace(session.workspaces);
      if (workspace) {
        throw redirect({ to: "/w/$workspace/overview", params: { workspace }, replace: true });
      }
    }
    const { done } = await context.client.ensureQueryData(setupQuery);
    throw redirect({ to: done ? "/sign-in" : "/setup", replace: true });
  },
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "setup",
  errorComponent: ProblemAlone,
  beforeLoad: async ({ context }) => {
    const { done } = await context.client.ensureQueryData(setupQuery);
    if (done) {
      throw redirect({ to: "/", replace: true });
    }
  },
  loader: texts("auth"),
  component: lazyRouteComponent(() => import("../features/auth/pages/setup-page"), "SetupPage"),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "sign-in",
  errorComponent: ProblemAlone,
  validateSearch: v.object({
    /** Where to go afterwards: a path of this console, never another address. */
    next: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^\/(?![/\\])/))), undefined),
  }),
  loader: texts("auth"),
  component: lazyRouteComponent(() => import("../features/auth/pages/sign-in-page"), "SignInPage"),
});

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "w/$workspace",
  errorComponent: ProblemAlone,
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(sessionQuery);
    if (!session) {
      throw redirect({ to: "/sign-in", search: { next: location.href }, replace: true });
    }
  },
  component: WorkspaceLayout,
});

const overviewRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "overview",
  validateSearch: overviewSearch,
  loader: texts("overview"),
  component: lazyRouteComponent(() => import("../features/overview/pages/overview-page"), "OverviewPage"),
});

const messagesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "messages",
  validateSearch: messagesSearch,
  loader: texts("messages"),
  component: lazyRouteComponent(() => import("../features/messages/pages/messages-page"), "MessagesPage"),
});

const unknownsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "unknowns",
  validateSearch: unknownsSearch,
  loader: texts("messages"),
  component: lazyRouteComponent(() => import("../features/messages/pages/unknowns-page"), "UnknownsPage"),
});

const deadLettersRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "dead-letters",
  validateSearch: deadLettersSearch,
  loader: texts("messages"),
  component: lazyRouteComponent(() => import("../features/messages/pages/dead-letters-page"), "DeadLettersPage"),
});

const composeRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "compose",
  validateSearch: composeSearch,
  loader: texts("compose"),
  component: lazyRouteComponent(() => import("../features/compose/pages/compose-page"), "ComposePage"),
});

const templatesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "templates",
  validateSearch: templatesSearch,
  loader: texts("templates"),
  component: lazyRouteComponent(() => import("../features/templates/pages/templates-page"), "TemplatesPage"),
});

const newTemplateRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "templates/new",
  validateSearch: newTemplateSearch,
  loader: texts("templates"),
  component: lazyRouteComponent(() => import("../features/templates/pages/new-template-page"), "NewTemplatePage"),
});

const templateRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "templates/$template",
  loader: texts("templates"),
  component: lazyRouteComponent(() => import("../features/templates/pages/template-page"), "TemplatePage"),
});

const editTemplateRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "templates/$template/edit",
  loader: texts("templates"),
  component: lazyRouteComponent(() => import("../features/templates/pages/edit-template-page"), "EditTemplatePage"),
});

const suppressionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "suppressions",
  validateSearch: suppressionsSearch,
  loader: texts("contacts"),
  component: lazyRouteComponent(() => import("../features/contacts/pages/suppressions-page"), "SuppressionsPage"),
});

const phoneRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "phone",
  validateSearch: phoneSearch,
  loader: texts("phone"),
  component: lazyRouteComponent(() => import("../features/phone/pages/phone-page"), "PhonePage"),
});

const providersRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "providers",
  validateSearch: providersSearch,
  loader: texts("providers"),
  component: lazyRouteComponent(() => import("../features/providers/pages/providers-page"), "ProvidersPage"),
});

const channelsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "channels",
  loader: texts("providers"),
  component: lazyRouteComponent(() => import("../features/providers/pages/channels-page"), "ChannelsPage"),
});

const channelRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "channels/$channel",
  loader: texts("providers"),
  component: lazyRouteComponent(() => import("../features/providers/pages/channel-page"), "ChannelPage"),
});

const deliveryRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "delivery",
  validateSearch: deliverySearch,
  loader: texts(["delivery", "delivery-settings"]),
  component: lazyRouteComponent(() => import("../features/delivery/pages/delivery-page"), "DeliveryPage"),
});

const scalingRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "guides/scaling",
  loader: texts("scaling"),
  component: lazyRouteComponent(() => import("../features/delivery/pages/scaling-page"), "ScalingPage"),
});

const guideRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "guides/$provider",
  loader: texts(["guides", "providers"]),
  component: lazyRouteComponent(() => import("../features/providers/pages/guide-page"), "GuidePage"),
});

const apiKeysRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "api-keys",
  loader: texts("developers"),
  component: lazyRouteComponent(() => import("../features/developers/pages/api-keys-page"), "ApiKeysPage"),
});

const webhookEndpointsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "webhook-endpoints",
  loader: texts("webhook-endpoints"),
  component: lazyRouteComponent(
    () => import("../features/developers/pages/webhook-endpoints-page"),
    "WebhookEndpointsPage",
  ),
});

const webhookEndpointRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "webhook-endpoints/$endpoint",
  validateSearch: webhookEndpointSearch,
  loader: texts("webhook-endpoints"),
  component: lazyRouteComponent(
    () => import("../features/developers/pages/webhook-endpoint-page"),
    "WebhookEndpointPage",
  ),
});

const eventLogRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "event-log",
  validateSearch: eventLogSearch,
  loader: texts("developers"),
  component: lazyRouteComponent(() => import("../features/developers/pages/event-log-page"), "EventLogPage"),
});

const errorCodesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "error-codes",
  validateSearch: errorCodesSearch,
  loader: texts("error-codes"),
  component: lazyRouteComponent(() => import("../features/developers/pages/error-codes-page"), "ErrorCodesPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "settings",
  loader: texts(["settings", "alerts", "delivery-settings"]),
  component: lazyRouteComponent(() => import("../features/settings/pages/settings-page"), "SettingsPage"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    setupRoute,
    signInRoute,
    workspaceRoute.addChildren([
      overviewRoute,
      messagesRoute,
      unknownsRoute,
      deadLettersRoute,
      composeRoute,
      templatesRoute,
      newTemplateRoute,
      templateRoute,
      editTemplateRoute,
      suppressionsRoute,
      phoneRoute,
      providersRoute,
      channelsRoute,
      channelRoute,
      deliveryRoute,
      scalingRoute,
      guideRoute,
      apiKeysRoute,
      webhookEndpointsRoute,
      webhookEndpointRoute,
      eventLogRoute,
      errorCodesRoute,
      settingsRoute,
    ]),
  ]),
  basepath: basePath,
  context: { client },
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: ProblemPage,
  defaultNotFoundComponent: NotFoundPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
