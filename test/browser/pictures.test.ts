import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApp } from '#http/app.ts';
import type { UploadedFile } from '#http/uploads.ts';
import { photograph, withExif } from '#test/support/pictures.ts';
import { assetRoutes } from '#web/assets.ts';
import { html } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { page } from '#web/page.ts';
import { csrfField } from '#web/parts/field.ts';
import { pictureField } from '#web/parts/picture-field.ts';
import { openBrowser, phone } from './browser.ts';
import { axeFaults, listen, markupFaults, sidewaysScroll } from './inspect.ts';

let app: App;
let url: string;
let browser: Browser;
let photo: Buffer;
let received: readonly UploadedFile[] = [];

beforeAll(async () => {
  app = await createApp({
    log: pino({ level: 'silent' }),
    publicUrl: 'http://127.0.0.1',
    cookieSecret: 'x'.repeat(32),
    authenticate: async () => ({ kind: 'nobody' }),
  });
  await app.register(assetRoutes);
  const site = { publicUrl: 'http://127.0.0.1', demo: false, tells: 'mail' } as const;
  const upload = { maxBytes: 20_000_000, maxFiles: 3 };
  page(app, site, { url: '/anh', access: 'public' }, async ({ view }) =>
    layout(view, {
      title: 'Ảnh',
      body: html`<h1>Ảnh</h1><form method="post" action="/anh" enctype="multipart/form-data">${csrfField(view.csrf)}
${pictureField(view, { name: 'anh', label: 'Ảnh sản phẩm', multiple: true, error: 'Chọn lại ảnh.' })}
<button class="button" type="submit">Gửi</button></form>`,
    }),
  );
  page(app, site, { method: 'POST', url: '/anh', access: 'public', upload }, async (form) => {
    received = form.files('anh');
    return layout(form.view, { title: 'Đã nhận', body: html`<h1>Đã nhận ${received.length}</h1>` });
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  photo = await withExif(await photograph(4_000, 3_000, 'jpeg', true));
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

const chosen = () => ({ name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: photo });

test('a phone shrinks a photograph before it sends it, turns it upright, and shows it meanwhile', async () => {
  const context = await browser.newContext(phone);
  const tab = await context.newPage();
  const heard = await listen(tab);
  const answer = await tab.goto(`${url}/anh`);
  if (!answer) throw new Error('No answer');
  expect(await markupFaults(answer)).toEqual([]);
  await tab.setInputFiles('#anh', [chosen(), chosen()]);
  // At once: the form waits until the pictures are small.
  await tab.click('form[enctype] button');
  await tab.waitForSelector('h1:has-text("Đã nhận 2")');
  const [first] = received;
  expect([first?.name, first?.type]).toEqual(['IMG_1.webp', 'image/webp']);
  const { width, height, exif } = await sharp(first?.bytes).metadata();
  expect([width, height, exif]).toEqual([1_536, 2_048, undefined]);
  expect(first?.bytes.length).toBeLessThan(photo.length / 2);
  expect(heard).toEqual([]);
  await context.close();
});

test('says what it did, and refuses what is no picture before it is sent', async () => {
  const context = await browser.newContext(phone);
  const tab = await context.newPage();
  const heard = await listen(tab);
  await tab.goto(`${url}/anh`);
  await tab.setInputFiles('#anh', [chosen()]);
  await tab.waitForSelector('output:has-text("Đã sẵn sàng gửi")');
  expect(await tab.locator('output').textContent()).toMatch(/^Đã sẵn sàng gửi: \d+,\d MB thay vì \d+,\d MB\.$/);
  expect(await tab.locator('[data-pictures] canvas').count()).toBe(1);
  expect(await axeFaults(tab)).toEqual([]);
  expect(await sidewaysScroll(tab)).toBe(0);
  await tab.setInputFiles('#anh', [{ name: 'x.heic', mimeType: 'image/heic', buffer: Buffer.from('x') }]);
  await tab.waitForSelector('output:has-text("Không nhận")');
  expect(await tab.locator('#anh:invalid').count()).toBe(1);
  expect(heard).toEqual([]);
  await context.close();
});

test('without scripts the photograph is sent as it is', async () => {
  const context = await browser.newContext({ ...phone, javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(`${url}/anh`);
  await tab.setInputFiles('#anh', [chosen()]);
  await tab.click('form[enctype] button');
  await tab.waitForSelector('h1:has-text("Đã nhận 1")');
  expect(received[0]?.bytes.equals(photo)).toBe(true);
  await context.close();
});
