import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKLIST } from '#features/certificates/types.ts';
import { openBrowser } from '#test/browser/browser.ts';
import { openReader, type Reader } from '#test/browser/sound.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { type Page, type Product, signIn } from '#test/support/people.ts';
import { photograph } from '#test/support/pictures.ts';

const household = { name: 'Hộ Mắm ruốc Bảy Thuận', phone: '0987612345' } as const;
const goods = { name: 'Mắm ruốc chưng sả Bảy Thuận', price: '125k', unit: 'hũ 250 g', stock: '40' } as const;
const decision = {
  issuer: 'UBND thành phố Cần Thơ',
  number: '915/QĐ-UBND',
  issuedOn: '2026-10-12',
  star: '4',
} as const;
const pdf = '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n';
const paper = (name: string) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(pdf) });

type Waiting = { readonly itemId: string; readonly subject: { readonly id: string }; readonly title: string };
type Application = { readonly status: string; readonly papers: readonly { readonly paperId: string }[] };

let node: TestNode;
let browser: Browser;
let assistant: Reader;
let moderator: Client;
let certifier: Client;
let businessId: string;
let productId: string;
let slug: string;

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode({ env: { DEMO: '1' } }), openBrowser()]);
  assistant = await openReader(browser, node.url);
  await assistant.signIn('totro@cho-noi.example', demoPassword);
  moderator = await signIn(node.url, 'kiemduyet@cho-noi.example', demoPassword);
  certifier = await signIn(node.url, 'thamtra@cho-noi.example', demoPassword);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

const press = (name: string | RegExp): Promise<void> =>
  assistant.page.locator('main').getByRole('button', { name }).first().click();
const fill = (name: string, value: string): Promise<void> => assistant.page.fill(`main [name="${name}"]`, value);
const said = async (): Promise<string> => (await assistant.page.textContent('main')) ?? '';
const go = async (path: string): Promise<void> => void (await assistant.page.goto(node.url + path));
const step = (name: string): string => `/ban-hang/dang-ky/${businessId}/${name}`;

/** Takes what waits in a queue, as an officer must before deciding it. */
async function take(officer: Client, queue: string, is: (item: Waiting) => boolean): Promise<Waiting> {
  const { items } = await officer.expect<Page<Waiting>>(200, 'GET', `/v1/staff/queues/${queue}?limit=100`);
  const item = items.find(is);
  if (!item) throw new Error(`Nothing of the kind waits in ${queue}`);
  await officer.expect(200, 'POST', `/v1/staff/review-items/${item.itemId}/claim`, { body: {} });
  return item;
}
const read = () => moderator.expect<Application>(200, 'GET', `/v1/staff/businesses/${businessId}`);
const review = (body: object) => moderator.expect(204, 'POST', `/v1/staff/businesses/${businessId}/review`, { body });

/** Where the star shows: lists, search, the product, and what partners are told. */
async function starsShown() {
  const { client } = node.guest;
  const list = await client.expect<Page<Product>>(200, 'GET', '/v1/products?stars=4&limit=100&sort=newest');
  const search = '/v1/search?q=mam+ruoc+chung+sa&stars=4&limit=100';
  const found = await client.expect<{ hits: Product[] }>(200, 'GET', search);
  const { rows } = await node.db.execute<{ stars: number | null }>(
    sql`select (record -> 'ocop' ->> 'stars')::int as stars from federation_changes
      where record ->> 'landingUrl' like ${`%/${slug}`} and op <> 'delete'`,
  );
  return {
    list: list.items.some((item) => item.slug === slug),
    search: found.hits.some((item) => item.slug === slug),
    product: (await node.guest.product(slug)).star,
    partners: rows[0]?.stars ?? null,
  };
}

