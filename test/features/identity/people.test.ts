import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '#config/config.ts';
import { transact } from '#db/client.ts';
import { type Client, createClient } from '#test/support/client.ts';
import { hours } from '#test/support/clock.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { holdSession, signIn } from '#test/support/people.ts';

let node: TestNode;
let replica: TestNode;
let admin: Client;
let owner: Client;
let businessId: string;
beforeAll(async () => {
  node = await startNode();
  replica = await startNode({ database: node.database, env: { DATA_DIR: node.env.DATA_DIR ?? '' } });
  admin = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  owner = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  businessId = (await owner.expect<{ businessIds: string[] }>(200, 'GET', '/v1/me')).businessIds[0] ?? '';
});
afterAll(async () => {
  await replica.close();
  await node.close();
});

const tokenOf = (path: string): string => path.split('ma=')[1] ?? '';
type User = { accountId: string; name: string; role: string | null; state: string };

describe('officers', () => {
  let invited: { accountId: string; path: string };
  const password = 'con duong ven song';
  const find = async (accountId: string): Promise<User | undefined> =>
    (await admin.expect<{ items: User[] }>(200, 'GET', '/v1/staff/users')).items.find((u) => u.accountId === accountId);

  test('are invited by a link that works once, and choose their own password', async () => {
    const body = { name: 'Chị Sáu', login: 'sau@thu.example', role: 'moderator' };
    invited = await admin.expect(201, 'POST', '/v1/staff/users', { body });
    expect(await find(invited.accountId)).toMatchObject({ name: 'Chị Sáu', role: 'moderator', state: 'invited' });
    const wrong = await createClient(node.url).send('POST', '/v1/auth/sign-in', {
      body: { login: 'sau@thu.example', password: '' },
    });
    expect(wrong.status).toBe(400);
    const { signingIn } = node.services.identity;
    const visit = { address: '203.0.113.1', userAgent: 'test', device: undefined };
    await expect(signingIn.acceptInvitation(tokenOf(invited.path), 'sau12345', visit)).rejects.toThrow('password-weak');
    await signingIn.acceptInvitation(tokenOf(invited.path), password, visit);
    await expect(signingIn.acceptInvitation(tokenOf(invited.path), password, visit)).rejects.toThrow('link-over');
    expect(await find(invited.accountId)).toMatchObject({ state: 'active' });
    const { rows } = await node.db.execute<{ all: string }>(sql`select json_agg(t)::text as all from account_tokens t`);
    expect(rows[0]?.all ?? '').not.toContain(tokenOf(invited.path));
  });

  test('lose their rights at once, on every replica', async () => {
    const officer = await holdSession(node.url, 'sau@thu.example', password);
    const { headers } = await createClient(node.url).send('POST', '/v1/auth/sign-in', {
      body: { login: 'sau@thu.example', password },
    });
    const elsewhere = createClient(replica.url, { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '' });
    await elsewhere.expect(200, 'GET', '/v1/staff/queues');
    await admin.expect(204, 'PUT', `/v1/staff/users/${invited.accountId}/role`, { body: { role: 'support' } });
    expect((await elsewhere.send('GET', '/v1/staff/queues')).status).toBe(401);
    expect((await officer.send('GET', '/v1/me')).status).toBe(401);
    const support = await holdSession(node.url, 'sau@thu.example', password);
    expect((await support.send('GET', '/v1/staff/users')).status).toBe(403);
    await admin.expect(204, 'POST', `/v1/staff/users/${invited.accountId}/disable`, { body: {} });
    expect((await support.send('GET', '/v1/me')).status).toBe(401);
    expect(
      (await createClient(node.url).send('POST', '/v1/auth/sign-in', { body: { login: 'sau@thu.example', password } }))
        .status,
    ).toBe(401);
    await admin.expect(204, 'POST', `/v1/staff/users/${invited.accountId}/enable`, { body: {} });
    await holdSession(node.url, 'sau@thu.example', password);
  });

  test('do not change their own rights, and the last administrator stays', async () => {
    const { accountId } = await admin.expect<{ accountId: string }>(200, 'GET', '/v1/me');
    for (const [method, path, body] of [
      ['PUT', 'role', { role: null }],
      ['POST', 'disable', {}],
    ] as const)
      expect(await admin.send(method, `/v1/staff/users/${accountId}/${path}`, { body })).toMatchObject({
        status: 409,
        body: { code: 'own-account' },
      });
  });

  test('each act is in the log, with who did it', async () => {
    const { rows } = await node.db.execute<{ action: string; actor: string }>(
      sql`select action, actor from audit_entries where subject_id = ${invited.accountId} order by happened_at`,
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['account.invited', 'account.role-changed', 'account.disabled', 'account.enabled']),
    );
    expect(rows.find(({ action }) => action === 'account.disabled')?.actor).toMatch(/^account:/);
  });

  test('mass assignment is refused: nobody signs up as staff', async () => {
    const body = {
      name: 'Kẻ xấu',
      login: 'xau@thu.example',
      password: 'mot mat khau rat dai',
      consents: ['terms'],
      staffRole: 'admin',
    };
    expect((await createClient(node.url).send('POST', '/v1/auth/sign-up', { body })).status).toBe(400);
  });
});

