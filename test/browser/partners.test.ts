import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { openBrowser } from './browser.ts';
import { stageEleven } from './partners.stage.ts';
import { stageTroubled, walkTheRoad } from './partners.walk.ts';
import { openReader, type Reader } from './sound.ts';

const root = '/quan-tri/san-doi-tac';
const why = '/quan-tri/vi-sao-hien-thi';
const twins = '/quan-tri/hang-trung';
const listing = encodeURIComponent('ocop://can-tho.example/listing/1');
let node: TestNode;
let browser: Browser;
let officer: Reader;

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode({ env: { FEDERATION_ALLOW_LOOPBACK: '1' } }), openBrowser()]);
  await stageEleven(node);
  officer = await openReader(browser, node.url);
  await officer.signIn('quantri@cho-noi.example', demoPassword);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

test.each([
  root,
  `/en${root}`,
  `/km${root}`,
  `${root}/bac-lieu`,
  `${root}/can-tho`,
  `${root}/can-tho?tim=mam`,
  `${root}/hau-giang`,
  `/km${root}/kien-giang`,
  `/en${root}/vinh-long`,
  `${root}/dong-thap`,
  `${root}/can-tho/giu-lai`,
  `/km${root}/can-tho/giu-lai`,
  `${root}/an-giang/giu-lai`,
  `${root}/can-tho/xem-thu`,
  `${root}/can-tho/xem-thu?hoi=1`,
  '/quan-tri/moi-san-doi-tac',
  `/km${root}/hau-giang/duong-di`,
  `${root}/kien-giang/duong-di`,
  `/en${root}/can-tho/duong-di`,
  `${root}/dong-thap/duong-di`,
  `${root}/an-giang/soat-hang-mau`,
  twins,
  why,
  `${why}?hang=khong-co`,
  `${why}?hang=${listing}`,
])('%s is sound', (path) => officer.expectSound(path));

test('partners stand in the order of what they need, each with its state in words', async () => {
  const { page } = officer;
  await page.goto(node.url + root);
  const tags = await page.locator('.partner .row .tag').allTextContents();
  expect(tags).toHaveLength(11);
  const order = ['Cần người xử lý', 'Nên xem', 'Chạy tốt', 'Chưa kết nối'];
  expect(tags.map((tag) => order.indexOf(tag))).toEqual(tags.map((tag) => order.indexOf(tag)).toSorted());
  expect(new Set(tags).size).toBe(4);
  const text = await page.locator('main').innerText();
  expect(text).toContain('họ bỏ cùng lúc quá nhiều hàng');
  expect(text).toContain('Việc cần làm: hỏi họ có đổi đơn vị tiền không');
  expect(text).toContain('14 bản ghi bị giữ lại');
});

test('what a partner sent is text and nothing else', async () => {
  const { page } = officer;
  await page.goto(`${node.url}${root}/can-tho/giu-lai`);
  expect((await page.locator('.payload').allTextContents()).join()).toContain('<script>alert(1)</script>');
  expect(await page.locator('main script').count()).toBe(0);
});

