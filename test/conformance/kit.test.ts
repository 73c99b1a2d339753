import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS } from '#conformance/checks/checks.ts';
import { bucketsOf, canonical, recordHash, rootOf, rootOfBuckets } from '#conformance/kit/canonical.ts';
import { readCsv } from '#conformance/kit/feed-files.ts';
import { publicKey, readIdentity, thumbprint } from '#conformance/kit/keys.ts';
import {
  answerBase,
  digestOf,
  isSignedBy,
  type Request,
  readFields,
  requestBase,
  sign,
} from '#conformance/kit/signing.ts';
import { isGenuine } from '#conformance/reports/result.ts';
import { copyKit, type Elsewhere } from './elsewhere.ts';
import { type Endpoint, startEndpoint } from './reference/endpoint.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const vectors = (name: string) => JSON.parse(read(`conformance/data/vectors/${name}.json`));

describe('the data of the kit (npm run schemas)', () => {
  test.each(['schemas', 'vectors'])('%s are those of the protocol', (kind) => {
    const filesIn = (folder: string): readonly string[] =>
      readdirSync(new URL(folder, root)).filter((file) => file.endsWith('.json'));
    expect(filesIn(`conformance/data/${kind}`)).toEqual(filesIn(`federation/${kind}`));
    for (const file of filesIn(`federation/${kind}`))
      expect(read(`conformance/data/${kind}/${file}`), file).toBe(read(`federation/${kind}/${file}`));
  });
});

describe('the kit computes what the vectors say', () => {
  test.each(vectors('canonical').cases as { name: string; value: unknown; canonical: string }[])('$name', (one) => {
    expect(canonical(one.value)).toBe(one.canonical);
  });
  test('hashes and roots', () => {
    const { valid, root: whole } = vectors('records');
    for (const record of valid) expect(recordHash(record)).toBe(record.hash);
    expect(rootOf(valid)).toBe(whole);
    const audit = vectors('audit');
    const buckets = bucketsOf(audit.records);
    for (const [index, hash] of buckets.entries()) expect(hash).toBe(audit.buckets[index] ?? audit.empty);
    expect(rootOfBuckets(buckets)).toBe(audit.root);
  });
  test('what has no canonical form is refused', () => {
    expect(() => canonical({ text: '\ud800' })).toThrow('surrogate');
    expect(() => canonical(Number.NaN)).toThrow('number');
  });

  type Message = { name: string; nonce: string; headers: Record<string, string>; body: string; base: string };
  type Asked = Message & { method: string; authority: string; path: string; query: string };
  type Answered = Message & { status: number; answers: string };
  const { privateKeyPem, jwk, keyid, now, requests, responses } = vectors('signatures') as {
    privateKeyPem: string;
    jwk: { kty: string; crv: string; x: string };
    keyid: string;
    now: string;
    requests: Asked[];
    responses: Answered[];
  };
  const identity = readIdentity(privateKeyPem);
  const requestOf = ({ method, path, query, body, headers }: Asked): Request => {
    const { signature: _s, 'signature-input': _i, 'content-digest': _d, ...sent } = headers;
    return { method, target: path + query, headers: sent, body: Buffer.from(body) };
  };
  test('the fingerprint', () => expect([thumbprint(jwk), identity.keyid]).toEqual([keyid, keyid]));
  test.each(requests)('the signature of $name', (one) => {
    const signed = sign(requestOf(one), identity, one.authority, Date.parse(now) / 1000, { nonce: one.nonce });
    expect(signed.headers).toEqual(one.headers);
    const fields = readFields(signed.headers);
    expect(requestBase(signed, one.authority, fields?.components ?? [], fields?.input ?? '')).toBe(one.base);
  });
  test.each(responses)('the check of $name', (one) => {
    const asked = requests.find(({ name }) => name === one.answers);
    const fields = readFields(one.headers);
    if (!asked || !fields) throw new Error('The vector is not whole');
    const base = answerBase(
      { status: one.status, headers: one.headers, request: { ...requestOf(asked), headers: asked.headers } },
      fields,
    );
    expect(base).toBe(one.base);
    expect(isSignedBy(publicKey(jwk), base, fields.signature)).toBe(true);
    expect(digestOf(Buffer.from(one.body))).toBe(one.headers['content-digest']);
  });
  test('tables as RFC 4180 writes them', () => {
    expect(readCsv('\ufeffa,b\r\n"x ""y"", z",\r\n"1\n2",3\n')).toEqual([
      ['a', 'b'],
      ['x "y", z', ''],
      ['1\n2', '3'],
    ]);
    expect(() => readCsv('a,"b\n')).toThrow('RFC 4180');
  });
});

