import { sql } from 'drizzle-orm';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { type Client, createClient } from '#test/support/client.ts';
import { minutes } from '#test/support/clock.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor } from '#test/web/visitor.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ secondFactor: true });
});
afterAll(() => node.close());

const owner = 'nguoiban@cho-noi.example';
const admin = 'quantri@cho-noi.example';
const password = demoPassword;

/** A browser that keeps the cookies it is given, as a program. */
function browser(base: string) {
  const jar = new Map<string, string>();
  const send = async (method: string, path: string, body?: unknown) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const client: Client = createClient(base, { cookie });
    const answer = await client.send<Record<string, unknown>>(method, path, body === undefined ? {} : { body });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  };
  return { jar, send };
}
const codeOf = (secret: string, stepsLater = 0): string =>
  generateSync({ secret, epoch: Math.floor(node.clock.now().getTime() / 1000) + stepsLater * 30 });
const signIn = async (login: string) => {
  const who = browser(node.url);
  const answer = await who.send('POST', '/v1/auth/sign-in', { login, password });
  return { ...who, answer };
};
/** Signs in and sets an app up. */
async function enrol(login: string) {
  const who = await signIn(login);
  const begun = await who.send('POST', '/v1/me/totp', {});
  const secret = String(begun.body.secret);
  const before = who.jar.get('session');
  const confirmed = await who.send('POST', '/v1/me/totp/confirm', { code: codeOf(secret) });
  expect(confirmed.status).toBe(200);
  // A new secret at elevation: what was known before opens nothing.
  expect(who.jar.get('session')).not.toBe(before);
  const old = createClient(node.url, { cookie: `session=${before}` });
  expect((await old.send('GET', '/v1/me')).status).toBe(401);
  return { ...who, secret, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}

describe('where money is real', () => {
  test('the password alone leads staff and owners nowhere but to setting a factor up', async () => {
    for (const login of [owner, admin]) {
      const { send, answer } = await signIn(login);
      expect([answer.status, answer.body]).toEqual([200, { needs: 'enrolment' }]);
      for (const path of ['/v1/me', '/v1/seller/orders', '/v1/staff/orders', '/ban-hang', '/quan-tri'])
        expect(await send('GET', path)).toMatchObject({ status: 401, body: { code: 'second-factor-required' } });
      expect((await send('PUT', '/v1/me/password', { password: 'mot mat khau moi toanh' })).status).toBe(401);
    }
  });

  test('a shopper owes nothing', async () => {
    await transact(node.db, 'test', (tx) =>
      node.services.identity.addAccount(tx, { name: 'Khách', login: 'khach@thu.example', password }),
    );
    const { send, answer } = await signIn('khach@thu.example');
    expect(answer.status).toBe(204);
    expect((await send('GET', '/v1/me')).status).toBe(200);
  });

  test('half a session ends by itself after a quarter of an hour', async () => {
    const { send } = await signIn(owner);
    node.clock.advance(minutes(15));
    expect((await send('POST', '/v1/me/totp', {})).body.code).toBe('sign-in-required');
  });

  test('an app is set up, then asked for; a code works once, in its time, and guesses slow down', async () => {
    const { secret, send, recoveryCodes } = await enrol(owner);
    expect(recoveryCodes).toHaveLength(10);
    expect((await send('GET', '/v1/seller/orders')).status).toBe(200);
    const { rows } = await node.db.execute<{ row: object }>(sql`select to_jsonb(t) as row from totp_factors t`);
    expect(JSON.stringify(rows)).not.toContain(secret);
    node.clock.advance(minutes(2));

    const second = await signIn(owner);
    expect(second.answer.body).toEqual({ needs: 'factor' });
    // Setting another one up instead would make the password enough.
    expect(await second.send('POST', '/v1/me/totp', {})).toMatchObject({
      status: 409,
      body: { code: 'factor-exists' },
    });
    expect(await second.send('POST', '/v1/auth/factor', { code: codeOf(secret, -4) })).toMatchObject({ status: 422 });
    const code = codeOf(secret);
    expect((await second.send('POST', '/v1/auth/factor', { code })).status).toBe(204);
    expect((await second.send('GET', '/v1/seller/orders')).status).toBe(200);
    const replay = await signIn(owner);
    expect(await replay.send('POST', '/v1/auth/factor', { code })).toMatchObject({
      status: 422,
      body: { code: 'wrong-code' },
    });

    // The count is the account's: giving the password again does not begin it anew, nor does another address.
    let status = 0;
    for (let at = 0; at < 12 && status !== 429; at += 1) {
      const guesser = await signIn(owner);
      status = (await guesser.send('POST', '/v1/auth/factor', { code: String(100_000 + at) })).status;
    }
    expect(status).toBe(429);
    // The guesser keeps everybody out who comes from elsewhere, and not the owner who came in by this browser before.
    const elsewhere = await signIn(owner);
    expect((await elsewhere.send('POST', '/v1/auth/factor', { code: codeOf(secret, 1) })).status).toBe(429);
    const home = browser(node.url);
    home.jar.set('device', second.jar.get('device') ?? '');
    await home.send('POST', '/v1/auth/sign-in', { login: owner, password });
    expect((await home.send('POST', '/v1/auth/factor', { code: codeOf(secret, 1) })).status).toBe(204);
    node.clock.advance(minutes(16));
    const after = await signIn(owner);
    expect((await after.send('POST', '/v1/auth/factor', { code: codeOf(secret) })).status).toBe(204);
  });

  test('a recovery code stands in for the phone, once, however it is typed', async () => {
    const { recoveryCodes } = await enrol(admin);
    const [first = ''] = recoveryCodes;
    const { rows } = await node.db.execute<{ hash: string }>(sql`select code_hash as hash from recovery_codes`);
    for (const code of recoveryCodes) expect(rows.map(({ hash }) => hash).join()).not.toContain(code.replace('-', ''));
    const lost = await signIn(admin);
    const typed = ` ${first.replace('-', ' ').toUpperCase()} `;
    expect((await lost.send('POST', '/v1/auth/factor', { code: typed })).status).toBe(204);
    expect((await lost.send('GET', '/v1/staff/users')).status).toBe(200);
    const again = await signIn(admin);
    expect((await again.send('POST', '/v1/auth/factor', { code: first })).body.code).toBe('wrong-code');
    expect(await lost.send('DELETE', '/v1/me/totp')).toMatchObject({ status: 409, body: { code: 'last-factor' } });
  });

  test('the pages lead through the same doors without a script', async () => {
    const { staffing } = node.services.identity;
    const invited = await staffing.invite('operator', { name: 'Cô Tư', login: 'cotu@thu.example', role: 'support' });
    const visitor = createVisitor(node.url);
    const link = `/loi-moi?ma=${invited.token}`;
    expect((await visitor.get(link)).text).toContain('Cô Tư');
    const weak = await visitor.post('/loi-moi', { ma: invited.token, password: '12345678' });
    expect([weak.status, weak.text.includes('dễ đoán')]).toEqual([422, true]);
    const door = await visitor.post('/loi-moi', { ma: invited.token, password: 'muoi hai con cua' });
    expect(door.location).toBe('/dang-nhap/cai-buoc-hai');
    expect((await createVisitor(node.url).get(link)).status).toBe(410);
    expect((await visitor.get('/quan-tri')).html).toContain('/dang-nhap/cai-buoc-hai?next=%2Fquan-tri');
    await visitor.get(door.location);
    const scan = await visitor.post('/dang-nhap/cai-buoc-hai', { do: 'begin', next: '/quan-tri' });
    const secret = /class="secret">([A-Z2-7 ]+)</.exec(scan.html)?.[1]?.replaceAll(' ', '') ?? '';
    const wrong = await visitor.post('/dang-nhap/cai-buoc-hai', { do: 'confirm', code: '000000', next: '/quan-tri' });
    expect(wrong.status).toBe(422);
    const done = await visitor.post('/dang-nhap/cai-buoc-hai', {
      do: 'confirm',
      code: codeOf(secret),
      next: '/quan-tri',
    });
    expect(done.text).toContain('Chép 10 mã này ra giấy');
    expect((await visitor.get('/quan-tri')).status).toBe(200);
    await visitor.post('/dang-xuat', {});
    node.clock.advance(minutes(1));
    await visitor.get('/dang-nhap?next=%2Fquan-tri');
    const step = await visitor.post('/dang-nhap', {
      login: 'cotu@thu.example',
      password: 'muoi hai con cua',
      next: '/quan-tri',
    });
    expect(step.location).toBe('/dang-nhap/buoc-hai?next=%2Fquan-tri');
    await visitor.get(step.location);
    const inside = await visitor.post('/dang-nhap/buoc-hai', { code: codeOf(secret), next: '/quan-tri' });
    expect(inside.location).toBe('/quan-tri');
  });
});

describe('a fresh proof', () => {
  test('is asked for before what matters, by page and by program, and a stolen session is not enough', async () => {
    const who = await signIn('khach@thu.example');
    node.clock.advance(minutes(11));
    const changes = [
      ['PUT', '/v1/me/password', { password: 'mot mat khau moi toanh' }],
      ['POST', '/v1/me/contact', { login: '0987654321' }],
      ['POST', '/v1/me/totp', {}],
      ['POST', '/v1/me/passkeys/challenge', {}],
      ['DELETE', '/v1/me/totp', undefined],
      ['POST', '/v1/me/recovery-codes', {}],
      ['GET', '/v1/me/export', undefined],
      ['POST', '/v1/me/erasure', { sure: true }],
    ] as const;
    for (const [method, path, body] of changes)
      expect(await who.send(method, path, body), path).toMatchObject({
        status: 403,
        body: { code: 'reauthentication-required' },
      });
    const old = who.jar.get('session');
    const visitor = createVisitor(node.url);
    for (const [name, value] of who.jar) (visitor.cookies as Map<string, string>).set(name, value);
    const asked = await visitor.get('/tai-khoan/mat-khau');
    expect([asked.status, asked.location]).toEqual([303, '/xac-nhan?next=%2Ftai-khoan%2Fmat-khau']);
    await visitor.get(asked.location);
    expect((await visitor.post('/xac-nhan', { password: 'sai roi nhe', next: '/tai-khoan/mat-khau' })).status).toBe(
      401,
    );
    const proved = await visitor.post('/xac-nhan', { password, next: '/tai-khoan/mat-khau' });
    expect(proved.location).toBe('/tai-khoan/mat-khau');
    expect(visitor.cookies.get('session')).not.toBe(old);
    expect((await visitor.get('/tai-khoan/mat-khau')).status).toBe(200);
  });
});

describe('a fresh proof of a seller', () => {
  let who: Awaited<ReturnType<typeof enrol>>;
  let businessId: string;
  beforeAll(async () => {
    who = await enrol('nguoiban2@cho-noi.example');
    const { body } = await who.send('GET', '/v1/seller/business');
    businessId = (body.items as { businessId: string }[])[0]?.businessId ?? '';
    node.clock.advance(minutes(11));
  });
  const nobody = '01900000-0000-7000-8000-00000000dead';

  test('is asked for wherever it is said who gets in and where money goes', async () => {
    const own = `/v1/seller/business/${businessId}`;
    const account = { bankBin: '970436', number: '0123456789', holderName: 'KE GIAN' };
    const changes = [
      ['PUT', `${own}/bank-account`, account],
      ['POST', `${own}/invitations`, { role: 'owner', to: 'ke.gian@thu.example' }],
      ['PUT', `${own}/members/${nobody}`, { role: 'owner' }],
      ['POST', '/v1/seller/keys', { businessId, name: 'x', scopes: ['orders:read'], days: 30 }],
      ['DELETE', `/v1/seller/keys/${nobody}`, undefined],
      ['PUT', '/v1/me/password', { password: 'mot mat khau moi toanh' }],
      ['POST', '/v1/me/contact', { login: 'ke.gian@thu.example' }],
      ['DELETE', '/v1/me/totp', undefined],
      ['DELETE', `/v1/me/passkeys/${nobody}`, undefined],
      ['POST', '/v1/me/passkeys', {}],
      ['POST', '/v1/me/recovery-codes', {}],
    ] as const;
    for (const [method, path, body] of changes)
      expect(await who.send(method, path, body), path).toMatchObject({
        status: 403,
        body: { code: 'reauthentication-required' },
      });
    const { rows } = await node.db.execute(sql`select from bank_accounts where holder_name = 'KE GIAN'`);
    expect(rows).toHaveLength(0);
  });

  test('is asked for by the pages too, before anything is typed', async () => {
    const visitor = createVisitor(node.url);
    for (const [name, value] of who.jar) (visitor.cookies as Map<string, string>).set(name, value);
    const forms = [`/ban-hang/dang-ky/${businessId}/tai-khoan`, '/tai-khoan/mat-khau', '/tai-khoan/lien-he'];
    for (const path of [...forms, '/tai-khoan/xac-thuc']) {
      const asked = await visitor.get(path);
      expect([asked.status, asked.location], path).toEqual([303, `/xac-nhan?next=${encodeURIComponent(path)}`]);
    }
    await visitor.get('/ban-hang/thanh-vien');
    for (const path of [
      ...forms,
      '/tai-khoan/xac-thuc',
      '/ban-hang/thanh-vien',
      '/ban-hang/khoa-api',
      '/tai-khoan/xoa',
    ])
      expect((await visitor.post(path, { businessId, do: 'invite', sure: '1' })).status, path).toBe(403);
  });
});

test('in the demonstration one press signs in, and the page says what real exchanges ask for', async () => {
  const demo = await startNode({ env: { DEMO: '1' }, secondFactor: false });
  try {
    const visitor = createVisitor(demo.url);
    const form = await visitor.get('/dang-nhap');
    expect(form.text).toContain('bước xác thực thứ hai');
    const sample = /name="password" value="([^"]+)"/.exec(form.html)?.[1] ?? '';
    expect(sample).not.toBe('');
    expect((await visitor.post('/dang-nhap', { login: admin, password: demoPassword })).location).toBe('/quan-tri');
  } finally {
    await demo.close();
  }
});
