import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { keepFocusInSight } from "./focus-in-sight";

beforeAll(keepFocusInSight);

const brought: Element[] = [];
let field: HTMLInputElement;
/** What a frame draws can be asked for in the next one. */
const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));

beforeEach(() => {
  brought.length = 0;
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
    brought.push(this);
  });
  document.body.innerHTML = "<button>First</button><input>";
  field = document.querySelector("input") as HTMLInputElement;
});

afterEach(() => {
  document.body.innerHTML = "";
});

/** There is no layout here: what has a box is told. */
function stands(element: Element, top: number) {
  vi.spyOn(element, "getBoundingClientRect").mockReturnValue(new DOMRect(0, top, 100, 30));
}

async function tabTo(element: HTMLElement) {
  const user = userEvent.setup();
  while (document.activeElement !== element) {
    await user.tab();
  }
  await drawn();
}

test("what Tab leads to is brought into sight, below the screen or above it", async () => {
  stands(field, window.innerHeight);
  await tabTo(field);
  expect(brought).toEqual([field]);
  stands(field, -40);
  document.body.focus();
  document.querySelector("button")?.focus();
  await tabTo(field);
  expect(brought).toEqual([field, field]);
});

test("what is in sight stays where it is", async () => {
  stands(field, 100);
  await tabTo(field);
  expect(brought).toEqual([]);
});

test("a focus that a script or the mouse gives scrolls nothing", async () => {
  stands(field, -40);
  field.focus({ preventScroll: true });
  await drawn();
  field.blur();
  await userEvent.setup().click(field);
  expect(field).toHaveFocus();
  await drawn();
  expect(brought).toEqual([]);
});

test("the page itself is not brought anywhere when Tab leaves it", async () => {
  stands(document.body, -400);
  field.focus();
  await userEvent.setup().tab();
  expect(document.body).toHaveFocus();
  await drawn();
  expect(brought).toEqual([]);
});
