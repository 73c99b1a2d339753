import { sql } from 'drizzle-orm';
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { freePort } from '#embedded/free-port.ts';
import { minutes } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { openBrowser } from './browser.ts';
import { openReader, type Reader } from './sound.ts';

let node: TestNode;
let browser: Browser;
let base: string;
let reader: Reader;
let keys: CDPSession;
let authenticatorId: string;

const shopper = 'khach@thu.example';
const owner = 'nguoiban@cho-noi.example';

beforeAll(async () => {
  const port = String(await freePort());
  // Passkeys are bound to a name; `localhost` is the one that needs no certificate.
  base = `http://localhost:${port}`;
  const env = { PORT: port, PUBLIC_URL: base };
  [node, browser] = await Promise.all([startNode({ env, secondFactor: true }), openBrowser()]);
  await transact(node.db, 'test', (tx) =>
    node.services.identity.addAccount(tx, { name: 'Cô Ba', login: shopper, password: demoPassword }),
  );
  reader = await openReader(browser, base);
  keys = await reader.page.context().newCDPSession(reader.page);
  await keys.send('WebAuthn.enable');
  ({ authenticatorId } = await keys.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

test.each(['/dang-nhap', '/dang-ky', '/quen-mat-khau', '/quyen-rieng-tu', '/tai-khoan-da-xoa', '/km/dang-ky'])(
  '%s is sound at 360 px',
  (path) => reader.expectSound(path),
);

test('a sign-up that is refused comes back filled in, with the password left out and nothing ticked beforehand', async () => {
  const { page } = reader;
  await page.goto(`${base}/dang-ky`);
  expect(await page.locator('input[type=checkbox]:checked').count()).toBe(0);
  await page.fill('#name', 'Cô Tư Bánh Cống');
  await page.fill('#login', '0912 345 678');
  await page.fill('#password', 'matkhau123');
  await page.check('#terms');
  await page.click('main form button[type=submit]');
  await page.getByText('Mật khẩu quá dễ đoán').first().waitFor();
  expect([await page.inputValue('#name'), await page.inputValue('#login')]).toEqual([
    'Cô Tư Bánh Cống',
    '0912 345 678',
  ]);
  expect(await page.inputValue('#password')).toBe('');
  expect(await page.isChecked('#terms')).toBe(true);
  await page.fill('#password', 'banh cong vung thom gion');
  await page.click('main form button[type=submit]');
  await page.waitForURL(/tai-khoan\/lien-he/);
});

test.each([
  '/tai-khoan',
  '/tai-khoan/lien-he?gui=1',
  '/tai-khoan/mat-khau',
  '/tai-khoan/xac-thuc',
  '/tai-khoan/phien',
  '/tai-khoan/quyen-rieng-tu',
  '/xac-nhan?next=%2Ftai-khoan',
])('%s is sound at 360 px', (path) => reader.expectSound(path));

test('setting an app up shows a code to scan, and the page is sound', async () => {
  const { page } = reader;
  await page.goto(`${base}/tai-khoan/xac-thuc`);
  await page.getByRole('button', { name: 'Cài ứng dụng tạo mã' }).click();
  await page.locator('img.scan').waitFor();
  expect(await page.evaluate<number>('document.querySelector("img.scan").naturalWidth')).toBeGreaterThan(300);
});

describe('a passkey', () => {
  test('is what an owner may set up at the door, and signs in alone from then on', async () => {
    const { page } = reader;
    await page.context().clearCookies();
    await reader.signIn(owner, demoPassword);
    expect(page.url()).toContain('/dang-nhap/cai-buoc-hai');
    await reader.expectSound('/dang-nhap/cai-buoc-hai');
    await page.fill('#keyName', 'Điện thoại của chị Hai');
    await page.getByRole('button', { name: 'Thêm khóa truy cập' }).click();
    await page.locator('[data-recovery] li').first().waitFor();
    expect(await page.locator('[data-recovery] li').count()).toBe(10);
    await page.getByRole('link', { name: 'Tôi đã chép xong' }).click();
    await reader.expectSound('/tai-khoan/xac-thuc');
    expect(await page.textContent('main')).toContain('Điện thoại của chị Hai');
    await reader.expectSound('/ban-hang/khoa-api');

    await page.context().clearCookies();
    await page.goto(`${base}/dang-nhap`);
    await page.getByRole('button', { name: 'Dùng khóa truy cập' }).click();
    await page.waitForURL(`${base}/tai-khoan`);
    expect(await page.inputValue('#name')).toBe('Chủ HTX Hành tím Bãi Giồng');
  });

  test('is the second step after a password', async () => {
    const { page } = reader;
    await page.context().clearCookies();
    await reader.signIn(owner, demoPassword);
    await reader.expectSound('/dang-nhap/buoc-hai?next=%2Fban-hang');
    await page.getByRole('button', { name: 'Dùng khóa truy cập' }).click();
    await page.waitForURL(`${base}/ban-hang`);
  });

  test('that was not unlocked by its owner, or whose counter went back, opens nothing', async () => {
    const { page } = reader;
    const tryIt = async (): Promise<string> => {
      await page.context().clearCookies();
      await page.goto(`${base}/dang-nhap`);
      await page.getByRole('button', { name: 'Dùng khóa truy cập' }).click();
      await page.locator('[data-passkey-failed]:visible').waitFor();
      return page.url();
    };
    await keys.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    expect(await tryIt()).toBe(`${base}/dang-nhap`);
    await keys.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    const { rows } = await node.db.execute<{ counter: string }>(sql`select counter from passkeys`);
    expect(Number(rows[0]?.counter)).toBeGreaterThan(0);
    await node.db.execute(sql`update passkeys set counter = 1000000`);
    expect(await tryIt()).toBe(`${base}/dang-nhap`);
    await node.db.execute(sql`update passkeys set counter = 0`);
  });

  test('an answer is worth nothing twice, in another browser, or later', async () => {
    const { page } = reader;
    const ask = `(async () => {
      const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      const options = await (await post('/v1/auth/passkeys/challenge', {})).json();
      const key = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      return JSON.stringify({ answer: key.toJSON() });
    })()`;
    const send = async (body: string, cookies: readonly { name: string; value: string }[]): Promise<number> => {
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const headers = { 'content-type': 'application/json', cookie };
      return (await fetch(`${base}/v1/auth/passkeys/sign-in`, { method: 'POST', headers, body })).status;
    };
    await page.context().clearCookies();
    await page.goto(`${base}/dang-nhap`);
    const body = await page.evaluate<string>(ask);
    const cookies = await page.context().cookies();
    expect(await send(body, [])).toBe(422);
    expect(await send(body, cookies)).toBe(204);
    expect(await send(body, cookies)).toBe(422);
    const late = await page.evaluate<string>(ask);
    const lateCookies = await page.context().cookies();
    node.clock.advance(minutes(6));
    expect(await send(late, lateCookies)).toBe(422);
  });
});

test('an administrator invites and changes roles on a page that is sound', async () => {
  const { page } = reader;
  await page.context().clearCookies();
  await reader.signIn('quantri@cho-noi.example', demoPassword);
  await page.getByRole('button', { name: 'Thêm khóa truy cập' }).click();
  await page.locator('[data-recovery] li').first().waitFor();
  await reader.expectSound('/quan-tri/nguoi-dung');
  await page.fill('#name', 'Anh Năm');
  await page.fill('#login', 'anhnam@thu.example');
  await page.selectOption('#role', 'finance');
  await page.getByRole('button', { name: 'Gửi lời mời' }).click();
  await page.getByText('Đã gửi lời mời').waitFor();
  expect(await page.textContent('.secret')).toContain(`${base}/loi-moi?ma=`);
  await reader.expectSound('/quan-tri/nguoi-dung');
});
