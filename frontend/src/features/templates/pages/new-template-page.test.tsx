import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { TemplateDefinition, Violation } from "../../../api/schema.gen";
import domain from "../../../i18n/locales/en/domain.json";
import texts from "../../../i18n/locales/en/templates.json";
import ui from "../../../i18n/locales/en/ui.json";
import { showPage, speakEnglish } from "../../../test/page";
import { origin, testServer } from "../../../test/server";
import { newTemplateSearch } from "../search";
import { preview, template } from "../test/samples";
import { NewTemplatePage } from "./new-template-page";

const server = testServer();

speakEnglish({ templates: texts, domain, ui });

let previewed: TemplateDefinition[];
let saved: TemplateDefinition[];
let violations: Violation[];

beforeEach(() => {
  previewed = [];
  saved = [];
  violations = [];
  server.use(
    http.get(`${origin}/api/v1/templates/t1`, () => HttpResponse.json(template)),
    http.post<never, TemplateDefinition>(`${origin}/api/v1/templates/preview`, async ({ request }) => {
      previewed.push(await request.json());
      return HttpResponse.json({
        ...preview,
        violations,
        twilio: {
          ...preview.twilio,
          whole: false,
          lost: [{ feature: "location_header", where: "header", why: "Twilio has no place headers", blocks: true }],
        },
      });
    }),
    http.post<never, TemplateDefinition>(`${origin}/api/v1/templates`, async ({ request }) => {
      const body = await request.json();
      saved.push(body);
      return body.name === "taken"
        ? HttpResponse.json(
            {
              type: "",
              title: "It exists",
              code: "conflict",
              request_id: "r1",
              errors: [{ field: "name", code: "conflict", message: "it exists in this language" }],
            },
            { status: 409 },
          )
        : HttpResponse.json({ ...template, ...body }, { status: 201 });
    }),
  );
});

function show(search = "") {
  return showPage({
    name: "templates/new",
    component: NewTemplatePage,
    validateSearch: newTemplateSearch,
    search,
    scopes: ["templates:read", "templates:write"],
  });
}

test("variables ask for samples, and a broken rule is told at its field as soon as something is written", async () => {
  violations = [{ field: "body.samples[1]", code: "required", message: "the reviewer needs a sample" }];
  const { user } = show();
  const body = await screen.findByRole("textbox", { name: "Text" });
  await screen.findByText(/has left our warehouse/);
  expect(screen.queryByText("the reviewer needs a sample")).toBeNull();

  await user.click(body);
  await user.paste("Hello {{1}}, order {{2}} is there.");
  await user.type(screen.getByRole("textbox", { name: "Sample for {{1}}" }), "Ada");
  const second = screen.getByRole("textbox", { name: "Sample for {{2}}" });
  await expect.poll(() => second.getAttribute("aria-invalid")).toBe("true");
  expect(second).toHaveAccessibleDescription("the reviewer needs a sample");
  await expect
    .poll(() => previewed.at(-1)?.body)
    .toEqual({ text: "Hello {{1}}, order {{2}} is there.", samples: [{ text: "Ada" }, { text: "" }] });
});

