import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { observed } from './observed.ts';
import { type FeedHost, startFeedHost } from './simulators/feed-host.ts';
import { feedPartner } from './simulators/feed-partner.ts';

const settings = { url: '/feed.xml', categories: { 'Thực phẩm > Bánh': 'banh-keo' }, defaultCategory: 'do-an-khac' };
type Values = Readonly<Record<string, string>>;
const item = (values: Values) =>
  `<item>${Object.entries(values)
    .map(([name, value]) => `<g:${name}>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</g:${name}>`)
    .join('')}</item>`;
const feed = (items: readonly string[]) =>
  `<?xml version="1.0"?>\n<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Cửa hàng</title>${items.join('')}</channel></rss>`;

let host: FeedHost;
let shop: ReturnType<typeof feedPartner>;
beforeEach(async () => {
  host = await startFeedHost();
  shop = feedPartner('google-merchant', host, settings);
});
afterEach(async () => {
  await shop.close();
  await host.close();
});

const good = (id: string, more: Values = {}): Values => ({
  id,
  title: `Bánh pía ${id}`,
  link: `${host.url.href}p/${id}`,
  price: '45000 VND',
  availability: 'in_stock',
  brand: 'Tân Huê Viên',
  ...more,
});
const serve = (goods: readonly Values[]) => {
  host.pages['/feed.xml'] = { body: feed(goods.map(item)) };
};
const many = (count: number) => Array.from({ length: count }, (_, index) => good(`p${index}`));