describe('a key of a business', () => {
  type Made = { key: string; details: { keyId: string; prefix: string } };
  const make = (scopes: readonly string[], days = 30) =>
    owner.expect<Made>(201, 'POST', '/v1/seller/keys', { body: { businessId, name: 'Phần mềm kho', scopes, days } });
  const bearer = (key: string, more: Readonly<Record<string, string>> = {}): Client =>
    createClient(node.url, { authorization: `Bearer ${key}`, ...more });

  test('opens what its scopes name, for its business, and nothing else', async () => {
    const { key } = await make(['orders:read', 'stock:read']);
    const program = bearer(key);
    await program.expect(200, 'GET', '/v1/seller/orders');
    const { items } = await program.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
    const variantId = items[0]?.variantId ?? '';
    expect(await program.send('PUT', `/v1/seller/stock/${variantId}`, { body: { onHand: 9 } })).toMatchObject({
      status: 403,
      body: { code: 'scope-missing', scope: 'stock:write' },
    });
    for (const path of ['/v1/me', '/v1/seller/keys', '/v1/staff/orders', '/ban-hang'])
      expect((await program.send('GET', path)).status, path).toBe(403);
    const writer = bearer((await make(['stock:write'])).key);
    await writer.expect(204, 'PUT', `/v1/seller/stock/${variantId}`, { body: { onHand: 5_000 } });
    const other = await node.db.execute<{ id: string }>(
      sql`select v.id from variants v join products p on p.id = v.product_id where p.business_id <> ${businessId} and p.partner_key is null limit 1`,
    );
    expect(await writer.send('PUT', `/v1/seller/stock/${other.rows[0]?.id}`, { body: { onHand: 1 } })).toMatchObject({
      status: 404,
    });
  });

  test('is kept as a hash, told apart by how it begins, and seen to be used', async () => {
    const { key, details } = await make(['orders:read']);
    expect(key.startsWith(details.prefix)).toBe(true);
    const { rows } = await node.db.execute<{ all: string }>(sql`select json_agg(t)::text as all from api_keys t`);
    expect(rows[0]?.all).not.toContain(key);
    await bearer(key).expect(200, 'GET', '/v1/seller/orders');
    const list = await owner.expect<{ items: { keyId: string; lastUsedAt: string | null }[] }>(
      200,
      'GET',
      '/v1/seller/keys',
    );
    expect(list.items.find(({ keyId }) => keyId === details.keyId)?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(list)).not.toContain(key);
  });

  test('revoked, over, or made up it opens nothing, whatever cookie stands beside it', async () => {
    const { key, details } = await make(['orders:read'], 1);
    await owner.expect(204, 'DELETE', `/v1/seller/keys/${details.keyId}`);
    const session =
      (
        await createClient(node.url).send('POST', '/v1/auth/sign-in', {
          body: { login: 'nguoiban@cho-noi.example', password: demoPassword },
        })
      ).headers
        .getSetCookie()[0]
        ?.split(';')[0] ?? '';
    for (const one of [key, `cnk_${'a'.repeat(43)}`, 'x'])
      expect(await bearer(one, { cookie: session }).send('GET', '/v1/me')).toMatchObject({
        status: 401,
        body: { code: 'key-not-accepted' },
      });
    const short = await make(['orders:read'], 1);
    node.clock.advance(hours(25));
    expect((await bearer(short.key).send('GET', '/v1/seller/orders')).status).toBe(401);
  });

  test('needs no token of a form and no origin: no browser of another site can send it', async () => {
    const { key } = await make(['stock:read']);
    const foreign = { origin: 'https://ke-xau.example', 'sec-fetch-site': 'cross-site', cookie: 'session=x' };
    await bearer(key, foreign).expect(200, 'GET', '/v1/seller/stock');
  });

  test('is for owners: a manager neither sees nor makes one, and another business is no business', async () => {
    await transact(node.db, 'test', async (tx) => {
      const id = await node.services.identity.addAccount(tx, {
        name: 'Q',
        login: 'ql@thu.example',
        password: demoPassword,
      });
      await node.services.businesses.addMember(tx, businessId as never, id, 'manager');
    });
    const manager = await signIn(node.url, 'ql@thu.example', demoPassword);
    expect((await manager.send('GET', '/v1/seller/keys')).status).toBe(403);
    const body = { businessId: '01900000-0000-7000-8000-00000000dead', name: 'x', scopes: ['orders:read'], days: 1 };
    expect((await owner.send('POST', '/v1/seller/keys', { body })).status).toBe(404);
  });
});

