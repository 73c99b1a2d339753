import { sql } from 'drizzle-orm';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import type { Notice } from '#features/notices/types.ts';
import { type Client, createClient } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, home, type Page, pickVariants, recipient, signIn } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';

type Letter = { readonly to: readonly string[]; readonly text: string };
type Told = {
  readonly deliveryId: string;
  readonly subject: string;
  readonly body: string;
  readonly readAt: string | null;
};
type Logged = {
  readonly deliveryId: string;
  readonly kind: string;
  readonly channel: string;
  readonly address: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastError: string | null;
};

/** A mail server that takes letters, or refuses them as one that is full does. */
async function startMailServer() {
  const letters: Letter[] = [];
  let full = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [first] = session.envelope.rcptTo;
        if (full) return done(Object.assign(new Error(`mailbox full: <${first?.address}>`), { responseCode: 452 }));
        letters.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    fill: (now: boolean): void => {
      full = now;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const bank = createBank();
let mail: Awaited<ReturnType<typeof startMailServer>>;
let node: TestNode;
let seller: Client;
let officer: Client;

beforeAll(async () => {
  mail = await startMailServer();
  node = await startNode({ env: { ...bank.env, SMTP_URL: mail.url, DEMO: '0' } });
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  officer = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
});
afterAll(async () => {
  await node.close();
  await mail.close();
});

const tell = (...told: readonly Notice[]): Promise<void> =>
  transact(node.db, 'test', (tx) => node.services.notices.tell(tx, ...told));
const businessId = async () =>
  (await seller.expect<{ businessIds: string[] }>(200, 'GET', '/v1/me')).businessIds[0] as never;
const log = async (query = ''): Promise<Logged[]> =>
  (await officer.expect<Page<Logged>>(200, 'GET', `/v1/staff/notices?limit=100${query}`)).items as Logged[];

describe('a notice', () => {
  test('reaches the members of a business in the app and by mail, in their language, with a link that works', async () => {
    await tell({
      kind: 'business.approved',
      to: { businessId: await businessId() },
      values: { business: 'HTX <b>Bãi Giồng</b>' },
      path: '/ban-hang',
    });
    expect(await node.runJobs()).toMatchObject({ errors: [] });
    const { items } = await seller.expect<Page<Told>>(200, 'GET', '/v1/me/notices');
    expect(items[0]).toMatchObject({ subject: 'HTX <b>Bãi Giồng</b> đã được duyệt', readAt: null });
    const letter = mail.letters.at(-1);
    expect(letter?.to).toEqual(['nguoiban@cho-noi.example']);
    expect(letter?.text).toContain('auto-generated');
    expect(letter?.text).toContain('/ban-hang');
    expect(letter?.text).not.toContain('<b>Bãi');
  });

  test('is read once, and in another language when one asks for it', async () => {
    expect(await seller.expect(200, 'POST', '/v1/me/notices/read', { body: {} })).toEqual({ read: 1 });
    expect(await seller.expect(200, 'POST', '/v1/me/notices/read', { body: {} })).toEqual({ read: 0 });
    const settings = { language: 'en', channels: ['in-app'], quietFrom: 21, quietUntil: 7 };
    await seller.expect(204, 'PUT', '/v1/me/notice-settings', { body: settings });
    expect(await seller.expect(200, 'GET', '/v1/me/notice-settings')).toEqual(settings);
    const { items } = await seller.expect<Page<Told>>(200, 'GET', '/v1/me/notices');
    expect(items[0]?.subject).toMatch(/is approved$/);
    const before = mail.letters.length;
    await tell({ kind: 'change.approved', to: { businessId: await businessId() }, values: { product: 'Bánh pía' } });
    await node.runJobs();
    expect(mail.letters.length).toBe(before);
  });

  test('of a change that was rolled back is never told', async () => {
    const before = await node.countRows();
    const rolledBack = transact(node.db, 'test', async (tx) => {
      await node.services.notices.tell(tx, { kind: 'account.erased', to: { email: 'ai@thu.example' } });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(await node.countRows()).toEqual(before);
  });

  test('with a key is told once, however often it is asked for', async () => {
    const notice: Notice = { kind: 'account.erased', to: { email: 'mot@thu.example' }, key: 'once:1' };
    await Promise.all(Array.from({ length: 8 }, () => tell(notice)));
    await tell(notice, notice);
    await node.runJobs();
    expect(mail.letters.filter(({ to }) => to.includes('mot@thu.example'))).toHaveLength(1);
  });

  test('a kind without words is a mistake that shows at once', async () => {
    await expect(tell({ kind: 'khong.co', to: { email: 'x@thu.example' } })).rejects.toThrow('No notice is called');
  });
});

describe('a code', () => {
  test('is nowhere in the database in clear, and is forgotten once it was sent', async () => {
    await tell({
      kind: 'account.contact-code',
      to: { email: 'ma@thu.example' },
      values: { code: '482913', minutes: 10 },
      path: '/xac-nhan?ma=rat-bi-mat',
    });
    const rows = async () =>
      JSON.stringify(
        (await node.db.execute(sql`select * from notices where recipient->>'email' = 'ma@thu.example'`)).rows,
      );
    expect(await rows()).toContain('s1.');
    expect(await rows()).not.toMatch(/482913|rat-bi-mat/);
    await node.runJobs();
    expect(mail.letters.at(-1)?.text).toContain('482913');
    expect(mail.letters.at(-1)?.text).toContain('rat-bi-mat');
    expect(await rows()).not.toContain('s1.');
    expect(JSON.stringify(await log())).not.toMatch(/482913|ma@thu/);
  });
});

test('a farewell is sent, and then nobody knows where it went', async () => {
  await tell({ kind: 'account.erased', to: { email: 'xa@thu.example' } });
  await node.runJobs('soon');
  expect(mail.letters.at(-1)?.to).toEqual(['xa@thu.example']);
  for (const table of ['notices', 'notice_deliveries']) {
    const { rows } = await node.db.execute(
      sql`select from ${sql.identifier(table)} t where to_jsonb(t)::text like '%xa@thu%'`,
    );
    expect(rows, table).toHaveLength(0);
  }
});

describe('a guest who ordered', () => {
  const guestMail = 'be@thu.example';
  /** A paid order of one piece; the language and the address are as the checkout page gives them. */
  async function buy(contact: { readonly email?: string }, language: 'vi' | 'en' | 'km') {
    const { guest } = node;
    const [one] = pickVariants((await guest.products()).items, 1);
    const { cartId } = await guest.openCart();
    await guest.put(cartId, [one?.variantId ?? '', 1]);
    const body = { recipient: { ...recipient, ...contact }, address: home, language };
    await guest.client.expect(200, 'PUT', `/v1/carts/${cartId}/delivery`, { body });
    const group = await guest.checkout(cartId);
    const { qr } = await guest.pay(group.code, 'vietqr');
    const transfer = { memo: qr?.memo ?? '', amountVnd: group.totalVnd };
    await node.runJobs();
    const before = mail.letters.length;
    await bank.transfer(node.url, transfer);
    for (let round = 0; round < 3; round += 1) await node.runJobs();
    const letters = mail.letters.slice(before).filter(({ to }) => !to.some((one) => one.endsWith('@cho-noi.example')));
    return { group, letters: letters.map(({ to, text }) => ({ to, text: text.replaceAll('=\r\n', '') })) };
  }

  test('is sent one letter with the code and the way to it, in the language of the order, and then each step', async () => {
    const { group, letters } = await buy({ email: guestMail }, 'en');
    expect(letters.map(({ to }) => to)).toEqual([[guestMail]]);
    expect(letters[0]?.text).toContain(`Subject: Your order ${group.code}`);
    expect(letters[0]?.text).toContain(`/en/don-hang/${group.code}`);
    const { rows } = await node.db.execute<{ id: never }>(sql`select id from order_groups where code = ${group.code}`);
    for (const { id } of rows) await node.services.orders.tellPaid(id);
    const [order] = group.orders;
    const before = mail.letters.length;
    const body = { phone: recipient.phone, reason: 'Đặt nhầm' };
    await node.guest.client.expect(200, 'POST', `/v1/orders/${order?.code}/cancel`, { body, headers: fresh() });
    await node.runJobs('soon');
    const told = mail.letters.slice(before).filter(({ to }) => to.includes(guestMail));
    expect(told.map(({ text }) => /^Subject: (.*?)\r$/m.exec(text)?.[1])).toEqual([
      `Order ${order?.code} is cancelled`,
    ]);
    expect(JSON.stringify(await log())).not.toContain(guestMail);
  });

  test('without an address is sent no letter, and finds code and a way to keep it on the page', async () => {
    const { group, letters } = await buy({}, 'vi');
    expect(letters).toEqual([]);
    const page = await node.guest.client.send('GET', `/don-hang/${group.code}`);
    expect(page.text).toContain(`download="${group.code}.txt"`);
  });

  test('is not known in the log, even where the mail server names the address', async () => {
    mail.fill(true);
    await tell({ kind: 'order.confirmed', to: { phone: recipient.phone, email: 'day2@thu.example' } });
    await node.runJobs();
    mail.fill(false);
    expect(JSON.stringify(await log('&kind=order.confirmed'))).not.toContain('day2@thu.example');
  });
});

test('a number that no message reaches is not promised a code; a letter shows whose the account is', async () => {
  const shopper = createClient(node.url);
  const body = { name: 'Lê Thị Tư', login: '0987654321', password: 'ghe-chieu-nuoc-lon', consents: ['terms'] };
  await shopper.expect(201, 'POST', '/v1/auth/sign-up', { body });
  const own = await signIn(node.url, '0987654321', body.password);
  const begin = (login: string) => own.send('POST', '/v1/me/contact', { body: { login } });
  expect(await begin('0987654321')).toMatchObject({ status: 409, body: { code: 'phone-not-reached' } });
  const page = await own.send('GET', '/tai-khoan/lien-he');
  expect(page.text).toContain('Nhập email để nhận mã');
  expect(page.text).not.toContain('Đã gửi mã');
  expect((await begin('tu@thu.example')).status).toBe(202);
  await node.runJobs('soon');
  expect(mail.letters.map(({ to }) => to)).toContainEqual(['tu@thu.example']);
});

describe('a mail server that refuses', () => {
  test('is asked again later; in the end the message has failed, and an officer sends it again', async () => {
    mail.fill(true);
    await tell({ kind: 'member.removed', to: { email: 'day@thu.example' }, values: { business: 'Bãi Giồng' } });
    for (let round = 0; round < 9; round += 1) await node.runJobs('soon');
    const [failed] = (await log('&state=failed')).filter(({ address }) => address.startsWith('day'));
    expect(failed).toMatchObject({ state: 'failed', attempts: 8, channel: 'email', address: 'day…@thu.example' });
    expect(failed?.lastError).toContain('452');
    mail.fill(false);
    const path = `/v1/staff/notices/${failed?.deliveryId}/send`;
    await officer.expect(204, 'POST', path);
    expect(await officer.send('POST', path)).toMatchObject({ status: 409, body: { code: 'notice-not-failed' } });
    await node.runJobs('soon');
    expect(mail.letters.at(-1)?.to).toEqual(['day@thu.example']);
  });

  test('no way to a telephone stands in the log, and is not tried for days', async () => {
    await tell({
      kind: 'consent.code',
      to: { phone: '+84912345678' },
      values: { code: '1', assistant: 'A', household: 'B', minutes: 1, months: 1 },
    });
    await node.runJobs('soon');
    const [failed] = (await log('&kind=consent.code')) as Logged[];
    expect(failed).toMatchObject({ state: 'failed', attempts: 1, channel: 'sms', address: '+84…678' });
    expect(await officer.send('POST', `/v1/staff/notices/${failed?.deliveryId}/send`)).toMatchObject({ status: 409 });
  });
});

test.each([
  [{ language: 'fr', channels: [], quietFrom: 1, quietUntil: 2 }],
  [{ language: 'vi', channels: ['fax'], quietFrom: 1, quietUntil: 2 }],
  [{ language: 'vi', channels: [], quietFrom: 24, quietUntil: 2 }],
  [{ language: 'vi', channels: [], quietFrom: 1.5, quietUntil: 2, accountId: 'x' }],
])('settings that make no sense are refused: %j', async (body) => {
  expect((await seller.send('PUT', '/v1/me/notice-settings', { body })).status).toBe(400);
});

test('the pages say the same, keep what was chosen, and work by forms alone', async () => {
  const page = await seller.send('GET', '/tai-khoan/thong-bao');
  expect(page.text).toContain('Cách nhận tin');
  expect(page.text).not.toContain('<b>Bãi');
  expect((await officer.send('GET', '/quan-tri/thong-bao?state=failed')).text).toContain('Gửi lại');
});
