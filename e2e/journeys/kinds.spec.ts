// Every kind of message: written in the console and seen on the virtual phone, sent from the phone and seen in the console.

import type { Locator, Page, Response } from "@playwright/test";
import type {
  Capabilities,
  Carried,
  InboundKind,
  Kind,
  MessageView,
  ProviderKind,
} from "../../frontend/src/api/schema.gen.ts";
import { picture, samples } from "../support/kinds.ts";
import type { Owner } from "../support/owner.ts";
import { CUSTOMER } from "../support/sending.ts";
import { expect, test } from "../support/test.ts";

/** What the customer writes, so that free messages reach them. */
const GREETING = "Hello?";

const providers: readonly ProviderKind[] = ["twilio", "direct"];

interface Written {
  /** `earlier` is the last message that the customer sent. */
  fill: (form: Form, earlier: string) => Promise<void>;
  /** What the customer then sees, in the newest message. */
  seen: string | RegExp;
  /** It is seen at the message of the customer that it is about. */
  atEarlier?: boolean;
  /** Not everybody can get it. */
  to?: string;
}

/** The form of a kind, by the names of its fields. */
class Form {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  field(label: string, n = 0): Locator {
    return this.page.getByRole("textbox", { name: new RegExp(`^${label}( \\(optional\\))?$`) }).nth(n);
  }

  fill(label: string, text: string, n = 0): Promise<void> {
    return this.field(label, n).fill(text);
  }

  async link(address: string, n = 0): Promise<void> {
    await this.page.getByLabel("From", { exact: true }).nth(n).selectOption({ label: "Address" });
    await this.fill("Public address", address, n);
  }

  async choose(label: string, option: string, n = 0): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).nth(n).selectOption({ label: option });
  }

  async add(what: string): Promise<void> {
    await this.page.getByRole("button", { name: what }).last().click();
  }
}

/** A kind that is not here is written in a form of its own, whose tests are elsewhere. */
const written: Partial<Record<Kind, Written>> = {
  text: { fill: (form) => form.fill("Message", "Your parcel waits"), seen: "Your parcel waits" },
  image: {
    fill: async (form) => {
      const file = { name: "front.png", mimeType: "image/png", buffer: picture };
      await form.page.locator("input[type=file]").setInputFiles(file);
      await expect(form.page.getByText("front.png")).toBeVisible();
      await form.fill("Caption", "Front view");
    },
    seen: "Front view",
  },
  video: { fill: (form) => form.link("https://acme.example/v/demo.mp4"), seen: /demo\.mp4|Video/ },
  audio: { fill: (form) => form.link("https://acme.example/a/hello.ogg"), seen: /hello\.ogg|Audio/ },
  document: {
    fill: (form) => form.link("https://acme.example/d/inv-77.pdf"),
    seen: /inv-77\.pdf/,
  },
  sticker: { fill: (form) => form.link("https://acme.example/s/hello.webp"), seen: /hello\.webp|Sticker/ },
  location: {
    fill: async (form) => {
      await form.fill("Latitude", "51.5034");
      await form.fill("Longitude", "-0.1276");
      await form.fill("Name", "Acme shop");
    },
    seen: "Acme shop",
  },
  contacts: {
    fill: async (form) => {
      await form.fill("Full name", "Ada Byron");
      await form.fill("First name", "Ada");
      await form.fill("Number as shown", "+447700900456");
    },
    seen: "Ada Byron",
  },
  reaction: {
    fill: async (form, earlier) => {
      await form.fill("Message", earlier);
      await form.fill("Emoji", "👍");
    },
    seen: "Reaction of the business:",
    atEarlier: true,
  },
  one_time_code: {
    fill: async (form) => {
      await form.fill("Name", "login_code");
      await form.fill("Language", "en_US");
      await form.fill("Code", "493817");
    },
    seen: /493817/,
  },
  reply_buttons: {
    fill: async (form) => {
      await form.fill("Text", "Keep Friday 10:00?");
      await form.fill("Id that comes back", "appt:77:keep");
      await form.fill("Title", "Keep");
      await form.fill("Id that comes back", "appt:77:move", 1);
      await form.fill("Title", "Move", 1);
    },
    seen: "Keep Friday 10:00?",
  },
  list: {
    fill: async (form) => {
      await form.fill("Text", "Choose a slot");
      await form.fill("Button text", "Slots");
      await form.fill("Id that comes back", "slot:1");
      await form.fill("Title", "10:00", 1);
      await form.fill("Id that comes back", "slot:2", 1);
      await form.fill("Title", "11:30", 2);
    },
    seen: "Choose a slot",
  },
  cta_url: {
    fill: async (form) => {
      await form.fill("Text", "Track your parcel");
      await form.fill("Button text", "Track");
      await form.fill("Address it opens", "https://acme.example/t/9");
    },
    seen: "Track your parcel",
  },
  flow: {
    fill: async (form) => {
      await form.fill("Text", "Book a visit");
      await form.fill("Button text", "Book now");
      await form.fill("Flow id", "800000000000001");
      await form.fill("Token that comes back", "gw-flow-77");
      await form.fill("First screen", "FIRST");
    },
    seen: "Book a visit",
  },
  location_request: { fill: (form) => form.fill("Text", "Where shall we meet you?"), seen: "Where shall we meet you?" },
  address_request: {
    fill: async (form) => {
      await form.fill("Text", "Where shall we deliver?");
      await form.fill("Country", "IN");
    },
    seen: "Where shall we deliver?",
    to: "+919876543210",
  },
  product: {
    fill: async (form) => {
      await form.fill("Text", "As you asked");
      await form.fill("Catalogue id", "900000000000001");
      await form.fill("Product id", "sku-1");
    },
    seen: "As you asked",
  },
  product_list: {
    fill: async (form) => {
      await form.fill("Header", "Teas");
      await form.fill("Text", "Our picks");
      await form.fill("Catalogue id", "900000000000001");
      await form.fill("Title", "Green");
      await form.fill("Product ids", "sku-1\nsku-2");
    },
    seen: "Our picks",
  },
  catalog: { fill: (form) => form.fill("Text", "Browse everything"), seen: "Browse everything" },
  carousel: {
    fill: async (form) => {
      await form.fill("Text", "New in");
      for (const [n, tea] of ["Sencha", "Assam"].entries()) {
        await form.link(`https://acme.example/${n}.jpg`, n);
        await form.fill("Text", tea, n + 1);
        await form.fill("Button text", "Buy", n);
        await form.fill("Address it opens", `https://acme.example/b/${n}`, n);
      }
    },
    seen: "New in",
  },
};