describe('a household that has never sold online', () => {
  test('consents by a code on its phone, and the assistant applies for it on a phone', async () => {
    await go('/ho-tro');
    await fill('phone', household.phone);
    await fill('name', household.name);
    await press('Gửi mã cho hộ');
    await node.runJobs();
    const messages = await node.guest.client.send('GET', '/minh-hoa/tin-nhan');
    const [, code = ''] = /Mã đồng ý (\d{6})/.exec(messages.text) ?? [];
    await assistant.page.locator('main [name^="code-"]').last().fill(code);
    await assistant.page.getByRole('button', { name: `Xác nhận ${household.name}` }).click();
    await go('/ho-tro');
    await assistant.page.getByRole('link', { name: household.name }).first().click();
    businessId = /dang-ky\/([0-9a-f-]{36})/.exec(assistant.page.url())?.[1] ?? '';
    expect(businessId).not.toBe('');

    await go(step('ai'));
    await fill('representative', 'Trần Văn Thuận');
    await fill('taxCode', '094170001234');
    await press('Lưu và sang bước sau');
    await fill('place', 'Vĩnh Phước');
    await press('Tìm');
    await assistant.page.locator('main [name=wardCode]').first().check();
    await fill('addressLine', 'Khóm Biển Dưới');
    await press('Lưu và sang bước sau');
    for (const kind of ['registration', 'personal-id']) {
      await go(step('giay-to'));
      await assistant.page.setInputFiles(`[name="file-${kind}"]`, paper(`${kind}.pdf`));
      await fill(`number-${kind}`, '59A8-000777');
      await fill(`issuer-${kind}`, 'UBND phường Vĩnh Phước');
      await fill(`issuedOn-${kind}`, '2025-02-10');
      await assistant.page.locator(`form:has([name="file-${kind}"]) button[type=submit]`).click();
    }
    await go(step('xem-lai'));
    await press('Gửi hồ sơ');
    expect((await read()).status).toBe('submitted');
  }, 120_000);

  test('is asked for a change, mends it, and is approved; every act has both names', async () => {
    const isOurs = ({ subject }: Waiting): boolean => subject.id === businessId;
    await take(moderator, 'businesses', isOurs);
    const remarks = { addressLine: 'Thiếu số nhà.' };
    await review({ verdict: 'changes-requested', reason: 'Ghi rõ số nhà để khách tìm được.', remarks });
    await go(step('o-dau'));
    expect(await said()).toContain('Thiếu số nhà.');
    await fill('addressLine', '12 khóm Biển Dưới');
    await press('Lưu và sang bước sau');
    await go(step('xem-lai'));
    await press('Gửi hồ sơ');
    for (const { paperId } of (await read()).papers)
      await moderator.expect(204, 'POST', `/v1/staff/papers/${paperId}/verdict`, { body: { verdict: 'accepted' } });
    await take(moderator, 'businesses', isOurs);
    await review({ verdict: 'approved' });
    expect((await read()).status).toBe('approved');
    const { rows } = await node.db.execute<{ helped: number }>(
      sql`select count(*)::int as helped from audit_entries where on_behalf_of = ${businessId}`,
    );
    expect(rows[0]?.helped).toBeGreaterThan(3);
  }, 120_000);

  test('offers a product with a photo, which is for sale once an officer has agreed', async () => {
    await go('/ban-hang/san-pham/moi');
    const whose = assistant.page.locator('select[name=businessId]');
    if ((await whose.count()) > 0) await whose.selectOption(businessId);
    const photo = { name: 'mam.jpg', mimeType: 'image/jpeg', buffer: await photograph(800, 600) };
    await assistant.page.setInputFiles('[name=pictures]', photo);
    await fill('nameVi', goods.name);
    await fill('v0-price', goods.price);
    await fill('unitVi', goods.unit);
    await fill('v0-stock', goods.stock);
    await press('Gửi duyệt');
    await assistant.page.waitForURL(/san-pham\/[0-9a-f-]{36}/);
    productId = /san-pham\/([0-9a-f-]{36})/.exec(assistant.page.url())?.[1] ?? '';
    expect(await said()).toContain('Đã gửi duyệt');
    expect((await node.guest.client.send('GET', `/v1/products/${productId}`)).status).toBe(404);

    const { subject } = await take(moderator, 'changes', ({ title }) => title.includes(goods.name));
    const set = await moderator.expect<{ version: number }>(200, 'GET', `/v1/staff/changes/${subject.id}`);
    const verdict = { outcome: 'approved', version: set.version, categoryId: 8 };
    await moderator.expect(204, 'POST', `/v1/staff/changes/${subject.id}/verdict`, { body: verdict });
    const product = await node.guest.product(productId);
    slug = product.slug;
    expect(product).toMatchObject({ name: goods.name, star: null, variants: [{ priceVnd: 125_000, available: 40 }] });
    await node.runJobs();
    await go(`/san-pham/${slug}`);
    expect(await assistant.page.locator('figure img').getAttribute('src')).toMatch(/^\/pictures\//);
  }, 120_000);

  test('sends its decision, types no star, and a certifier who did not enter it verifies', async () => {
    await go('/ban-hang/chung-nhan/moi?kind=ocop');
    await assistant.page.selectOption('[name=productId]', productId);
    await assistant.page.selectOption('[name=star]', decision.star);
    await fill('issuer', decision.issuer);
    await fill('decisionNumber', decision.number);
    await fill('issuedOn', decision.issuedOn);
    await assistant.page.setInputFiles('[name=evidence]', paper('quyet-dinh.pdf'));
    await press('Gửi thẩm tra');
    await assistant.page.waitForURL(/gui=1/);
    expect(await said()).toContain('Chờ thẩm tra');
    expect((await node.guest.product(slug)).star).toBeNull();

    const { subject } = await take(certifier, 'certificates', ({ title }) => title === goods.name);
    const body = { checked: CHECKLIST };
    const sender = await signIn(node.url, 'totro@cho-noi.example', demoPassword);
    expect((await sender.send('POST', `/v1/staff/certificates/${subject.id}/verify`, { body })).status).toBe(403);
    const typed = { body: { star: 5 } };
    expect((await sender.send('PATCH', `/v1/seller/products/${productId}`, typed)).status).toBeGreaterThanOrEqual(400);
    expect((await node.guest.product(slug)).star).toBeNull();
    await certifier.expect(204, 'POST', `/v1/staff/certificates/${subject.id}/verify`, { body });
    await node.runJobs();
  }, 120_000);

  test('has its star in the list, in search, on the page and at partners', async () => {
    expect(await starsShown()).toEqual({ list: true, search: true, product: 4, partners: 4 });
    await go(`/san-pham/${slug}`);
    expect(await assistant.page.locator('main header').getByRole('img', { name: 'OCOP 4 sao' }).count()).toBe(1);
    await assistant.page.getByRole('link', { name: /Quyết định số 915/ }).click();
    expect(await said()).toContain('Đang có hiệu lực');
  }, 60_000);

  test('36 months later the star is gone everywhere in the same second, and the product is still sold', async () => {
    const end = new Date('2029-10-12T00:00:00+07:00');
    node.clock.set(new Date(end.getTime() - 5_000));
    expect((await node.guest.product(slug)).star).toBe(4);
    node.clock.set(end);
    expect(await starsShown()).toMatchObject({ list: false, search: false, product: null });
    await node.runScheduled('certificates.expire');
    await node.runJobs();
    expect(await starsShown()).toEqual({ list: false, search: false, product: null, partners: null });
    await go(`/san-pham/${slug}`);
    expect(await said()).toContain('Đã hết hạn công nhận OCOP ngày 12/10/2029');
    expect(
      await assistant.page
        .locator('main header')
        .getByRole('img', { name: /OCOP \d sao/ })
        .count(),
    ).toBe(0);
    const { variants } = await node.guest.product(slug);
    const group = await node.guest.order([variants[0]?.variantId ?? '', 1]);
    expect(group.orders).toHaveLength(1);
  }, 60_000);
});