test("a sample comes back with its variable, and only those of the text are sent", async () => {
  const { user } = show("?starter=order_shipped");
  const body = await screen.findByRole("textbox", { name: "Text" });
  const samples = () => screen.queryAllByRole("textbox", { name: /^Sample for {{/ });
  const values = () => samples().map((sample) => (sample as HTMLInputElement).value);
  expect(values()).toEqual(["Ada", "77"]);
  const at = "Hello {{1}".length;
  await user.type(body, "{Delete}", { initialSelectionStart: at, initialSelectionEnd: at });
  expect(body).toHaveValue("Hello {{1}, order {{2}} has left our warehouse.");
  await expect.poll(() => previewed.at(-1)?.body?.samples).toHaveLength(1);
  await user.type(body, "}", { initialSelectionStart: at, initialSelectionEnd: at });
  expect(values()).toEqual(["Ada", "77"]);

  await user.clear(body);
  await user.type(body, "Hello {{{{2}}.");
  expect(values()).toEqual(["77"]);
  await user.selectOptions(screen.getByRole("combobox", { name: texts.editor.format }), "named");
  expect(values()).toEqual(["77"]);
  await expect.poll(() => previewed.at(-1)?.body?.samples).toEqual([{ name: "2", text: "77" }]);
});

test("the samples of a card come back with its text", async () => {
  const { user } = show("?starter=order_shipped");
  await user.click(await screen.findByRole("button", { name: texts.editor.addCard }));
  const text = screen.getAllByRole("textbox", { name: "Text" }).at(-1) as HTMLElement;
  await user.click(text);
  await user.paste("Only {{1}}.");
  const sample = () => screen.getAllByRole("textbox", { name: "Sample for {{1}}" }).at(-1);
  await user.type(sample() as HTMLElement, "9 euros");
  await user.clear(text);
  // A card needs no text of its own.
  await expect.poll(() => previewed.at(-1)?.cards?.map(({ body }) => body)).toEqual([undefined]);
  await user.paste("From {{1}} on.");
  expect(sample()).toHaveValue("9 euros");
  await expect
    .poll(() => previewed.at(-1)?.cards?.[0]?.body)
    .toEqual({ text: "From {{1}} on.", samples: [{ text: "9 euros" }] });
});

test("both providers' forms stand side by side, with what is lost", async () => {
  show("?starter=order_shipped");
  const twilio = await screen.findByRole("region", { name: "Twilio Content" });
  expect(twilio).toHaveTextContent("Can't say the same");
  expect(twilio).toHaveTextContent("Twilio has no place headers");
  expect(screen.getByRole("region", { name: "Meta components" })).toHaveTextContent("Carries it whole");
});

test("what is refused keeps what was typed and says why at its field; what is taken is opened", async () => {
  const { user, history } = show("?from=t1");
  const name = await screen.findByRole("textbox", { name: "Name" });
  expect(name).toHaveValue("order_shipped");
  await user.type(screen.getByRole("textbox", { name: "Language" }), "es");
  await user.clear(name);
  await user.type(name, "taken");
  await user.click(screen.getByRole("button", { name: "Save template" }));
  await screen.findByText("it exists in this language");
  expect(name).toHaveValue("taken");

  await user.clear(name);
  await user.type(name, "order_shipped");
  await user.click(screen.getByRole("button", { name: "Save template" }));
  await expect.poll(() => history.location.pathname).toBe("/w/w1/templates/t1");
  expect(saved.at(-1)).toEqual({ ...template.definition, language: "es" });
});

test("what is written during an upload stays, and the medium is named as long as it is in the template", async () => {
  let answer = () => {};
  server.use(
    http.post(`${origin}/api/v1/media`, async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return HttpResponse.json({ id: "f1", kind: "image", filename: "tea.png", state: "ready" }, { status: 201 });
    }),
  );
  const { user } = show("?starter=order_shipped");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Header" }), "Image");
  const from = screen.getByRole("combobox", { name: texts.editor.sampleFrom });
  await user.selectOptions(from, texts.editor.sampleUpload);
  const waiting = answer;
  await user.upload(
    screen.getByLabelText(texts.editor.choose, { selector: "input" }),
    new File(["png"], "tea.png", { type: "image/png" }),
  );
  await expect.poll(() => answer).not.toBe(waiting);
  await user.type(screen.getByRole("textbox", { name: "Name" }), "_again");
  await user.click(screen.getByRole("button", { name: "Save template" }));
  // A category without a header is looked at meanwhile.
  const category = screen.getByRole("combobox", { name: "Category" });
  await user.selectOptions(category, "Authentication");
  answer();
  await expect.poll(() => screen.queryByText(texts.editor.uploading)).toBeNull();
  expect(saved).toEqual([]);
  await user.selectOptions(category, "Utility");
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("order_shipped_again");
  await expect
    .poll(() => previewed.at(-1))
    .toMatchObject({ name: "order_shipped_again", header: { type: "image", media_id: "f1" } });

  // Another kind of header has no medium yet, and nothing says that it has.
  await user.selectOptions(screen.getByRole("combobox", { name: "Header" }), "Video");
  expect(screen.getByRole("combobox", { name: texts.editor.sampleFrom })).toHaveDisplayValue(texts.editor.sampleLink);
  expect(screen.queryByText("tea.png")).toBeNull();
});

test("a card's medium goes with its card", async () => {
  server.use(
    http.post(`${origin}/api/v1/media`, () =>
      HttpResponse.json({ id: "f1", kind: "image", filename: "tea.png", state: "ready" }, { status: 201 }),
    ),
  );
  const { user } = show("?starter=order_shipped");
  for (let n = 0; n < 2; n += 1) {
    await user.click(await screen.findByRole("button", { name: texts.editor.addCard }));
  }
  const [first] = screen.getAllByRole("combobox", { name: texts.editor.sampleFrom });
  await user.selectOptions(first as HTMLElement, texts.editor.sampleUpload);
  await user.upload(
    screen.getByLabelText(texts.editor.choose, { selector: "input" }),
    new File(["png"], "tea.png", { type: "image/png" }),
  );
  await screen.findByText("tea.png");
  await user.click(screen.getByRole("button", { name: "Remove card 1" }));
  expect(screen.getByRole("heading", { level: 1 })).toHaveFocus();
  expect(screen.queryByText("tea.png")).toBeNull();
  expect(screen.getByRole("combobox", { name: texts.editor.sampleFrom })).toHaveDisplayValue(texts.editor.sampleLink);
});

test("a one-time code's template has only what may be chosen of it, and switching back loses nothing", async () => {
  const { user } = show("?starter=summer_sale");
  const category = await screen.findByRole("combobox", { name: "Category" });
  await user.selectOptions(category, "Authentication");
  await user.click(screen.getByRole("checkbox", { name: "Advise not to share the code" }));
  await expect
    .poll(() => previewed.at(-1))
    .toEqual({
      name: "summer_sale",
      language: "en",
      category: "authentication",
      authentication: { add_security_recommendation: true },
      buttons: [{ type: "otp" }],
    });
  await user.selectOptions(category, "Marketing");
  expect(screen.getByRole("textbox", { name: "Header text" })).toHaveValue("Summer sale");
  const buttons = screen.getByRole("group", { name: "Buttons" });
  expect(within(buttons).getAllByRole("textbox", { name: "Button text" })).toHaveLength(2);
});
