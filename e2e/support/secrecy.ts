// A secret was typed once; from then on nobody sees it again.

import { expect, type Page } from "@playwright/test";
import type { Answers } from "./answers.ts";
import type { Owner } from "./owner.ts";

export async function expectSecret(
  secret: string,
  { page, answers, owner, workspace }: { page: Page; answers: Answers; owner: Owner; workspace: string },
): Promise<void> {
  const content = await page.content();
  expect(content.includes(secret), "the page holds the secret").toBe(false);
  expect(await answers.containing(secret), "answers that hold the secret").toEqual([]);
  const feed = await owner.call("GET", "/events?after=0", undefined, workspace);
  expect(JSON.stringify(feed).includes(secret), "the feed holds the secret").toBe(false);
  expect(owner.gateway.output().includes(secret), "the log holds the secret").toBe(false);
}
