import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { phone } from './browser.ts';
import { axeFaults, listen, markupFaults, sidewaysScroll } from './inspect.ts';

export type Reader = {
  readonly page: Page;
  /** Nothing wrong, in the words of whatever finds a fault, so that a failure says what and where. */
  readonly expectSound: (path: string, status?: number) => Promise<void>;
  readonly signIn: (login: string, password: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Somebody with a phone before the exchange at `base`, with a session of their own. */
export async function openReader(browser: Browser, base: string, more: BrowserContextOptions = {}): Promise<Reader> {
  const context = await browser.newContext({ ...phone, ...more });
  const page = await context.newPage();
  const heard = await listen(page);
  return {
    page,
    expectSound: async (path, status = 200) => {
      heard.length = 0;
      const response = await page.goto(base + path);
      if (!response) throw new Error(`${path} gave no answer`);
      expect(response.status(), path).toBe(status);
      expect(await markupFaults(response), path).toEqual([]);
      expect(await axeFaults(page), path).toEqual([]);
      expect(heard, path).toEqual([]);
      expect((await page.locator('main').innerText()).match(/\{\{\w+\}\}|\bundefined\b|\bNaN\b/g), path).toBeNull();
      expect(await sidewaysScroll(page), `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    },
    signIn: async (login, password) => {
      await page.goto(`${base}/dang-nhap`);
      await page.fill('input[name=login]', login);
      await page.fill('input[name=password]', password);
      await page.click('main button[type=submit]');
      await page.waitForURL((url) => url.pathname !== '/dang-nhap');
    },
    close: () => context.close(),
  };
}

/** Pictures of what people see, where somebody asks for them. */
export async function picture({ page }: Reader, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (!folder) return;
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 360, height: 800 });
}
