import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { sql } from 'drizzle-orm';
import { type BrowserContext, chromium as driver, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { photograph } from '#test/support/pictures.ts';
import { phone } from './browser.ts';
import { axeFaults, listen } from './inspect.ts';

/** A phone that is switched off and on again: what its browser keeps stays in the folder. */
let node: TestNode;
let folder: string;
let context: BrowserContext;
let page: Page;
let heard: string[];

async function open(): Promise<void> {
  context = await driver.launchPersistentContext(folder, {
    ...phone,
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  page = await context.newPage();
  heard = await listen(page);
}
beforeAll(async () => {
  [node, folder] = await Promise.all([startNode(), mkdtemp(join(tmpdir(), 'cho-noi-phone-'))]);
  await open();
}, 120_000);
afterAll(async () => {
  await context?.close();
  await node?.close();
  await rm(folder, { recursive: true, force: true });
});

async function signIn(login: string): Promise<void> {
  await page.goto(`${node.url}/dang-nhap`);
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', demoPassword);
  await page.click('main button[type=submit]');
  await page.waitForURL(`${node.url}/ban-hang`);
}
const drafts = async (name: string): Promise<number> => {
  const { rows } = await node.db.execute<{ n: number }>(
    sql`select count(*)::int as n from product_drafts where fields ->> 'nameVi' = ${name}`,
  );
  return rows[0]?.n ?? 0;
};
/** What the worker keeps, once it has put everything away. */
const kept = () =>
  page.evaluate<readonly string[]>(`(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('desk-seen'));
    const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return lists.flat().map(({ url }) => new URL(url).pathname).sort();
  })()`);

test('a draft typed without a network outlives the browser, and is on the exchange exactly once', async () => {
  await signIn('nguoiban@cho-noi.example');
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await page.goto(`${node.url}/ban-hang/don-hang`);
  await page.goto(`${node.url}/ban-hang`);
  await expect
    .poll(kept, { timeout: 20_000 })
    .toEqual(['/ban-hang', '/ban-hang/don-hang', '/ban-hang/san-pham/moi', '/who']);
  await context.setOffline(true);
  // A page that was seen says of when it is, and nothing on it can be sent.
  await page.goto(`${node.url}/ban-hang/don-hang`);
  await page.getByText(/đã lưu lúc \d\d:\d\d/).waitFor();
  expect(await page.locator('main form:visible').count()).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  await page.goto(`${node.url}/ban-hang/kho`);
  await page.getByRole('heading', { name: 'Không có mạng' }).waitFor();
  await page.goto(`${node.url}/ban-hang/san-pham/moi`);
  await page.fill('[name=nameVi]', 'Mắm bò hóc cô Sương');
  await page.fill('[name=v0-price]', '85k');
  await page.setInputFiles('[name=pictures]', {
    name: 'mam.jpg',
    mimeType: 'image/jpeg',
    buffer: await photograph(900, 600),
  });
  await page.locator('.shown-pictures canvas').waitFor();
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await page.getByText('Đã giữ trên máy này').waitFor();
  await context.close();
  await open();
  await context.setOffline(true);
  await page.goto(`${node.url}/ban-hang`);
  await page.getByText('Mắm bò hóc cô Sương').waitFor();
  expect(await drafts('Mắm bò hóc cô Sương')).toBe(0);
  await context.setOffline(false);
  await page.getByText('Đã gửi: Mắm bò hóc cô Sương').waitFor();
  await page.goto(`${node.url}/ban-hang/san-pham`);
  await page.getByText('Mắm bò hóc cô Sương').first().waitFor();
  expect(await drafts('Mắm bò hóc cô Sương')).toBe(1);
  const { rows } = await node.db.execute<{ pictures: number }>(
    sql`select jsonb_array_length(fields -> 'pictures') as pictures from product_drafts where fields ->> 'nameVi' = 'Mắm bò hóc cô Sương'`,
  );
  expect(rows).toEqual([{ pictures: 1 }]);
  expect(heard.filter((line) => !/ERR_INTERNET_DISCONNECTED/.test(line))).toEqual([]);
});

test('an answer that never came makes no second draft', async () => {
  await page.goto(`${node.url}/ban-hang/san-pham/moi`);
  await context.setOffline(true);
  await page.fill('[name=nameVi]', 'Khô cá lóc Út Lành');
  await page.getByRole('button', { name: 'Lưu nháp' }).click();
  await page.getByText('Đã giữ trên máy này').waitFor();
  // The exchange gets it, and the phone does not hear so.
  let lost = 0;
  await context.route('**/ban-hang/san-pham/moi', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort('connectionreset');
  });
  await context.setOffline(false);
  await expect.poll(() => lost).toBe(1);
  await page.goto(`${node.url}/ban-hang`);
  await page.getByText('Đã gửi: Khô cá lóc Út Lành').waitFor();
  expect(await drafts('Khô cá lóc Út Lành')).toBe(1);
  await context.unroute('**/ban-hang/san-pham/moi');
});

test('nothing of the one who signs out stays on the phone', async () => {
  await page.goto(`${node.url}/ban-hang`);
  expect(await kept()).not.toEqual([]);
  await page.locator('form[action$="/dang-xuat"] button').click();
  await page.waitForURL(`${node.url}/`);
  await expect.poll(kept).toEqual([]);
  await context.setOffline(true);
  await expect(page.goto(`${node.url}/ban-hang`)).rejects.toThrow(/ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(false);
});