describe('the command, where nothing of ours is', () => {
  let kit: Elsewhere;
  let fingerprint: string;
  const endpoints: Endpoint[] = [];
  const start = async (defect?: 'skip-digest'): Promise<string> => {
    const endpoint = await startEndpoint([readIdentity(readFileSync(join(kit.folder, 'kit.pem'), 'utf8'))], defect);
    endpoints.push(endpoint);
    return endpoint.url;
  };
  const kept = (file: string): string => readFileSync(join(kit.folder, 'conformance-result', file), 'utf8');
  beforeAll(async () => {
    kit = copyKit();
    const { text } = await kit.run('--target', 'http://127.0.0.1:9', '--level', 'bronze');
    fingerprint = /pinned: (\S{43})/.exec(text)?.[1] ?? '';
  });
  afterAll(async () => {
    for (const endpoint of endpoints) await endpoint.close();
    kit?.remove();
  });

  test('makes a key and fails where nobody answers', () => expect(fingerprint).toHaveLength(43));

  test('reaches bronze without a driver, and no more', async () => {
    const url = await start();
    await expect(kit.run('--target', url, '--level', 'bronze')).resolves.toMatchObject({ code: 0 });
    const { code, text } = await kit.run('--target', url, '--level', 'silver');
    expect([code, text.includes('silver NOT reached; reached: bronze')]).toEqual([1, true]);
    expect(text).toMatch(/^skip {2}silver {2}writes\.create .* no driver/m);
  });

  test('tells a defect on the terminal, in JUnit, JSON and Vietnamese, and signs it', async () => {
    const { code, text } = await kit.run(
      '--target',
      await start('skip-digest'),
      '--level',
      'bronze',
      '--profile',
      'pull-only',
    );
    expect(code).toBe(1);
    expect(text).toMatch(/^FAIL {2}bronze {2}signature\.other-body /m);
    expect(text).toContain('RFC 9421 libraries do not');

    const parser = new SaxesParser();
    const failed: string[] = [];
    let current = '';
    parser.on('opentag', ({ name, attributes }) => {
      if (name === 'testcase') current = String(attributes.name);
      if (name === 'failure') failed.push(current);
    });
    parser.write(kept('junit.xml')).close();
    expect(failed).toEqual(['signature.other-body']);

    const { results, reached } = JSON.parse(kept('result.json'));
    expect([reached, results.filter(({ outcome }: { outcome: string }) => outcome === 'failed')]).toMatchObject([
      null,
      [{ id: 'signature.other-body', advice: { vi: expect.any(String), en: expect.any(String) } }],
    ]);
    const page = kept('bao-cao.html');
    expect(page).toContain('<html lang="vi">');
    expect(page).toContain('Chưa đạt mức Đồng (hiện: chưa đạt mức nào)');
    expect(page).toContain('Tự tính SHA-256 trên byte thô');

    const checked = await new HtmlValidate({ extends: ['html-validate:recommended'] }).validateString(page);
    expect(checked.results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId))).toEqual([]);

    const signed = JSON.parse(kept('result.signed.json'));
    expect(isGenuine(signed, fingerprint)).toBe(true);
    expect(isGenuine({ ...signed, payload: { ...signed.payload, reached: 'gold' } }, fingerprint)).toBe(false);
    await expect(
      kit.run('--verify', 'conformance-result/result.signed.json', '--fingerprint', fingerprint),
    ).resolves.toMatchObject({ code: 0 });
    await expect(
      kit.run('--verify', 'conformance-result/result.signed.json', '--fingerprint', 'A'.repeat(43)),
    ).resolves.toMatchObject({ code: 1 });
  });

  test('takes a command for its driver', async () => {
    writeFileSync(
      join(kit.folder, 'driver.mjs'),
      'process.stdout.write(JSON.stringify({ error: process.argv[2] })); process.exitCode = 3;',
    );
    const { code, text } = await kit.run(
      '--target',
      await start(),
      '--level',
      'silver',
      '--driver-command',
      `${process.execPath} driver.mjs`,
    );
    expect(code).toBe(1);
    expect(text).toContain('the driver does "create"');
  });

  test('says what it checks, and how to call it', async () => {
    const { code, text } = await kit.run('--list');
    expect([code, text.trim().split('\n').at(-1)]).toEqual([0, `${CHECKS.length} checks`]);
    await expect(kit.run()).resolves.toMatchObject({ code: 2 });
    await expect(kit.run('--target', 'https://x.example', '--level', 'platinum')).resolves.toMatchObject({ code: 2 });
  });
});
