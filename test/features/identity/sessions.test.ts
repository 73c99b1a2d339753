import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { hashPassword, isWeak, verifyPassword } from '#features/identity/password.ts';
import { readPhone } from '#features/identity/phone.ts';
import { createClient } from '#test/support/client.ts';
import { hours, minutes } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';

const login = 'nguoiban@cho-noi.example';
let node: TestNode;
/** Another process of the same exchange. */
let replica: TestNode;
beforeAll(async () => {
  node = await startNode();
  replica = await startNode({ database: node.database });
});
afterAll(async () => {
  await replica.close();
  await node.close();
});

let addresses = 0;
/** From an address of its own, so that one test's wrong guesses do not close the door of another. */
const attempt = (body: object) => {
  addresses += 1;
  const headers = { 'x-forwarded-for': `10.0.0.${addresses}` };
  return createClient(node.url).send('POST', '/v1/auth/sign-in', { body, headers });
};

describe('a session', () => {
  test('is a cookie that no script reads and no other site sends, and a row that holds only its hash', async () => {
    const answer = await attempt({ login, password: demoPassword });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^session=[\w-]{43}; /);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const secret = cookie.slice('session='.length, cookie.indexOf(';'));
    const { rows } = await node.db.execute<{ hash: string }>(sql`select id_hash as hash from sessions`);
    expect(rows.map(({ hash }) => hash)).not.toContain(secret);
  });

  test('over https its name pins it to the host', async () => {
    const secure = await startNode({ database: node.database, env: { PUBLIC_URL: 'https://san.thu.example' } });
    try {
      const answer = await createClient(secure.url).send('POST', '/v1/auth/sign-in', {
        body: { login, password: demoPassword },
      });
      expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-session=.*; Path=\/; HttpOnly; Secure; SameSite=Lax/);
      expect(answer.headers.get('strict-transport-security')).toContain('max-age=31536000');
    } finally {
      await secure.close();
    }
  });

  test('that was ended is dead on every replica at once', async () => {
    const client = await signIn(node.url, login, demoPassword);
    const cookie = { cookie: (await signInCookie()) ?? '' };
    const elsewhere = createClient(replica.url, cookie);
    await elsewhere.expect(200, 'GET', '/v1/me');
    await createClient(node.url, cookie).expect(204, 'POST', '/v1/auth/sign-out');
    expect((await elsewhere.send('GET', '/v1/me')).status).toBe(401);
    await client.expect(200, 'GET', '/v1/me');
  });

  test('a new one at each sign-in: an id that was put there beforehand is worth nothing', async () => {
    const planted = { cookie: 'session=planted-by-somebody-else-0123456789012345678' };
    const answer = await createClient(node.url, planted).send('POST', '/v1/auth/sign-in', {
      body: { login, password: demoPassword },
    });
    expect(answer.status).toBe(204);
    expect((await createClient(node.url, planted).send('GET', '/v1/me')).status).toBe(401);
  });

  test('ends when it is not used for two weeks, and is kept alive by use', async () => {
    const client = await signIn(node.url, login, demoPassword);
    node.clock.advance(hours(24 * 13));
    await client.expect(200, 'GET', '/v1/me');
    node.clock.advance(hours(24 * 13));
    await client.expect(200, 'GET', '/v1/me');
    node.clock.advance(hours(24 * 15));
    expect((await client.send('GET', '/v1/me')).status).toBe(401);
  });

  test('of an account that is disabled is dead at once', async () => {
    const client = await signIn(node.url, 'thamtra@cho-noi.example', demoPassword);
    await client.expect(200, 'GET', '/v1/me');
    await node.db.execute(sql`update accounts set disabled_at = now() where email = 'thamtra@cho-noi.example'`);
    expect((await client.send('GET', '/v1/me')).status).toBe(401);
    expect(await attempt({ login: 'thamtra@cho-noi.example', password: demoPassword })).toMatchObject({ status: 401 });
  });
});

async function signInCookie(): Promise<string | undefined> {
  return (await attempt({ login, password: demoPassword })).headers.getSetCookie()[0]?.split(';')[0];
}

describe('guessing', () => {
  test('an unknown login and a wrong password are answered alike', async () => {
    const [unknown, wrong] = [
      await attempt({ login: 'khong-ai@cho-noi.example', password: 'sai-mat-khau' }),
      await attempt({ login, password: 'sai-mat-khau' }),
    ];
    const told = ({ body }: { body: unknown }) => ({ ...(body as object), instance: '' });
    expect([unknown.status, told(unknown)]).toEqual([wrong.status, told(wrong)]);
  });

  test('ten guesses close the door for that address on all replicas, not for the owner at home', async () => {
    const guess = (base: string) =>
      createClient(base).send('POST', '/v1/auth/sign-in', {
        body: { login, password: 'sai-mat-khau' },
        headers: { 'x-forwarded-for': '203.0.113.9' },
      });
    // The replica's clock is the real one: both must count in the same quarter of an hour.
    node.clock.set(replica.clock.now());
    for (let count = 0; count < 10; count += 1)
      expect((await guess(count % 2 === 0 ? node.url : replica.url)).status).toBe(401);
    const closed = await guess(node.url);
    expect(closed).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await attempt({ login, password: demoPassword })).status).toBe(204);
    node.clock.advance(minutes(16));
    expect((await guess(node.url)).status).toBe(401);
  });
});

describe('a password', () => {
  test('is taken whole: diacritics, spaces, and the last of two hundred characters', async () => {
    const long = `${'mật khẩu '.repeat(22)}a`;
    const hash = await hashPassword(long);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(long, hash)).toBe(true);
    expect(await verifyPassword(long.normalize('NFD'), hash)).toBe(true);
    expect(await verifyPassword(`${long.slice(0, -1)}b`, hash)).toBe(false);
    expect(await verifyPassword(`${long} `, hash)).toBe(false);
    expect(await hashPassword(long)).not.toBe(hash);
  });
  test.each(['1234567', 'password', '12345678', 'aaaaaaaaaaaa', 'SOCTRANG'])('%s is too easy', (password) => {
    expect(isWeak(password)).toBe(true);
  });
  test.each(['bánh pía 4 trứng', 'x7!kQ2pw'])('%s will do', (password) => expect(isWeak(password)).toBe(false));

  test('an account needs a login that can be reached, one of its own, and a password that will do', async () => {
    const add = (account: { login: string; password: string }) =>
      transact(node.db, 'test', (tx) => node.services.identity.addAccount(tx, { name: 'A', ...account }));
    await expect(add({ login, password: demoPassword })).rejects.toThrow('login-taken');
    await expect(add({ login: 'x', password: demoPassword })).rejects.toThrow('login-invalid');
    await expect(add({ login: 'a@b.example', password: '1234567' })).rejects.toThrow('password-weak');
    await add({ login: '0987 654 321', password: demoPassword });
    expect((await attempt({ login: '+84987654321', password: demoPassword })).status).toBe(204);
  });
});

test.each([
  ['0912345678', '+84912345678'],
  ['+84 912 345 678', '+84912345678'],
  ['0912.345.678', '+84912345678'],
  ['84912345678', '+84912345678'],
  ['0168 234 5678', undefined],
  ['12345', undefined],
  ['+1 212 555 0123', undefined],
  ['', undefined],
])('%s is read as %s', (typed, number) => expect(readPhone(typed)).toBe(number));