describe('the address of a client', () => {
  const addressSeen = async (exchange: TestNode, remoteAddress: string, forwarded: string): Promise<string> => {
    const headers = { 'x-forwarded-for': forwarded, 'content-type': 'application/json' };
    const answer = await exchange.app.inject({
      method: 'POST',
      url: '/v1/auth/sign-in',
      remoteAddress,
      headers,
      payload: { login: 'nguoiban@cho-noi.example', password: demoPassword },
    });
    const cookie = String([answer.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
    const list = await exchange.app.inject({ url: '/v1/me/sessions', remoteAddress, headers: { cookie } });
    return list.json().items.find(({ current }: { current: boolean }) => current).address;
  };

  test('is what a proxy on this machine says, and never what a stranger claims', async () => {
    expect(await addressSeen(node, '127.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
    expect(await addressSeen(node, '203.0.113.5', '198.51.100.7')).toBe('203.0.113.5');
    expect(await addressSeen(node, '10.0.3.4', '198.51.100.7')).toBe('10.0.3.4');
  });

  test('is taken from proxies on other hosts where they are named, and only from them', async () => {
    const behind = await startNode({ database: node.database, env: { TRUSTED_PROXIES: '10.0.3.0/24, 2001:db8:7::1' } });
    try {
      expect(await addressSeen(behind, '10.0.3.4', '198.51.100.7')).toBe('198.51.100.7');
      expect(await addressSeen(behind, '2001:db8:7::1', '198.51.100.8')).toBe('198.51.100.8');
      expect(await addressSeen(behind, '10.0.4.4', '198.51.100.7')).toBe('10.0.4.4');
      // What stands before the last stranger in the chain was written by the stranger.
      expect(await addressSeen(behind, '10.0.3.4', '1.2.3.4, 198.51.100.9')).toBe('198.51.100.9');
    } finally {
      await behind.close();
    }
  });

  test.each(['0.0.0.0/0', '10.0.0.0/4', '::/0', '10.0.3.0/33', 'a.b', '10.0.3.4/'])(
    '%s is no range to trust',
    (range) =>
      expect(() => loadConfig({ TRUSTED_PROXIES: range, DATA_DIR: node.env.DATA_DIR })).toThrow('TRUSTED_PROXIES'),
  );
});
