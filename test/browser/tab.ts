import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Who } from '#test/http/access/stage.ts';
import { phone } from './browser.ts';
import { listen } from './inspect.ts';
import type { OpenStage } from './texts.stage.ts';

export type Tab = { readonly page: Page; readonly context: BrowserContext; readonly heard: string[] };

/** A phone in the hands of one of the stage's people, who is signed in already. */
export async function openTab(browser: Browser, stage: OpenStage, who: Who): Promise<Tab> {
  const context = await browser.newContext(phone);
  const [name, value] = (stage.clients[who].always.cookie ?? '').split(/=(.*)/s);
  if (name && value) await context.addCookies([{ name, value, url: stage.node.url }]);
  const page = await context.newPage();
  return { page, context, heard: await listen(page) };
}
