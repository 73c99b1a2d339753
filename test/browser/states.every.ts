import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Who } from '#test/http/access/stage.ts';
import { openBrowser } from './browser.ts';
import { artefacts } from './film.ts';
import { fillCart } from './purchase.ts';
import { openTab, type Tab } from './tab.ts';
import type { OpenStage } from './texts.stage.ts';

/** A state of a page that everybody who changes the look wants to see again. */
type State = {
  readonly name: string;
  readonly who: Who;
  readonly path: string;
  readonly status?: number;
  readonly wide?: true;
  readonly dark?: true;
};

let stage: OpenStage;
let browser: Browser;
let states: readonly State[];
const folder = new URL('states/', artefacts);
const tabs = new Map<Who, Tab>();

async function tabOf(who: Who): Promise<Tab> {
  const tab = tabs.get(who) ?? (await openTab(browser, stage, who));
  tabs.set(who, tab);
  return tab;
}

async function list(): Promise<readonly State[]> {
  const { product } = stage.goods.A;
  const { slug } = stage.businesses.A;
  const [unpaid, confirmed] = [await stage.group(), await stage.paidOrder('A')];
  await stage.paidOrder('A');
  const { orders } = stage.node.services;
  await orders.confirmOrder(confirmed, { actor: 'test' });
  await orders.packOrder(confirmed, { actor: 'test' });
  await fillCart((await tabOf('nobody')).page, stage.node.url);
  const shop = (name: string, path: string, more: Partial<State> = {}): State => ({
    name,
    who: 'nobody',
    path,
    ...more,
  });
  const seller = (name: string, path: string, more: Partial<State> = {}): State => ({
    name,
    who: 'ownerA',
    path,
    ...more,
  });
  const staff = (name: string, path: string, more: Partial<State> = {}): State => ({
    ...{ name, who: 'admin', path, wide: true as const },
    ...more,
  });
  return [
    shop('home', '/'),
    shop('home-wide', '/', { wide: true }),
    shop('home-dark', '/', { dark: true }),
    shop('home-khmer', '/km'),
    shop('list-of-goods', '/san-pham'),
    shop('search-found', '/tim-kiem?q=hanh+tim'),
    shop('search-nothing-found', '/tim-kiem?q=xyzzyx'),
    shop('product', `/san-pham/${product.slug}`),
    shop('product-wide', `/san-pham/${product.slug}`, { wide: true }),
    shop('business', `/co-so/${slug}`),
    shop('map', '/ban-do', { wide: true }),
    shop('cart', '/gio-hang'),
    shop('cart-empty', '/gio-hang', { who: 'shopperB' }),
    shop('checkout', '/thanh-toan'),
    shop('pay-by-vietqr', `/thanh-toan/${unpaid}`),
    shop('order-by-code', `/don-hang/${unpaid}`),
    shop('track', '/tra-cuu'),
    shop('gift-boxes', '/hop-qua'),
    shop('not-found', '/khong-co-trang-nay', { status: 404 }),
    shop('sign-in', '/dang-nhap'),
    shop('sign-in-asked-for', '/ban-hang', { status: 401 }),
    shop('closed-to-others', '/quan-tri', { who: 'ownerA', status: 403 }),
    shop('offline', '/ban-hang/ngoai-tuyen'),
    seller('seller-today', '/ban-hang'),
    seller('seller-today-wide-dark', '/ban-hang', { wide: true, dark: true }),
    seller('seller-today-packer', '/ban-hang', { who: 'packerA' }),
    seller('seller-orders', '/ban-hang/don-hang'),
    seller('picking-list', '/ban-hang/nhat-hang'),
    seller('labels', '/ban-hang/nhan-kien'),
    seller('new-product', '/ban-hang/san-pham/moi'),
    seller('own-products', '/ban-hang/san-pham'),
    seller('price-table', '/ban-hang/bang-gia'),
    seller('import', '/ban-hang/nhap-hang'),
    seller('statement', '/ban-hang/doi-soat'),
    seller('payouts', '/ban-hang/chi-tra'),
    seller('own-certificates', '/ban-hang/chung-nhan'),
    staff('officer-home', '/quan-tri'),
    staff('queue-of-changes', '/quan-tri/hang-doi/changes'),
    staff('queue-on-a-phone', '/quan-tri/hang-doi/businesses', { who: 'moderator' }),
    staff('certificate-calendar', '/quan-tri/chung-nhan/lich'),
    staff('money-that-waits', '/quan-tri/tien-cho'),
    staff('payout-runs', '/quan-tri/chi-tra'),
    staff('partners', '/quan-tri/san-doi-tac'),
    staff('audit-log', '/quan-tri/nhat-ky'),
  ];
}

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  states = await list();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

test('the key states of the pages, each as a picture, with a list of them', { timeout: 900_000 }, async () => {
  const rows: string[] = [];
  const wrong: string[] = [];
  for (const [index, { name, who, path, status = 200, wide, dark }] of states.entries()) {
    const { page } = await tabOf(who);
    await page.setViewportSize(wide ? { width: 1280, height: 800 } : { width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    const answer = await page.goto(stage.node.url + path);
    if (answer?.status() !== status) wrong.push(`${name}: ${answer?.status()} instead of ${status}`);
    const file = `${String(index + 1).padStart(2, '0')}-${name}.png`;
    await page.screenshot({ path: new URL(file, folder).pathname, fullPage: true });
    rows.push(
      `| ${index + 1} | [${name}](${file}) | ${who} | \`${path}\` | ${status} | ${wide ? 1280 : 360} | ${dark ? 'dark' : 'light'} |`,
    );
  }
  const head = '| | state | seen by | address | status | px | theme |\n|---|---|---|---|---|---|---|';
  await writeFile(new URL('states.md', folder), `# Key states\n\n${head}\n${rows.join('\n')}\n`);
  expect(wrong).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(40);
});
