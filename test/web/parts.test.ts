import { expect, test } from 'vitest';
import { html, jsonScript, safeUrl } from '#web/html.ts';
import { partnerLabel } from '#web/parts/partner-label.ts';
import { price } from '#web/parts/price.ts';
import { productCard } from '#web/parts/product-card.ts';
import { orderSteps } from '#web/parts/status.ts';
import { createView } from '#web/view.ts';

const view = createView({
  site: { publicUrl: 'https://cho-noi.example', demo: false, tells: 'mail' },
  locale: 'vi',
  path: '/',
  visitor: null,
  cartCount: 0,
  csrf: '',
});
const now = new Date('2026-11-23T05:00:00Z');
const textOf = (part: unknown): string => String(part).replace(/<[^>]*>/g, '');

test('what a seller types is text, in an element, in an attribute and in structured data', () => {
  const evil = `"><script>alert('x')</script>`;
  expect(String(html`<p title="${evil}">${evil}</p>`)).not.toContain('<script>');
  expect(String(jsonScript({ name: '</script><script>x' }))).not.toContain('</script><script>');
});

test.each([
  ['javascript:alert(1)', '#'],
  ['data:text/html,x', '#'],
  ['https://san-ban.example/x', 'https://san-ban.example/x'],
  ['/co-so', '/co-so'],
  ['tel:+84912345678', 'tel:+84912345678'],
])('a link to %s goes to %s', (address, safe) => {
  expect(safeUrl(address)).toBe(safe);
});

test('a struck-out price is shown only above the price, and is told to whoever cannot see it struck out', () => {
  expect(textOf(price(view, { priceVnd: 55_000, compareAtVnd: 62_000 }))).toContain('giá trước 62.000');
  expect(textOf(price(view, { priceVnd: 55_000, compareAtVnd: 50_000 }))).not.toContain('50.000');
});

test.each([
  ['2026-11-23T04:30:00Z', 'giá vừa cập nhật'],
  ['2026-11-22T23:00:00Z', 'giá 6 giờ trước'],
  ['2026-11-20T05:00:00Z', 'giá 3 ngày trước'],
])('a partner price of %s says %s', (priceAsOf, said) => {
  expect(textOf(partnerLabel(view, { name: 'Sàn Trà Vinh', priceAsOf }, now))).toBe(`Sàn Trà Vinh · ${said}`);
});

test('a partner price that nobody confirmed says so beside its age', () => {
  const stale = { name: 'Sàn Trà Vinh', priceAsOf: '2026-11-20T05:00:00Z', priceStale: true };
  expect(textOf(partnerLabel(view, stale, now))).toBe('Sàn Trà Vinh · giá 3 ngày trước, giá cần xác nhận');
});

const product = {
  slug: 'banh-pia',
  name: 'Bánh pía <b>',
  nameEn: '',
  star: 4,
  certifiedAs: ['vietgap'],
  business: { name: 'Lò Út' },
  ward: null,
  image: { src: '/pictures/0199/640', width: 640, height: 640, alt: 'Bánh pía', colour: '#88a838' },
  partner: null,
  rating: { average: 4.6, count: 12 },
  variants: [{ label: 'hộp 4 cái', priceVnd: 78_000, compareAtVnd: null, available: 0 }],
} as const;

test('a card offers its picture in sizes, loads the first row at once and the rest late', () => {
  const first = String(productCard(view, product, 0, now));
  expect(first).toContain('fetchpriority="high"');
  expect(first).toContain('/pictures/0199/160 160w');
  expect(String(productCard(view, product, 9, now))).toContain('loading="lazy"');
});

test('a card says the star in words and that nothing is left', () => {
  const card = String(productCard(view, product, 9, now));
  expect(card).toContain('role="img" aria-label="OCOP 4 sao"');
  expect(card).toContain('Tạm hết hàng');
  expect(card).toContain('Bánh pía &lt;b&gt;');
});

test.each([
  [{ status: 'placed', paymentStatus: 'paid', fulfilmentStatus: 'none' }, 'Đã thanh toán'],
  [{ status: 'confirmed', paymentStatus: 'paid', fulfilmentStatus: 'shipped' }, 'Đã gửi đi'],
  [{ status: 'completed', paymentStatus: 'paid', fulfilmentStatus: 'delivered' }, 'Đã giao tận tay'],
] as const)('the way of an order: %o has come to "%s"', (order, step) => {
  const now = /aria-current="step">([^<]*)/.exec(String(orderSteps(view, order)))?.[1];
  expect(now).toBe(step);
});