test('a partner is suspended and connected again without a script, and a form without a reason comes back', async () => {
  const plain = await openReader(browser, node.url, { javaScriptEnabled: false });
  await plain.signIn('quantri@cho-noi.example', demoPassword);
  const { page } = plain;
  await page.goto(`${node.url}${root}/an-giang`);
  await page.getByLabel('Lý do (ghi vào nhật ký)').fill('Theo công văn 12');
  await page.getByRole('button', { name: 'Tạm ngừng sàn này' }).click();
  expect(await page.locator('[role=status]:not([hidden])').innerText()).toBe('Đã ghi.');
  await page.getByLabel('Lý do (ghi vào nhật ký)').fill('Đã khắc phục');
  await page.getByRole('button', { name: 'Mở kết nối lại' }).click();
  expect(await page.getByRole('button', { name: 'Thử lấy ngay' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Thử lấy ngay' }).click();
  expect(await page.locator('[role=status]:not([hidden])').innerText()).toContain('chưa đọc được');
  await plain.close();
});

test('a listing that is not shown says why, and an officer mends it there', async () => {
  const { page } = officer;
  await page.goto(`${node.url}${why}?hang=${encodeURIComponent('ocop://can-tho.example/listing/2')}`);
  expect(await page.locator('.notice.bad').innerText()).toContain('Mã bộ sản phẩm của họ không có ở sàn ta');
  await page.getByLabel('Bộ sản phẩm của ta').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Lưu' }).click();
  expect(await page.locator('.notice.good').last().innerText()).toContain('người mua đang thấy');
});

test('two listings of two exchanges are one good or two as an officer says, and it stays', async () => {
  const { page } = officer;
  await page.goto(node.url + twins);
  const groups = page.getByRole('heading', { name: /^Đang gom/ });
  expect(await groups.innerText()).toBe('Đang gom (1)');
  await page.getByRole('button', { name: 'Là một hàng' }).first().click();
  expect(await groups.innerText()).toBe('Đang gom (2)');
  await page.getByText('Nói khác đi').first().click();
  await page.getByLabel('Vì sao (không bắt buộc)').first().fill('Khác nhà làm');
  await page.getByRole('button', { name: 'Là hai hàng' }).first().click();
  expect(await groups.innerText()).toBe('Đang gom (1)');
  expect(await page.locator('main').innerText()).toContain('Khác nhà làm');
});

test('goods of a partner are found with their exchange, and say whose word their stars are', async () => {
  await node.runJobs();
  const { page } = officer;
  await page.goto(`${node.url}/tim-kiem?partner=can-tho`);
  expect(await page.locator('.filters').innerText()).toContain('Sàn TMĐT thành phố Cần Thơ');
  await page
    .getByRole('link', { name: /Mắm thái Châu Đốc/ })
    .first()
    .click();
  const text = await page.locator('main').innerText();
  expect(text).toContain('4 sao theo công bố của Sàn');
  expect(await page.locator('main a[rel~=external]').first().innerText()).toContain('Sang ghe bạn');
});

test('an officer takes the worst partner first, reads why, tries again what was held, lets it shrink, and sees it healed', async () => {
  const end = await stageTroubled(node);
  const { page } = officer;
  const box = () => page.locator('.partner', { hasText: 'Bạc Liêu' });
  await page.goto(node.url + root);
  await page.locator('.partner').first().waitFor();
  const names = await page.locator('.partner h2').allTextContents();
  expect(names.findIndex((name) => name.includes('Bạc Liêu'))).toBeLessThan(4);
  expect(await box().innerText()).toContain('họ bỏ cùng lúc quá nhiều hàng');
  expect(await box().innerText()).toContain('1 bản ghi bị giữ lại');
  await box().getByRole('link').first().click();
  await page.getByRole('link', { name: 'Bị giữ lại (1)' }).click();
  expect(await page.locator('main').innerText()).toContain('Giá nhảy quá 50 lần');
  await page.getByRole('button', { name: 'Thử nhận lại' }).click();
  expect(await page.locator('[role=status]:not([hidden])').innerText()).toBe('Đã nhận 1, còn lại 0.');
  await page.goto(`${node.url}${root}/bac-lieu/xem-thu?hoi=1`);
  expect(await page.locator('main').innerText()).toMatch(/không còn\s+25/);
  await page.goto(`${node.url}${root}/bac-lieu`);
  await page.getByRole('button', { name: 'Tôi đã xem: chấp nhận thay đổi này' }).click();
  expect(await page.locator('[role=status]:not([hidden])').innerText()).toBe('Đã đọc xong cả hai luồng.');
  await page.goto(node.url + root);
  expect(await box().innerText()).toContain('Chạy tốt');
  expect(await box().innerText()).toContain('2 sản phẩm đang hiện trên sàn ta');
  await end();
});

test('programs read the same, and do the same', async () => {
  const client = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  type Listed = { items: { key: string; tone: string; findings: { code: string }[] }[] };
  const { items } = await client.expect<Listed>(200, 'GET', '/v1/staff/partners');
  expect(items).toHaveLength(11);
  expect(items[0]).toMatchObject({ tone: 'bad' });
  expect(items.find(({ key }) => key === 'ca-mau')?.findings[0]).toMatchObject({ code: 'breaker-open' });
  const one = await client.expect(200, 'GET', '/v1/staff/partners/bac-lieu');
  expect(one).toMatchObject({ tone: 'good', shown: 2, score: { visits: 20_166, keyAgeDays: 0 } });
  expect(JSON.stringify(one)).not.toContain('ecretsSealed');
  const held = await client.expect<{ items: object[] }>(200, 'GET', '/v1/staff/partners/can-tho/quarantine');
  expect(held.items).toHaveLength(14);
  const pulled = await client.expect(200, 'POST', '/v1/staff/partners/ca-mau/pull', { body: {} });
  expect(pulled).toMatchObject({ lanes: [{ lane: 'catalogue', state: 'failed', failure: { code: 'unreachable' } }] });
  const dry = await client.expect(200, 'POST', '/v1/staff/partners/ca-mau/dry-run');
  expect(dry).toMatchObject({ lanes: [{ gone: null, failure: { code: 'unreachable' } }, {}] });
  await client.expect(409, 'POST', '/v1/staff/partners/dong-thap/pull', { body: {} });
});

test('an exchange goes the whole road by the hand of two officers', () =>
  walkTheRoad(node, {
    officer: officer.page,
    open: async (login) => {
      const reader = await openReader(browser, node.url);
      await reader.signIn(login, demoPassword);
      return reader.page;
    },
    expectSound: officer.expectSound,
  }));
