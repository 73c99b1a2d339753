import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import robotsModule from 'robots-parser';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { robotsOf } from '#features/discovery/texts.ts';
import { readSitemap } from '#federation/adapters/json-ld/sitemap.ts';
import { startNode, type TestNode } from '#test/support/node.ts';

let node: TestNode;
let slugs: readonly string[];
beforeAll(async () => {
  node = await startNode();
  const { rows } = await node.db.execute<{ slug: string }>(
    sql`select slug from products where partner_key is null and status = 'listed' order by id`,
  );
  slugs = rows.map(({ slug }) => slug);
});
afterAll(() => node?.close());

const get = (path: string) => fetch(path.startsWith('http') ? path : node.url + path);
const textAt = async (path: string): Promise<string> => {
  const answer = await get(path);
  expect(answer.status, path).toBe(200);
  return answer.text();
};
const robotsParser = robotsModule as unknown as typeof robotsModule.default;
const links = (html: string, rel: string): readonly string[] =>
  [...html.matchAll(new RegExp(`<link rel="${rel}"[^>]*href="([^"]+)"`, 'g'))].map(([, address = '']) => address);
const property = (html: string, name: string): string =>
  new RegExp(`<meta property="${name}" content="([^"]*)"`).exec(html)?.[1] ?? '';