describe('values', () => {
  test('every field arrives as it was written', async () => {
    serve([
      good('SKU 1/đỏ', {
        title: 'Bánh pía sầu riêng & trứng muối',
        description: '<p>Vỏ mỏng,<br>nhân dày</p>',
        price: '65000.00 VND',
        sale_price: '58.500,00 VND',
        sale_price_effective_date: '2026-11-20T00:00+0700/2026-12-01T00:00+0700',
        availability: 'in stock',
        quantity: '12',
        gtin: '8936012345678',
        product_type: 'Thực phẩm > Bánh',
        unit_pricing_measure: '0,5 kg',
        mpn: 'BP-01',
        size: 'Hộp 4 cái',
        image_link: '/a.jpg',
        additional_image_link: 'https://cdn.example/b.jpg',
      }),
    ]);
    const lanes = await shop.pull();
    expect([lanes.catalogue, lanes.offer]).toMatchObject([{ state: 'ok' }, { state: 'ok' }]);
    const id = `h-${shop.listings()[0]?.uri.split('h-')[1]}`;
    const origin = host.url.host;
    expect(shop.listings()[0]).toMatchObject({
      uri: `ocop://${origin}/listing/${id}`,
      rev: 1,
      title: { vi: 'Bánh pía sầu riêng & trứng muối' },
      description: { vi: 'Vỏ mỏng,\nnhân dày' },
      producer: { name: 'Tân Huê Viên' },
      categoryCode: 'banh-keo',
      netContent: { value: 0.5, unit: 'kg' },
      images: [{ url: `${host.url.href}a.jpg` }, { url: 'https://cdn.example/b.jpg' }],
      landingUrl: `${host.url.href}p/SKU%201/%C4%91%E1%BB%8F`,
    });
    expect(shop.offers()[0]).toMatchObject({
      uri: `ocop://${origin}/offer/${id}`,
      listing: `ocop://${origin}/listing/${id}`,
      sku: 'BP-01',
      label: 'Hộp 4 cái',
      price: { amount: 58_500, currency: 'VND', taxIncluded: true },
      listPrice: { amount: 65_000, currency: 'VND', taxIncluded: true },
      saleWindow: { from: '2026-11-19T17:00:00.000Z', to: '2026-11-30T17:00:00.000Z' },
      validUntil: '2026-11-30T17:00:00.000Z',
      availability: { state: 'in-stock', quantity: 12, mode: 'tracked' },
    });
    // Its check digit is wrong, so it is nobody's number.
    expect(shop.listings()[0]).not.toHaveProperty('gtin');
  });

  test('a sale that is over or to come has no effect', async () => {
    const window = '2026-12-01T00:00+0700/2026-12-31T00:00+0700';
    serve([good('a', { sale_price: '40000 VND', sale_price_effective_date: window })]);
    await shop.pull();
    expect(shop.offers()[0]).toMatchObject({ price: { amount: 45_000 } });
    expect(shop.offers()[0]).not.toHaveProperty('listPrice');
  });

  test('Atom, other prefixes and no prefixes are read alike; packs share a listing', async () => {
    const entry = (id: string, size: string) =>
      `<entry><id>ignored</id><title>Mật ong</title><link rel="alternate" href="/p/mat-ong"/><summary>Rừng tràm</summary>
       <x:id>${id}</x:id><x:item_group_id>mat-ong</x:item_group_id><x:size>${size}</x:size><x:price>120000 VND</x:price>
       <x:availability>out_of_stock</x:availability><x:brand>HTX Ong</x:brand></entry>`;
    const body = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="http://base.google.com/ns/1.0">${entry('1', '250 ml')}${entry('2', '500 ml')}</feed>`;
    host.pages['/feed.xml'] = { body, type: 'application/atom+xml' };
    await shop.pull();
    expect(shop.listings()).toMatchObject([{ title: { vi: 'Mật ong' }, description: { vi: 'Rừng tràm' } }]);
    expect(shop.listings()[0]?.landingUrl).toBe(`${host.url.href}p/mat-ong`);
    expect(shop.offers()).toMatchObject([
      { label: '250 ml', availability: { state: 'out-of-stock' } },
      { label: '500 ml', listing: shop.listings()[0]?.uri },
    ]);
  });
});

describe('a feed is the whole shop each time', () => {
  test('an unchanged feed costs one 304 for both lanes', async () => {
    serve(many(3));
    await shop.pull();
    expect(host.asked.map(({ status }) => status)).toEqual([200]);
    const saves = shop.store.saves;
    shop.clock.now = new Date('2026-11-27T03:00:00Z');
    const lanes = await shop.pull();
    expect(lanes).toMatchObject({ catalogue: { state: 'ok' }, offer: { state: 'ok' } });
    expect(host.asked.map(({ status }) => status)).toEqual([200, 304]);
    expect(shop.store.saves).toBe(saves);
  });

  test('what it leaves out is gone, over several pages as well', async () => {
    serve(many(1_203));
    expect((await shop.pull()).catalogue).toMatchObject({ state: 'ok', counts: { applied: 1_203, pages: 3 } });
    serve(many(1_200));
    shop.clock.now = new Date('2026-11-27T03:00:00Z');
    expect((await shop.pull()).offer).toMatchObject({ state: 'ok', counts: { withdrawn: 3, duplicate: 1_200 } });
    expect(shop.listings()).toHaveLength(1_200);
  });

  test('changed settings read an unchanged feed anew', async () => {
    serve([good('a', { product_type: 'Trà' })]);
    await shop.pull();
    await shop.pull({ settings: { ...settings, defaultCategory: 'tra' } });
    expect(shop.listings()).toMatchObject([{ categoryCode: 'tra', rev: 2 }]);
  });

  test('row 17: a feed names nothing, or half of what it named', async () => {
    serve(many(60));
    await shop.pull();
    serve([]);
    const none = await shop.pull();
    serve(many(30));
    const half = await shop.pull();
    expect([none.catalogue?.failure?.code, half.catalogue?.failure?.code]).toEqual([
      'snapshot-mismatch',
      'mass-delete',
    ]);
    expect(half.catalogue?.state).toBe('held');
    expect(shop.listings()).toHaveLength(60);
    observed(17, 'Google feed without goods refused, with half of them held for a person; 60 of 60 listings stay');
    await shop.pull({}, true);
    expect(shop.listings()).toHaveLength(30);
  });

  test('row 16: a feed is cut at 60 %, on the wire or on the disk of its server', async () => {
    serve(many(1_500));
    await shop.pull();
    const changed = feed(many(1_500).map((values) => item({ ...values, price: '99000 VND' })));
    const wire = gzipSync(changed);
    host.pages['/feed.xml'] = { body: changed, cutAt: Math.floor(wire.length * 0.6) };
    const cutOnWire = await shop.pull();
    host.pages['/feed.xml'] = { body: changed.slice(0, Math.floor(changed.length * 0.6)) };
    const cutOnDisk = await shop.pull();
    expect(cutOnWire.catalogue?.failure?.code).toBe('unreachable');
    expect([cutOnDisk.catalogue?.failure?.code, cutOnDisk.offer?.failure?.code]).toEqual(['malformed', 'malformed']);
    expect(new Set(shop.prices())).toEqual(new Set([45_000]));
    expect(shop.offers()).toHaveLength(1_500);
    observed(16, 'Google feed of 1,500 items cut twice: unreachable, malformed; no row was touched');
  });
});

describe('hostile and broken feeds', () => {
  test('row 20: the currency changes, or prices cannot be read one way', async () => {
    serve(many(12));
    await shop.pull();
    serve(many(12).map((values) => ({ ...values, price: '45000 USD' })));
    const dollars = await shop.pull();
    serve(many(12).map((values) => ({ ...values, price: '45.000 VND' })));
    const dots = await shop.pull();
    expect([dollars.offer, dots.offer].map((lane) => lane?.failure?.code)).toEqual(['schema-drift', 'schema-drift']);
    expect(dollars.catalogue?.state).toBe('ok');
    expect(new Set(shop.prices())).toEqual(new Set([45_000]));
    observed(20, 'Google feed in USD and with ambiguous dots: offer lane stops as schema-drift, old prices stay');
  });

  test('row 5: one bad price is quarantined and its offer stays', async () => {
    serve(many(12));
    await shop.pull();
    serve(many(12).map((values, index) => ({ ...values, price: index === 3 ? 'liên hệ' : '50000 VND' })));
    const { offer } = await shop.pull();
    expect(offer).toMatchObject({ state: 'ok', counts: { quarantined: 1, applied: 11, withdrawn: 0 } });
    expect(shop.store.quarantine).toMatchObject([{ reason: 'invalid-price', detail: 'liên hệ' }]);
    expect(shop.prices().filter((price) => price === 45_000)).toHaveLength(1);
    observed(5, 'Google feed: the bad price quarantined, its offer keeps the last good one, 11 others applied');
  });

  test('row 21: markup, formulas, unseen characters, a title of 1 MB and a link elsewhere', async () => {
    const goods = many(20);
    serve([
      ...goods,
      good('x', {
        title: '<script>alert(1)</script>Bánh\u202e\u200b pía',
        description: '<img src=x onerror=alert(1)>=HYPERLINK("http://evil")',
      }),
      good('long', { title: 'a'.repeat(1_048_576) }),
      good('formula', { title: '=cmd|calc' }),
      good('away', { link: 'https://evil.example/x' }),
      good('js', { link: 'javascript:alert(1)' }),
    ]);
    const { catalogue } = await shop.pull();
    expect(catalogue).toMatchObject({ state: 'ok', counts: { quarantined: 2 } });
    const titles = new Map(shop.listings().map(({ uri, title }) => [uri.split('/').at(-1), title.vi]));
    expect(titles.get('long')).toHaveLength(300);
    expect(titles.get('formula')).toBe('=cmd|calc');
    const text = JSON.stringify(shop.listings().find(({ uri }) => uri.endsWith('/x')));
    expect(text).not.toMatch(/\u202e|\u200b|<img/);
    observed(21, 'Google feed: unseen characters gone, 1 MB title cut to 300, foreign and script links quarantined');
  });

  const bomb = `<!DOCTYPE r [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "&a;&a;&a;&a;">]>`;
  test('row 23: entity bomb, gzip bomb, endless text, depth', async () => {
    const bodies = {
      entities: `${bomb}${feed(['<item><g:id>&b;</g:id></item>'])}`,
      undefined: feed(['<item><g:id>&b;</g:id></item>']),
      depth: `<rss>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</rss>`,
      text: feed([`<item><g:id>1</g:id><g:title>${'a'.repeat(8_000_000)}</g:title></item>`]),
      html: '<!doctype html><title>Login</title>',
    };
    const seen: (string | undefined)[] = [];
    for (const body of Object.values(bodies)) {
      host.pages['/feed.xml'] = { body: gzipSync(body), type: 'application/gzip' };
      seen.push((await shop.pull()).catalogue?.failure?.code);
    }
    host.pages['/feed.xml'] = { body: gzipSync(Buffer.alloc(60_000_000, 32)), type: 'application/gzip' };
    seen.push((await shop.pull()).catalogue?.failure?.code);
    host.pages['/feed.xml'] = { body: '<p>Login</p>', type: 'text/html' };
    seen.push((await shop.pull()).catalogue?.failure?.code);
    expect(seen).toEqual([
      'malformed',
      'malformed',
      'malformed',
      'too-large',
      'malformed',
      'too-large',
      'wrong-content-type',
    ]);
    expect(shop.store.records.size).toBe(0);
    observed(23, 'Google feed: entity bomb, depth, endless text and gzip bomb refused before a record is taken');
  }, 30_000);

  test('row 22: three redirects are followed, a fourth or one to a private address is not', async () => {
    const to = (location: string) => ({ body: '', status: 302, headers: { location } });
    Object.assign(host.pages, { '/feed.xml': to('/1'), '/1': to('/2'), '/2': to('/3') });
    host.pages['/3'] = { body: feed([item(good('a'))]) };
    const three = await shop.pull();
    host.pages['/3'] = to('/4');
    const four = await shop.pull();
    host.pages['/feed.xml'] = to('http://169.254.169.254/latest/meta-data');
    const inside = await shop.pull();
    host.pages['/feed.xml'] = to('file:///etc/passwd');
    const file = await shop.pull();
    expect([three, four, inside, file].map(({ catalogue }) => catalogue?.failure?.code)).toEqual([
      undefined,
      'redirected',
      'address-refused',
      'address-refused',
    ]);
    observed(22, 'feed redirects: three hops followed, the fourth refused, metadata address and file: refused');
  }, 30_000);
});
