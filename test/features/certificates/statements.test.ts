import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';

type KeySet = { readonly keys: readonly { readonly kid: string; readonly x: string }[] };
type Claims = {
  readonly iat: number;
  readonly exp: number;
  readonly certificate: { readonly status: string; readonly inForce: boolean };
};

const script = fileURLToPath(new URL('../../../docs/verify-certificate.mjs', import.meta.url));
const run = promisify(execFile);

let node: TestNode;
let code: string;
beforeAll(async () => {
  node = await startNode();
  code = (await node.services.products.getProduct('hanh-tim-vinh-chau-tui-luoi')).certificates[0]?.code ?? '';
});
afterAll(() => node.close());

const statementOf = async (of = code): Promise<string> => {
  const answer = await fetch(`${node.url}/v1/certificates/${of}/statement`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/jwt']);
  return answer.text();
};
const keySet = () => node.guest.client.expect<KeySet>(200, 'GET', '/.well-known/jwks.json');
const part = (statement: string, index: number): string => statement.split('.')[index] ?? '';
const read = <T>(text: string): T => JSON.parse(Buffer.from(text, 'base64url').toString()) as T;
const write = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsIn = (statement: string): Claims => read<Claims>(part(statement, 1));

/** What the script of a partner prints, or undefined when it refuses. */
async function verified(statement: string, keys: KeySet): Promise<Claims['certificate'] | undefined> {
  try {
    const { stdout } = await run(process.execPath, [script, statement, JSON.stringify(keys)]);
    return JSON.parse(stdout) as Claims['certificate'];
  } catch {
    return undefined;
  }
}

describe('a statement, verified without a connection', () => {
  test('by a script of ten lines that knows node:crypto and the published key', async () => {
    const lines = readFileSync(script, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('//'));
    expect(lines.length).toBeLessThanOrEqual(10);
    expect([...readFileSync(script, 'utf8').matchAll(/from '(.+)'/g)].map(([, name]) => name)).toEqual(['node:crypto']);
    const certificate = await verified(await statementOf(), await keySet());
    expect(certificate).toMatchObject({
      code,
      status: 'verified',
      inForce: true,
      star: 3,
      decisionNumber: '9113/QĐ-UBND',
    });
    expect(certificate).not.toHaveProperty('scoreTenths');
  });

  test('is refused when a letter was changed, another key signed it, its type is another, or its day is over', async () => {
    const keys = await keySet();
    const statement = await statementOf();
    const [head, claims, signature] = [0, 1, 2].map((index) => part(statement, index));
    const better = write({ ...claimsIn(statement), certificate: { ...claimsIn(statement).certificate, star: 5 } });
    expect(await verified(`${head}.${better}.${signature}`, keys)).toBeUndefined();

    const stranger = generateKeyPairSync('ed25519').privateKey;
    const by = (key: typeof stranger, text: string): string =>
      `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
    expect(await verified(by(stranger, `${head}.${claims}`), keys)).toBeUndefined();
    expect(await verified(statement, { keys: keys.keys.map((key) => ({ ...key, kid: 'another' })) })).toBeUndefined();

    const own = createPrivateKey(readFileSync(`${node.env.DATA_DIR}/secrets/statement-keys/0.pem`, 'utf8'));
    const kid = keys.keys[0]?.kid;
    const old = write({ ...claimsIn(statement), exp: Math.floor(Date.now() / 1000) - 1 });
    expect(await verified(by(own, `${head}.${claims}`), keys)).toBeDefined();
    expect(await verified(by(own, `${head}.${old}`), keys)).toBeUndefined();
    expect(await verified(by(own, `${write({ alg: 'EdDSA', typ: 'JWT', kid })}.${claims}`), keys)).toBeUndefined();
  });

  test('holds for a day at most', async () => {
    const { iat, exp } = claimsIn(await statementOf());
    expect(exp - iat).toBe(86_400);
  });

  test('of many comes in one answer, with the codes that nobody has', async () => {
    const answer = await node.guest.client.expect<{ items: { code: string; statement: string }[]; unknown: string[] }>(
      200,
      'GET',
      `/v1/certificates/statements?codes=${code}&codes=ST0000000000`,
    );
    expect(answer).toMatchObject({ items: [{ code }], unknown: ['ST0000000000'] });
    expect(await verified(answer.items[0]?.statement ?? '', await keySet())).toMatchObject({ code });
    const many = Array.from({ length: 51 }, () => `codes=${code}`).join('&');
    expect((await node.guest.client.send('GET', `/v1/certificates/statements?${many}`)).status).toBe(400);
    expect((await node.guest.client.send('GET', '/v1/certificates/ST0000000000/statement')).status).toBe(404);
  });
});

test('a new key is published an hour before it signs; the one before verifies as long as its statements hold', async () => {
  const { certificates } = node.services;
  const before = await statementOf();
  const { kid } = certificates.rotateKeys();
  const keys = await keySet();
  expect(keys.keys.map((key) => key.kid)).toContain(kid);
  expect(keys.keys).toHaveLength(2);
  expect(read<{ kid: string }>(part(await statementOf(), 0)).kid).not.toBe(kid);

  node.clock.advance(2 * 3_600_000);
  const after = await statementOf();
  expect(read<{ kid: string }>(part(after, 0)).kid).toBe(kid);
  expect(await verified(after, await keySet())).toBeDefined();
  expect(await verified(before, await keySet())).toBeDefined();
  expect(() => certificates.rotateKeys()).toThrow(expect.objectContaining({ code: 'keys-rotated-lately' }));

  node.clock.advance(24 * 3_600_000);
  certificates.rotateKeys();
  const now = await keySet();
  expect(now.keys).toHaveLength(2);
  expect(await verified(before, now)).toBeUndefined();
  expect(await verified(await statementOf(), now)).toBeDefined();
});
