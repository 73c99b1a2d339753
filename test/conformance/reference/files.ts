import { gzipSync } from 'node:zlib';
import type { Has } from './defects.ts';
import type { Reply } from './feed.ts';
import type { Goods, Store } from './store.ts';

const asXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const columns = ['id', 'title', 'link', 'price', 'sale_price', 'availability', 'quantity', 'gtin', 'mpn'] as const;
type Told = Readonly<Record<(typeof columns)[number], string>>;

/** The goods of the reference as files and pages, for whoever speaks no protocol. */
export function createFiles(store: Store, url: string, has: Has) {
  const kept = new Map<string, string>();
  const live = (): readonly Goods[] => [...store.goods.values()].filter(({ isLive }) => isLive);

  const told = (one: Goods): Told => {
    const isReduced = one.id === 'p4';
    const words = (amount: number): string =>
      has('xml-grouped-price') ? `${amount.toLocaleString('de-DE')} VND` : `${amount} VND`;
    const isThere = one.quantity > 0 || has('xml-sold-out');
    return {
      id: has('xml-same-id') ? 'p1' : one.id,
      title: one.title,
      link: `${has('xml-link-elsewhere') ? 'https://elsewhere.example' : url}/san-pham/${one.id}`,
      price: words(isReduced ? 90_000 : one.amount),
      sale_price: isReduced ? words(has('xml-sale-higher') ? 95_000 : one.amount) : '',
      availability: has('xml-no-availability')
        ? ''
        : has('xml-odd-availability')
          ? 'available'
          : isThere
            ? 'in_stock'
            : 'out_of_stock',
      quantity: String(one.quantity),
      gtin: one.id === 'p1' ? (has('xml-gtin') ? '8934563138169' : '8934563138165') : '',
      mpn: one.sku,
    };
  };

  const google = (): string => {
    const items = live().map((one) => {
      const elements = Object.entries(told(one)).filter(([, value]) => value !== '');
      const tag = has('xml-no-namespace') ? '' : 'g:';
      return `<item>${elements.map(([name, value]) => `<${tag}${name}>${has('xml-broken') ? value : asXml(value)}</${tag}${name}>`).join('')}</item>`;
    });
    const doctype = has('xml-doctype') ? '<!DOCTYPE rss>\n' : '';
    const space = has('xml-no-namespace') ? '' : ' xmlns:g="http://base.google.com/ns/1.0"';
    return `<?xml version="1.0" encoding="UTF-8"?>\n${doctype}<rss version="2.0"${space}><channel><title>Sàn mẫu &amp; thử</title>${has('xml-broken') ? '<description>A & B</description>' : ''}${items.join('\n')}</channel></rss>\n`;
  };

  const cell = (text: string): string => {
    const guarded = /^[=+\-@\t\r]/.test(text) && !has('csv-formula') ? `'${text}` : text;
    return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
  };
  const table = (): string => {
    const head = has('csv-head')
      ? ['mã', 'tên', 'liên kết', 'giá', 'giá giảm', 'tình trạng', 'số lượng', 'gtin', 'mpn']
      : columns;
    const rows = live().map((one) => {
      const said = {
        ...told(one),
        ...(one.id === 'p2' && { mpn: '=1+1' }),
        ...(has('csv-other-price') && { price: `${one.amount + 1} VND` }),
      };
      const cells = columns.map((name) => cell(said[name]));
      return (has('csv-ragged') && one.id === 'p3' ? cells.slice(2) : cells).join(',');
    });
    return `\ufeff${[head.join(','), ...rows].join('\r\n')}\r\n`;
  };

  const sitemap = (): string => {
    const pages = live().map(({ id }) => {
      const date = has('sitemap-dates') ? '27/11/2026' : new Date().toISOString().slice(0, 10);
      return `<url><loc>${has('sitemap-elsewhere') ? 'https://elsewhere.example' : url}/san-pham/${id}</loc><lastmod>${date}</lastmod></url>`;
    });
    const all = has('sitemap-twice') ? [...pages, ...pages.slice(0, 1)] : pages;
    const root = has('sitemap-root') ? 'pages' : 'urlset';
    return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${all.join('')}</${root}>\n`;
  };

  const page = (id: string): Reply => {
    const one = store.goods.get(id);
    if (!one) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<p>404</p>' };
    const price = one.amount / (has('json-ld-price') ? 1_000 : 1);
    const said = {
      '@context': 'https://schema.org',
      '@type': 'Product',
      name: one.title,
      offers: { '@type': 'Offer', price, priceCurrency: 'VND' },
    };
    const script = has('json-ld-none')
      ? ''
      : `<script type="application/ld+json">${JSON.stringify(said).replaceAll('<', '\\u003c')}</script>`;
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `<!doctype html><title>x</title>${script}`,
    };
  };

  const files: Readonly<Record<string, readonly [type: string, write: () => string]>> = {
    '/feeds/google-merchant.xml': [has('file-html') ? 'text/html' : 'application/xml; charset=utf-8', google],
    '/feeds/products.csv': ['text/csv; charset=utf-8', table],
    '/feeds/json-ld-sitemap.xml': ['application/xml; charset=utf-8', sitemap],
  };

  const file = (path: string, headers: Readonly<Record<string, string>>): Reply | undefined => {
    const [type, write] = files[path] ?? [];
    if (!type || !write || (has('file-missing') && path.endsWith('.csv'))) return undefined;
    const text = has('file-frozen') ? (kept.get(path) ?? write()) : write();
    kept.set(path, text);
    const etag = `W/"${path.length}-${has('file-etag-frozen') ? 1 : `${store.state.seq}-${text.length}`}"`;
    const tagged = has('file-no-etag') ? {} : { etag };
    if (headers['if-none-match'] === etag && !has('file-no-304')) return { status: 304, headers: tagged, body: '' };
    const isPacked = headers['accept-encoding']?.includes('gzip') && !has('file-no-gzip');
    if (!isPacked) return { status: 200, headers: { 'content-type': type, ...tagged }, body: text };
    return {
      status: 200,
      headers: { 'content-type': type, 'content-encoding': 'gzip', ...tagged },
      body: gzipSync(text),
    };
  };

  return {
    answer: (path: string, headers: Readonly<Record<string, string>>): Reply | undefined => {
      if (path === '/robots.txt') {
        const body = `User-agent: *\nDisallow: ${has('robots-closed') ? '/' : '/gio-hang'}\n`;
        return { status: 200, headers: { 'content-type': 'text/plain' }, body };
      }
      if (path.startsWith('/san-pham/')) return page(path.slice('/san-pham/'.length));
      return file(path, headers);
    },
  };
}