/** What the menu of the phone offers: the kind under which it arrives, and what of it stands in the list. */
const sendable: Record<string, { name: string; arrives: InboundKind; text: string | RegExp }> = {
  image: { name: "Image", arrives: "image", text: "Like this" },
  video: { name: "Video", arrives: "video", text: "Video" },
  audio: { name: "Voice message", arrives: "audio", text: "Voice message" },
  document: { name: "Document", arrives: "document", text: /order-77\.pdf|Document/ },
  sticker: { name: "Sticker", arrives: "sticker", text: "Sticker" },
  location: { name: "Location", arrives: "location", text: "Acme shop" },
  // Twilio hands a card on as a file, and files without their names.
  contacts: { name: "Contact card", arrives: "contacts", text: /Ada Byron|Document/ },
  order: { name: "Order", arrives: "order", text: "Order of 1 product" },
  text: { name: "Text", arrives: "text", text: "Is it ready?" },
  request_welcome: { name: "First opening", arrives: "request_welcome", text: "Opened the chat for the first time" },
  identity_change: { name: "Change of identity", arrives: "system", text: "identity" },
  unsupported: { name: "Poll", arrives: "unsupported", text: "Something that WhatsApp does not hand on" },
  unknown: { name: "Unknown", arrives: "other", text: "hologram" },
};

