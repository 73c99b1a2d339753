import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { openBrowser } from './browser.ts';
import { stageEleven } from './partners.stage.ts';
import { openReader, type Reader } from './sound.ts';

const root = '/quan-tri/san-doi-tac';
const why = '/quan-tri/vi-sao-hien-thi';
const twins = '/quan-tri/hang-trung';
const listing = encodeURIComponent('ocop://can-tho.example/listing/1');
let node: TestNode;
let browser: Browser;
let officer: Reader;

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
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
  `${root}/dong-thap`,
  `${root}/can-tho/giu-lai`,
  `/km${root}/can-tho/giu-lai`,
  `${root}/an-giang/giu-lai`,
  `${root}/can-tho/xem-thu`,
  `${root}/can-tho/xem-thu?hoi=1`,
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
  expect(await page.locator('[role=status]').innerText()).toBe('Đã ghi.');
  await page.getByLabel('Lý do (ghi vào nhật ký)').fill('Đã khắc phục');
  await page.getByRole('button', { name: 'Mở kết nối lại' }).click();
  expect(await page.getByRole('button', { name: 'Thử lấy ngay' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Thử lấy ngay' }).click();
  expect(await page.locator('[role=status]').innerText()).toContain('chưa đọc được');
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