describe('search engines', () => {
  test('may read the goods and no cart; of a demonstration they read nothing, and partners do', async () => {
    const robots = robotsParser(`${node.url}/robots.txt`, await textAt('/robots.txt'));
    const may = (path: string, who = 'Googlebot') => robots.isAllowed(node.url + path, who);
    expect([may('/'), may('/km/san-pham/x'), may('/tim-kiem'), may('/chung-nhan/ST')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([may('/gio-hang'), may('/en/quan-tri/x'), may('/km/tai-khoan'), may('/tim-kiem?q=x')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(robots.getSitemaps()).toEqual([`${node.url}/sitemap.xml`]);
    const sample = robotsParser(`${node.url}/robots.txt`, robotsOf({ publicUrl: node.url, demo: true }));
    expect(sample.isAllowed(`${node.url}/san-pham/x`, 'Googlebot')).toBe(false);
    expect(sample.isAllowed(`${node.url}/san-pham/x`, 'ocop-federation')).toBe(true);
    expect(sample.isAllowed(`${node.url}/gio-hang`, 'ocop-federation')).toBe(false);
  });

  test('find each page once in each language, with its pictures, and the pages say the same of themselves', async () => {
    const { sitemaps } = readSitemap(Buffer.from(await textAt('/sitemap.xml')));
    const files = await Promise.all(sitemaps.map(textAt));
    const pages = files.flatMap((file) => readSitemap(Buffer.from(file)).pages);
    expect(new Set(pages).size).toBe(pages.length);
    const products = pages.filter((page) => /\/san-pham\/[^/]+$/.test(page));
    expect(products.length).toBe(3 * slugs.length);
    for (const slug of slugs) expect(products).toContain(`${node.url}/km/san-pham/${slug}`);
    const whole = files.join('');
    expect(whole.match(/<image:loc>/g)?.length).toBeGreaterThanOrEqual(3 * slugs.length);
    // One of each kind and language, and all the standing ones.
    const tried = [
      ...readSitemap(Buffer.from(files[0] ?? '')).pages,
      ...['', '/en', '/km'].map((prefix) => `${node.url}${prefix}/san-pham/${slugs[3]}`),
      ...pages.filter((page) => page.includes('/co-so/')).slice(0, 3),
      ...pages.filter((page) => page.includes('/danh-muc/')).slice(0, 3),
    ];
    for (const page of tried) {
      const html = await textAt(page);
      expect(links(html, 'canonical'), page).toEqual([page]);
      const entry = whole.split('<url>').find((url) => url.startsWith(`<loc>${page}</loc>`)) ?? '';
      const named = [...entry.matchAll(/hreflang="[^"]+" href="([^"]+)"/g)].map(([, address]) => address);
      expect(
        links(html, 'alternate').filter((address) => !/\.(?:md|rss)$/.test(address)),
        page,
      ).toEqual(named);
    }
  });
});

/** Public pages that are somebody's own, or a step of something, or another form of a page that is listed. */
const unlisted =
  /^\/(?:ban-hang\/ngoai-tuyen|bao-cao\/|da-luu|dang-ky|dang-nhap|danh-gia|dat-|doi-tra|don-hang|gio-hang|khieu-nai\/|loi-moi|minh-hoa|moi\/|mua-lien-san|phan-anh|quen-mat-khau|san-pham\/:slug[./]|so-sanh|tai-khoan|thanh-toan|truy-xuat|uy-quyen|chung-nhan\/:code\/)/;
const noPages =
  /^\/(?:v1|federation|feeds|docs|_parts|chia-se|go|mcp|pictures|sitemap|robots|llms|\.well-known|en|km)(?:[/.:s]|$)/;

test('every page that anybody may find is in the sitemap', async () => {
  const { sitemaps } = readSitemap(Buffer.from(await textAt('/sitemap.xml')));
  const files = await Promise.all(sitemaps.map(textAt));
  const paths = files.flatMap((file) => readSitemap(Buffer.from(file)).pages.map((page) => new URL(page).pathname));
  const routes = (await readFile('docs/routes.txt', 'utf8')).split('\n').map((line) => line.split(/\s+/));
  const open = routes.flatMap(([method, url = '', access]) => (method === 'GET' && access === 'public' ? [url] : []));
  const missing = open
    .filter((url) => !unlisted.test(url) && !noPages.test(url))
    .filter((url) => !paths.some((path) => new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path)));
  expect(missing).toEqual([]);
});

test('news of new goods, the newest first, each leading to its page', async () => {
  const rss = await textAt('/feeds/new-products.rss');
  const items = rss.split('<item>').slice(1);
  expect(items.length).toBe(30);
  const dates = items.map((item) => Date.parse(/<pubDate>([^<]+)/.exec(item)?.[1] ?? ''));
  expect(dates).toEqual(dates.toSorted((a, b) => b - a));
  await textAt(/<link>([^<]+)/.exec(items[0] ?? '')?.[1] ?? '');
  expect(links(await textAt('/'), 'alternate')).toContain(`${node.url}/feeds/new-products.rss`);
});

describe('programs that read text', () => {
  test('find in llms.txt nothing that is not there', async () => {
    const addresses = [...(await textAt('/llms.txt')).matchAll(/\]\((http[^)]+)\)/g)].map(
      ([, address = '']) => address,
    );
    expect(addresses.length).toBeGreaterThan(30);
    for (const address of addresses) {
      const answer = await get(address);
      await answer.arrayBuffer();
      expect(answer.status, address).toBe(address.endsWith('/mcp') ? 405 : 200);
    }
  });

  test('a product page has a twin with the same facts, in which nobody’s words are markup', async () => {
    const product = await node.services.products.getProduct(slugs[0] ?? '');
    const html = await textAt(`/en/san-pham/${product.slug}`);
    const [twin = ''] = links(html, 'alternate').filter((address) => address.endsWith('.md'));
    const answer = await get(twin);
    expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    const text = await answer.text();
    expect(text).toContain(`# ${product.nameEn}`);
    for (const { priceVnd, sku } of product.variants) expect(text).toContain(`| ${priceVnd} | ${sku} |`);
    const withdrawn = await get('/san-pham/khong-co.md');
    expect(withdrawn.status).toBe(404);
    await withdrawn.arrayBuffer();
    const { productText } = await import('#features/discovery/product-text.ts');
    const { createView } = await import('#web/view.ts');
    const site = { publicUrl: node.url, demo: false, tells: 'mail' } as const;
    const view = createView({ site, locale: 'vi', path: '/', csrf: '', visitor: null, cartCount: 0 });
    const evil = '# Bánh [bấm](javascript:alert(1)) <img src=x> | a\n\n- `x`';
    const written = productText(view, { ...product, name: evil, descriptionVi: evil });
    expect(written.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(written).not.toMatch(/(?<!\\)\[bấm|(?<!\\)<img|\n- .?`x|(?<!\\)\| a/);
  });

  test('the API has pages of its own, one a tag, and no operation is missing', async () => {
    const document = (await (await get('/openapi.json')).json()) as { paths: Record<string, object> };
    const index = await textAt('/docs.md');
    const pages = [...index.matchAll(/\]\((\/docs\/[a-z-]+\.md)\)/g)].map(([, path = '']) => path);
    const texts = (await Promise.all(pages.map(textAt))).join('\n');
    for (const [path, methods] of Object.entries(document.paths))
      for (const method of Object.keys(methods)) {
        expect(index).toContain(`\`${method.toUpperCase()} ${path}\``);
        expect(texts).toContain(`## ${method.toUpperCase()} ${path}\n`);
      }
  });
});

describe('a link that is shared', () => {
  test('shows a picture of 1200 × 630 with the name in its language', async () => {
    const html = await textAt(`/km/san-pham/${slugs[0]}`);
    expect(property(html, 'og:title')).not.toBe('');
    expect([property(html, 'og:type'), property(html, 'og:locale')]).toEqual(['product', 'km_KH']);
    expect(property(html, 'og:url')).toBe(`${node.url}/km/san-pham/${slugs[0]}`);
    const picture = property(html, 'og:image');
    expect(picture).toContain(`${node.url}/chia-se/km/${slugs[0]}.jpg`);
    const bytes = async () => Buffer.from(await (await get(picture)).arrayBuffer());
    const first = await bytes();
    const { format, width, height } = await sharp(first).metadata();
    expect([format, width, height]).toEqual(['jpeg', 1200, 630]);
    expect(first.length).toBeLessThan(200_000);
    expect((await bytes()).equals(first)).toBe(true);
    // The words are drawn: the same goods in another language are another picture.
    const other = Buffer.from(await (await get(picture.replace('/km/', '/vi/'))).arrayBuffer());
    expect(other.equals(first)).toBe(false);
  });

  test('a page without goods shows the exchange, and who comes in a crowd the plain picture', async () => {
    const picture = property(await textAt('/'), 'og:image');
    expect((await sharp(Buffer.from(await (await get(picture)).arrayBuffer())).metadata()).width).toBe(1200);
    const crowd = await Promise.all(
      slugs.slice(10, 26).map((slug) => fetch(`${node.url}/chia-se/vi/${slug}.jpg`, { redirect: 'manual' })),
    );
    await Promise.all(crowd.map((answer) => answer.arrayBuffer()));
    const statuses = crowd.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 302]));
    const [moved] = crowd.filter(({ status }) => status === 302);
    expect(moved?.headers.get('location')).toMatch(/^\/(?:pictures|illustrations)\//);
  });
});