for (const provider of providers) {
  test(`what ${provider} carries is written in the console and seen on the phone`, async ({ owner, page }) => {
    // Twenty messages, one after the other.
    test.slow();
    await owner.useProvider(provider);
    const kinds = (await carried(owner, provider)).filter((kind) => written[kind]);
    const phone = await page.context().newPage();
    const phoneOf = `/w/${owner.workspace("sandbox")}/phone?customer=`;
    await page.goto(`/w/${owner.workspace("sandbox")}/compose`);
    const form = new Form(page);
    let shown = "";
    for (const kind of kinds) {
      await test.step(kind, async () => {
        const { fill, seen, atEarlier = false, to = CUSTOMER } = written[kind] as Written;
        if (to !== shown) {
          // Free messages reach only those who wrote.
          await owner.customerWrites(GREETING, to);
          await phone.goto(phoneOf + encodeURIComponent(to));
          shown = to;
        }
        const earlier = (await owner.messages()).find(
          ({ direction, person }) => direction === "inbound" && person === to,
        );
        await page.getByRole("textbox", { name: "To", exact: true }).fill(to);
        await page.getByLabel("Kind of message").selectOption(kind);
        await fill(form, earlier?.id ?? "");
        await send(page);
        // Not the items of the lists inside of a message.
        const bubbles = phone.getByRole("list", { name: "Conversation" }).locator("> li");
        const bubble = (atEarlier ? bubbles.filter({ hasText: GREETING }) : bubbles).last();
        await expect(bubble.getByText(seen).first()).toBeAttached();
      });
    }
  });

  test(`what a customer sends from the phone is seen in the messages of ${provider}`, async ({ owner, page }) => {
    await owner.useProvider(provider);
    const { inbound } = await capabilities(owner, provider);
    const { id: channel } = await owner.channel(provider);
    await page.goto(`/w/${owner.workspace("sandbox")}/phone?channel=${channel}`);
    await page.getByText("Send something else").click();
    const choice = page.getByLabel("What the customer sends");
    const arrived: (string | RegExp)[] = [];
    for (const [kind, { name, arrives, text }] of Object.entries(sendable)) {
      await test.step(kind, async () => {
        await choice.selectOption(kind);
        const before = (await owner.messages()).length;
        const answer = await replied(page, () => page.getByRole("button", { name: "Send it" }).click());
        const forwarded = isCarried(inbound.find((cell) => cell.kind === arrives)?.verdict);
        if (!forwarded) {
          expect(answer.status(), kind).toBe(422);
          await expect(page.getByText(/does not forward/)).toBeVisible();
          return;
        }
        expect(answer.status(), `${name}: ${await answer.text()}`).toBe(201);
        await owner.until(`${kind} is a message`, async () => (await owner.messages()).length === before + 1);
        arrived.unshift(text);
      });
    }
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Messages" }).click();
    const table = page.getByRole("table", { name: "Messages" });
    // The newest first, below the heads of the columns.
    for (const [n, text] of arrived.entries()) {
      await expect(table.getByRole("row").nth(n + 1)).toContainText(text);
    }
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
}

for (const provider of providers) {
  test(`a button that is pressed and a reaction on the phone come back by ${provider}`, async ({ owner, page }) => {
    await owner.useProvider(provider);
    await owner.customerWrites("Hello?");
    const { id } = await owner.call<MessageView>("POST", "/messages", {
      to: CUSTOMER,
      content: samples.reply_buttons(""),
    });
    await owner.until("read", async () => ["delivered", "read"].includes((await owner.story(id)).state));
    const { id: channel } = await owner.channel(provider);
    await page.goto(`/w/${owner.workspace("sandbox")}/phone?channel=${channel}`);
    const bubble = page
      .getByRole("list", { name: "Conversation" })
      .getByRole("listitem")
      .filter({ hasText: "Keep Friday" });
    expect((await replied(page, () => bubble.getByRole("button", { name: "Keep" }).click())).status()).toBe(201);
    await owner.until("answered", async () =>
      (await owner.messages()).some(
        ({ content, reply_to_id }) => content.type === "button_reply" && reply_to_id === id,
      ),
    );

    await bubble.first().getByRole("button", { name: "React" }).click();
    const reacted = await replied(page, () => page.getByRole("button", { name: "React with ❤️" }).click());
    const { inbound } = await capabilities(owner, provider);
    if (!isCarried(inbound.find(({ kind }) => kind === "reaction")?.verdict)) {
      expect(reacted.status()).toBe(422);
      return;
    }
    expect(reacted.status()).toBe(201);
    await expect(bubble.first()).toContainText("Reaction of the customer: ❤️");
    await page.goto(`/w/${owner.workspace("sandbox")}/messages?message=${id}`);
    await expect(page.getByRole("dialog").getByRole("list", { name: "Reactions" })).toContainText("❤️");
  });
}

async function capabilities(owner: Owner, provider: ProviderKind): Promise<Capabilities> {
  return (await owner.call<{ capabilities: Capabilities }>("GET", `/providers/${provider}`)).capabilities;
}

async function carried(owner: Owner, provider: ProviderKind): Promise<Kind[]> {
  const { outbound } = await capabilities(owner, provider);
  return outbound.filter(({ verdict }) => isCarried(verdict)).map(({ kind }) => kind);
}

function isCarried(verdict: Carried | undefined): boolean {
  return verdict === "yes" || verdict === "partly";
}

async function send(page: Page): Promise<void> {
  const taken = page.waitForResponse((answer) => isPost(answer, "messages"));
  await page.getByRole("button", { name: "Send message" }).click();
  const answer = await taken;
  expect(answer.status(), await answer.text()).toBe(202);
}

/** What the API says to what the customer does. */
async function replied(page: Page, act: () => Promise<void>): Promise<Response> {
  const answer = page.waitForResponse((one) => isPost(one, "sandbox/replies"));
  await act();
  return answer;
}

function isPost(answer: Response, path: string): boolean {
  return answer.request().method() === "POST" && new URL(answer.url()).pathname.endsWith(`/api/v1/${path}`);
}
