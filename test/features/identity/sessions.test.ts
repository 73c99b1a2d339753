import { argon2Sync } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { hashPassword, verifyPassword } from '#features/identity/password.ts';
import { readPhone } from '#features/identity/phone.ts';
import { createClient } from '#test/support/client.ts';
import { hours, minutes } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { holdSession } from '#test/support/people.ts';

const login = 'nguoiban@cho-noi.example';
let node: TestNode;
/** Another process of the same exchange. */
let replica: TestNode;
beforeAll(async () => {
  node = await startNode();
  // Processes of one exchange share its secrets as well as its database.
  replica = await startNode({ database: node.database, env: { DATA_DIR: node.env.DATA_DIR ?? '' } });
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
    const client = await holdSession(node.url, login, demoPassword);
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
    const client = await holdSession(node.url, login, demoPassword);
    node.clock.advance(hours(24 * 13));
    await client.expect(200, 'GET', '/v1/me');
    node.clock.advance(hours(24 * 13));
    await client.expect(200, 'GET', '/v1/me');
    node.clock.advance(hours(24 * 15));
    expect((await client.send('GET', '/v1/me')).status).toBe(401);
  });

  test('of an account that is disabled is dead at once', async () => {
    const client = await holdSession(node.url, 'thamtra@cho-noi.example', demoPassword);
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
  beforeAll(() => replica.clock.set(node.clock.now()));
  const guess = (base: string, headers: Readonly<Record<string, string>> = {}, body: object = {}) =>
    createClient(base).send('POST', '/v1/auth/sign-in', {
      body: { login, password: 'sai mat khau nay', ...body },
      headers,
    });
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('an unknown login and a wrong password are answered alike', async () => {
    const [unknown, wrong] = [
      await attempt({ login: 'khong-ai@cho-noi.example', password: 'sai-mat-khau' }),
      await attempt({ login, password: 'sai-mat-khau' }),
    ];
    const told = ({ body }: { body: unknown }) => ({ ...(body as object), instance: '' });
    expect([unknown.status, told(unknown)]).toEqual([wrong.status, told(wrong)]);
  });

  test('from ever new addresses slows down more and more, on all replicas, for that account alone', async () => {
    const target = { login: 'nguoiban2@cho-noi.example' };
    const statuses: number[] = [];
    for (let at = 0; at < 12; at += 1) {
      const base = at % 2 === 0 ? node.url : replica.url;
      statuses.push((await guess(base, from(`203.0.113.${at}`), { ...target, password: `sai ${at} mat khau` })).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    const refused = await guess(node.url, from('203.0.113.99'), target);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(30);
    // Somebody else's account is not touched by it.
    expect((await guess(node.url, from('203.0.113.98'))).status).toBe(401);
    for (const clock of [node.clock, replica.clock]) clock.advance(31_000);
    expect((await guess(node.url, from('203.0.113.97'), { ...target, password: 'lai sai nua roi' })).status).toBe(401);
    const longer = await guess(node.url, from('203.0.113.96'), target);
    expect(Number(longer.headers.get('retry-after'))).toBeGreaterThan(30);
  });

  test('does not keep the owner out who signed in from that browser before', async () => {
    const owner = await attempt({ login, password: demoPassword });
    const device =
      owner.headers
        .getSetCookie()
        .find((cookie) => cookie.startsWith('device='))
        ?.split(';')[0] ?? '';
    expect(device).toMatch(/^device=[\w-]{43}$/);
    for (let at = 0; at < 11; at += 1)
      await guess(node.url, from(`198.51.100.${at}`), { password: `sai ${at} mat khau` });
    expect((await guess(node.url, from('198.51.100.77'), { password: demoPassword })).status).toBe(429);
    const home = await createClient(node.url, { cookie: device }).send('POST', '/v1/auth/sign-in', {
      body: { login, password: demoPassword },
      headers: from('198.51.100.77'),
    });
    expect(home.status).toBe(204);
  });

  test('a made-up device is no device', async () => {
    const cookie = { cookie: `device=${'a'.repeat(43)}`, ...from('198.51.100.78') };
    expect((await guess(node.url, cookie, { password: demoPassword })).status).toBe(429);
    for (const clock of [node.clock, replica.clock]) clock.advance(minutes(16));
  });

  test('one password over many accounts is caught, wherever it comes from', async () => {
    const spray = async (at: number) =>
      (
        await guess(at % 2 ? node.url : replica.url, from(`192.0.2.${at}`), {
          login: `nguoi${at}@thu.example`,
          password: 'mot mat khau cho tat ca',
        })
      ).status;
    const statuses: number[] = [];
    for (let at = 0; at < 22; at += 1) statuses.push(await spray(at));
    expect(statuses.slice(0, 20)).toEqual(Array<number>(20).fill(401));
    expect(statuses.slice(20)).toEqual([429, 429]);
    // Another password from there is still looked at.
    expect((await guess(node.url, from('192.0.2.200'), { login: 'ai-do@thu.example' })).status).toBe(401);
  });

  test('from one address is stopped for a quarter of an hour, and for nobody who comes from elsewhere', async () => {
    for (const clock of [node.clock, replica.clock]) clock.advance(minutes(90));
    const at = from('192.0.2.201');
    const statuses: number[] = [];
    for (let turn = 0; turn < 62; turn += 1) {
      const body = { login: `la${turn}@thu.example`, password: `sai ${turn} lan nua` };
      statuses.push((await guess(turn % 2 ? node.url : replica.url, at, body)).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(60);
    expect(statuses.slice(60)).toEqual([429, 429]);
    expect((await guess(node.url, from('192.0.2.202'), { password: demoPassword })).status).toBe(204);
  });

  test('over the whole exchange is stopped, and still lets in whoever signed in from that browser before', async () => {
    const here = await attempt({ login, password: demoPassword });
    const device = here.headers.getSetCookie().find((cookie) => cookie.startsWith('device=')) ?? '';
    // As ten thousand browsers of an attacker would; both halves of a minute, for the clock runs.
    const minute = Math.floor(node.clock.now().getTime() / 60_000) * 60_000;
    for (const start of [minute, minute + 60_000])
      await node.db.execute(
        sql`insert into attempts (key, window_start, count) values ('sign-in', ${new Date(start).toISOString()}::timestamptz, 600)
          on conflict (key, window_start) do update set count = 600`,
      );
    const right = { password: demoPassword };
    expect((await guess(node.url, from('192.0.2.203'), right)).status).toBe(429);
    const known = { cookie: device.split(';')[0] ?? '', ...from('192.0.2.204') };
    expect((await guess(replica.url, known, right)).status).toBe(204);
    await node.db.execute(sql`delete from attempts where key = 'sign-in'`);
  });

  test('many at one moment are counted, and none of them is too early for another', async () => {
    const right = { login: 'nguoiban2@cho-noi.example', password: demoPassword };
    await node.db.execute(sql`delete from throttles`);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => guess(at % 2 ? node.url : replica.url, from(`192.0.2.${210 + at}`), right)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(204));
  });

  test('what is kept of guesses holds neither logins nor passwords', async () => {
    const { rows } = await node.db.execute<{ key: string }>(
      sql`select key from attempts where key like 'password:%' or key like 'sign-in%' union all select key from throttles`,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { key } of rows) expect(key).not.toMatch(/@|sai|mat khau|\+84/);
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

  test('hashed at an older cost is still right, and is hashed anew when its owner comes', async () => {
    const salt = Buffer.alloc(16, 7);
    const message = Buffer.from(demoPassword);
    const tag = argon2Sync('argon2id', {
      message,
      nonce: salt,
      tagLength: 32,
      memory: 8_192,
      passes: 1,
      parallelism: 1,
    });
    const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
    const old = `$argon2id$v=19$m=8192,t=1,p=1$${bare(salt)}$${bare(Buffer.from(tag))}`;
    await node.db.execute(sql`update accounts set password_hash = ${old} where email = ${login}`);
    expect((await attempt({ login, password: 'khong phai cai nay' })).status).toBe(401);
    node.clock.advance(minutes(16));
    expect((await attempt({ login, password: demoPassword })).status).toBe(204);
    const { rows } = await node.db.execute<{ hash: string }>(
      sql`select password_hash as hash from accounts where email = ${login}`,
    );
    expect(rows[0]?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await attempt({ login, password: demoPassword })).status).toBe(204);
  });

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
