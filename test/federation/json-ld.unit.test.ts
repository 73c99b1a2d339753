import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPage } from '#federation/adapters/json-ld/products.ts';
import { readSitemap } from '#federation/adapters/json-ld/sitemap.ts';
import { observed } from './observed.ts';
import { type FeedHost, startFeedHost } from './simulators/feed-host.ts';
import { feedPartner } from './simulators/feed-partner.ts';

const pageOf = (...blocks: readonly unknown[]) =>
  `<!doctype html><title>x</title>${blocks.map((block) => `<script type="application/ld+json">${typeof block === 'string' ? block : JSON.stringify(block)}</script>`).join('')}`;
const offer = { '@type': 'Offer', price: 45000, priceCurrency: 'VND', availability: 'https://schema.org/InStock' };
const product = (sku: string, more: object = {}) => ({
  '@context': 'https://schema.org',
  '@type': 'Product',
  name: `Bánh ${sku}`,
  sku,
  brand: { '@type': 'Brand', name: 'Tân Huê Viên' },
  offers: offer,
  ...more,
});
const here = new URL('https://shop.example/p/1');

describe('one page', () => {
  test('a product in a @graph, with price as text and schema names in full', () => {
    const graph = {
      '@context': 'https://schema.org',
      '@graph': [
        { '@type': 'WebPage' },
        {
          ...product('A'),
          '@type': ['http://schema.org/Product', 'Thing'],
          offers: [{ ...offer, '@type': 'schema:Offer', price: '45000.00' }],
        },
      ],
    };
    expect(readPage(pageOf(graph), here).goods).toMatchObject([
      { id: 'A', price: '45000.00 VND', brand: 'Tân Huê Viên' },
    ]);
  });

  test('offers of an aggregate are packs; without them its lowest price is named as such', () => {
    const offers = [
      { ...offer, sku: 'A-1', price: 45000, name: 'Hộp 4' },
      { ...offer, sku: 'A-2', price: 85000, name: 'Hộp 8' },
    ];
    const listed = product('A', { offers: { '@type': 'AggregateOffer', lowPrice: 45000, highPrice: 85000, offers } });
    expect(readPage(pageOf(listed), here).goods).toMatchObject([
      { id: 'A-1', item_group_id: 'A', price: '45000 VND', size: 'Hộp 4' },
      { id: 'A-2', item_group_id: 'A', price: '85000 VND', size: 'Hộp 8' },
    ]);
    const aggregate = { '@type': 'AggregateOffer', lowPrice: '45000', highPrice: '85000', priceCurrency: 'VND' };
    expect(readPage(pageOf(product('A', { offers: aggregate })), here).goods).toMatchObject([
      { price: '45000 VND', size: 'giá thấp nhất' },
    ]);
  });

  test('related products belong to pages of their own; without a sign nobody guesses', () => {
    const related = product('B', { url: 'https://shop.example/p/2' });
    expect(readPage(pageOf(product('A', { url: '/p/1' }), related), here).goods).toMatchObject([{ id: 'A' }]);
    expect(readPage(pageOf([product('A'), related]), here).goods).toMatchObject([{ id: 'A' }]);
    expect(readPage(pageOf(product('A'), product('B')), here)).toMatchObject({ goods: [], fault: expect.any(String) });
  });

  test('row 21: broken blocks, deep blocks and contexts elsewhere harm nothing', () => {
    const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
    const html = pageOf('{ broken', deep, { ...product('A'), '@context': 'http://169.254.169.254/' });
    expect(readPage(html, here).goods).toMatchObject([{ id: 'A' }]);
    observed(21, 'JSON-LD: broken and deep blocks left out, no context is fetched');
  });
});

describe('a site', () => {
  let host: FeedHost;
  let shop: ReturnType<typeof feedPartner>;
  beforeEach(async () => {
    host = await startFeedHost();
    shop = feedPartner('json-ld', host, { defaultCategory: 'do-an-khac' });
  });
  afterEach(async () => {
    await shop.close();
    await host.close();
  });
  const html = (body: string) => ({ body, type: 'text/html; charset=utf-8' });
  const sitemap = (paths: readonly string[]) =>
    `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${paths.map((path) => `<url><loc>${new URL(path, host.url).href}</loc></url>`).join('')}</urlset>`;

  test('robots.txt is obeyed, sitemaps are unpacked, both lanes cost one crawl of one request a second', async () => {
    const robots = `User-agent: *\nDisallow: /p/cam\nSitemap: ${host.url.href}maps.xml\n`;
    const index = `<sitemapindex><sitemap><loc>${host.url.href}goods.xml.gz</loc></sitemap></sitemapindex>`;
    Object.assign(host.pages, {
      '/robots.txt': { body: robots, type: 'text/plain' },
      '/maps.xml': { body: index },
      '/goods.xml.gz': {
        body: gzipSync(sitemap(['/p/1', '/p/cam', '/gone', 'https://evil.example/p'])),
        type: 'application/gzip',
      },
      '/p/1': html(pageOf(product('A'))),
      '/p/cam': html(pageOf(product('CAM'))),
    });
    const lanes = await shop.pull();
    expect(lanes).toMatchObject({ catalogue: { state: 'ok' }, offer: { state: 'ok' } });
    expect(host.asked.map(({ path }) => path)).toEqual(['/robots.txt', '/maps.xml', '/goods.xml.gz', '/p/1', '/gone']);
    // Four pauses of a second; a busy machine only makes them longer.
    expect((host.asked.at(-1)?.at ?? 0) - (host.asked[0]?.at ?? 0)).toBeGreaterThan(3_000);
    expect(shop.listings()).toMatchObject([{ title: { vi: 'Bánh A' }, landingUrl: `${host.url.href}p/1` }]);
    expect(shop.offers()).toMatchObject([
      { price: { amount: 45_000 }, availability: { state: 'in-stock', mode: 'on-demand' } },
    ]);
    expect(shop.adapter.manifest.orders).toBe('referral');
  }, 30_000);

  test('a page that cannot be read takes nothing away; one that is gone does', async () => {
    host.pages['/sitemap.xml'] = { body: sitemap(['/p/1', '/p/2']) };
    host.pages['/p/1'] = html(pageOf(product('A')));
    host.pages['/p/2'] = html(pageOf(product('B')));
    await shop.pull();
    host.pages['/p/2'] = { ...html('error'), status: 500 };
    shop.clock.now = new Date('2026-11-27T03:00:00Z');
    await shop.pull();
    expect(shop.listings()).toHaveLength(2);
    delete host.pages['/p/2'];
    await shop.pull();
    expect(shop.listings()).toHaveLength(1);
  }, 60_000);

  test('a site that cannot say what it forbids is left alone', async () => {
    host.pages['/robots.txt'] = { body: 'x', status: 500, type: 'text/plain' };
    expect((await shop.pull()).catalogue?.failure?.code).toBe('http-status');
    expect(host.asked).toHaveLength(1);
  });

  test('row 23: an entity bomb and a million addresses in a sitemap', () => {
    const bomb = Buffer.from('<!DOCTYPE u [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>');
    expect(() => readSitemap(bomb)).toThrow('document type');
    const many = Buffer.from(`<urlset>${'<url><loc>/p</loc></url>'.repeat(50_001)}</urlset>`);
    expect(() => readSitemap(many)).toThrow('50000');
    observed(23, 'sitemap: entity bomb and more than 50,000 addresses refused');
  });
});
