import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOidc } from '#adapters/oidc/index.ts';
import { freePort } from '#embedded/free-port.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

const client = { id: 'cho-noi', secret: 'a-secret-of-the-test-0123456789' } as const;
/** What the provider says of everybody: the e-mail of an account that exists here. */
const borrowed = 'nguoiban@cho-noi.example';

let issuer: string;
let server: Server;
let node: TestNode;
let dataDir: string;

beforeAll(async () => {
  const port = await freePort();
  const own = await freePort();
  issuer = `http://localhost:${port}`;
  const callback = `http://127.0.0.1:${own}/dang-nhap/nha-cung-cap/ve`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [callback] }],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['test'] },
    findAccount: async (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: `Công dân ${id}`, email: borrowed, email_verified: true }),
    }),
  });
  server = createServer(provider.callback()).listen(port);
  dataDir = mkdtempSync(join(tmpdir(), 'cho-noi-oidc-'));
  mkdirSync(join(dataDir, 'secrets'));
  const file = { issuer, clientId: client.id, clientSecret: client.secret, label: 'VNeID thử' };
  writeFileSync(join(dataDir, 'secrets', 'oidc.json'), JSON.stringify(file));
  node = await startNode({ env: { DATA_DIR: dataDir, PORT: String(own) }, secondFactor: true });
});
afterAll(async () => {
  await node?.close();
  server?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Signs in at the provider as `login`, and gives the address by which it sends the browser back. */
async function walk(start: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  const go = async (address: string, body?: URLSearchParams): Promise<Response> => {
    const response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body && { method: 'POST', body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  let address = start;
  for (let step = 0; step < 12; step += 1) {
    if (!address.startsWith(issuer)) return address;
    let response = await go(address);
    if (response.status === 200) {
      const html = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1] ?? '';
      const action = /action="([^"]+)"/.exec(html)?.[1] ?? address;
      response = await go(new URL(action, address).href, new URLSearchParams({ prompt, login, password: 'x' }));
    }
    address = new URL(response.headers.get('location') ?? '', address).href;
  }
  throw new Error(`The provider did not lead back: ${address}`);
}

async function begin(visitor: Visitor, next = ''): Promise<string> {
  await visitor.get('/dang-nhap');
  return (await visitor.post('/dang-nhap/nha-cung-cap', { next })).location;
}
const pathOf = (address: string): string => address.slice(address.indexOf('/dang-nhap'));
const nameOf = async (visitor: Visitor): Promise<string | undefined> =>
  (await visitor.get('/tai-khoan')).fieldValue('name');

test('signs in by issuer and subject, makes the account the first time, and finds it the next', async () => {
  const visitor = createVisitor(node.url);
  const address = await begin(visitor, '/tai-khoan/phien');
  const asked = new URL(address).searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect((asked.get('state') ?? '').length).toBeGreaterThan(30);
  expect((asked.get('nonce') ?? '').length).toBeGreaterThan(30);
  const back = await walk(address, 'congdan1');
  expect((await visitor.get(pathOf(back))).location).toBe('/tai-khoan/phien');
  expect(await nameOf(visitor)).toBe('Công dân congdan1');
  // The same answer again, and in another browser: nothing.
  expect((await visitor.get(pathOf(back))).status).toBe(422);

  const second = createVisitor(node.url);
  await second.get(pathOf(await walk(await begin(second), 'congdan1')));
  const { rows } = await node.db.execute<{ subject: string; email: string | null }>(
    sql`select e.subject, a.email from external_identities e join accounts a on a.id = e.account_id`,
  );
  expect(rows).toEqual([{ subject: 'congdan1', email: null }]);
});

test('an e-mail that it tells finds nobody’s account', async () => {
  const visitor = createVisitor(node.url);
  await visitor.get(pathOf(await walk(await begin(visitor), 'keMuonEmail')));
  expect(await nameOf(visitor)).toBe('Công dân keMuonEmail');
  expect((await visitor.get('/ban-hang')).status).toBe(403);
});

test('an answer that was asked for in another browser opens nothing', async () => {
  const attacker = createVisitor(node.url);
  const victim = createVisitor(node.url);
  const back = await walk(await begin(attacker), 'keXau');
  await victim.get('/dang-nhap');
  expect((await victim.get(pathOf(back))).status).toBe(422);
  await begin(victim);
  expect((await victim.get(pathOf(back))).status).toBe(422);
  expect((await victim.get('/tai-khoan')).status).toBe(401);
});

test('state, nonce and verifier must be those of the round', async () => {
  const oidc = createOidc({ issuer, clientId: client.id, clientSecret: client.secret, label: 'x', fetch });
  const round = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43) };
  const redirectUri = `${node.url}/dang-nhap/nha-cung-cap/ve`;
  const backOf = async (): Promise<string> => walk(await oidc.begin(redirectUri, round), 'congdan2');
  expect(await oidc.finish(await backOf(), round)).toMatchObject({ issuer, subject: 'congdan2' });
  for (const wrong of [{ state: 'x' }, { nonce: 'x' }, { verifier: 'w'.repeat(43) }])
    await expect(oidc.finish(await backOf(), { ...round, ...wrong })).rejects.toThrow();
  await expect(
    oidc.finish((await backOf()).replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fke-xau.example'), round),
  ).rejects.toThrow();
});

test('added to an owner’s account it still owes the second factor', async () => {
  const { rows } = await node.db.execute<{ id: string }>(sql`select id from accounts where email = ${borrowed}`);
  await node.db.execute(
    sql`insert into external_identities (issuer, subject, account_id, created_at) values (${issuer}, 'chuHTX', ${rows[0]?.id}, now())`,
  );
  const visitor = createVisitor(node.url);
  const door = await visitor.get(pathOf(await walk(await begin(visitor, '/ban-hang'), 'chuHTX')));
  expect(door.location).toBe('/dang-nhap/cai-buoc-hai?next=%2Fban-hang');
  expect((await visitor.get('/ban-hang')).status).toBe(401);
});

test('where none is configured, none is offered', async () => {
  const plain = await startNode({ database: node.database });
  try {
    const visitor = createVisitor(plain.url);
    expect((await visitor.get('/dang-nhap')).html).not.toContain('/dang-nhap/nha-cung-cap');
    expect((await visitor.post('/dang-nhap/nha-cung-cap', {})).status).toBe(422);
    expect(demoPassword).not.toBe('');
  } finally {
    await plain.close();
  }
});
