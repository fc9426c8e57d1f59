import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";
import { Page } from "./page";
import { startWords } from "./test-words";
import { useUnsavedGuard } from "./unsaved";

beforeAll(startWords);

function Form() {
  const goOn = useUnsavedGuard(true);
  return (
    <Page title="Form">
      <Link from="/" to="/" search={{ tab: "more" }}>
        More
      </Link>
      <Link to="/sign-in">List</Link>
      <button type="button" onClick={goOn}>
        Saved
      </button>
    </Page>
  );
}

function start() {
  const root = createRootRoute();
  const form = createRoute({ getParentRoute: () => root, path: "/", component: Form });
  const list = createRoute({
    getParentRoute: () => root,
    path: "/sign-in",
    component: () => <Page title="List">…</Page>,
  });
  const router = createRouter({ routeTree: root.addChildren([form, list]), history: createMemoryHistory() });
  // The types of links are those of the console's own routes.
  render(<RouterProvider router={router as never} />);
  return userEvent.setup();
}

it("asks before what was typed is lost, and goes on when told to", async () => {
  const user = start();
  await user.click(await screen.findByRole("link", { name: "List" }));
  expect(await screen.findByRole("alertdialog", { name: "Leave this page?" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.getByRole("heading", { name: "Form" })).toBeInTheDocument();

  await user.click(screen.getByRole("link", { name: "List" }));
  await user.click(await screen.findByRole("button", { name: "Leave without saving" }));
  expect(await screen.findByRole("heading", { name: "List" })).toHaveFocus();
  expect(document.title).toBe("List · Duplex");
});

it("does not ask within the page, nor when it has been saved", async () => {
  const user = start();
  await user.click(await screen.findByRole("link", { name: "More" }));
  expect(screen.queryByRole("alertdialog")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Saved" }));
  await user.click(screen.getByRole("link", { name: "List" }));
  expect(await screen.findByRole("heading", { name: "List" })).toBeInTheDocument();
});
