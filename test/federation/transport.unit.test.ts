import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createPeerHttp } from '#federation/engine/http.ts';
import { type Authority, certify } from '#test/support/certificates.ts';
import { observed } from './observed.ts';

type Answered = (error: Error | null, addresses: readonly LookupAddress[]) => void;
/** What each name leads to, one look-up after the other; the last one again. */
const names = vi.hoisted(() => ({ of: new Map<string, string[][]>(), asked: [] as string[] }));
vi.mock('node:dns', () => ({
  lookup: (host: string, _options: object, answered: Answered) => {
    names.asked.push(host);
    const known = names.of.get(host);
    const addresses = known && known.length > 1 ? known.shift() : known?.[0];
    if (!addresses)
      return answered(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), []);
    answered(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  },
}));

const day = 24 * 3_600_000;
const yesterday = new Date(Date.now() - day);
const tomorrow = new Date(Date.now() + day);
const waits = { connect: 2_000, headers: 2_000, idle: 2_000, total: 5_000 };
const loopback = createPeerHttp({ allowLoopback: true, waits });
const strict = createPeerHttp({ allowLoopback: false, waits });
const ask = (url: string, peer = loopback) =>
  peer.send({ method: 'GET', url: new URL(url), headers: {}, maxBytes: 1_000 });

const known = getCACertificates();
let authority: Authority;
const servers: Server[] = [];
beforeAll(() => {
  authority = certify({ name: 'Cơ quan thử', from: yesterday, until: tomorrow });
  setDefaultCACertificates([...known, authority.cert]);
});
afterAll(async () => {
  setDefaultCACertificates(known);
  for (const server of servers) server.close();
  await Promise.all([loopback.close(), strict.close()]);
});

/** A peer on loopback that shows a certificate of `angiang.example` unless told otherwise; it keeps no connection. */
async function serve(more: Partial<Parameters<typeof certify>[0]> = {}): Promise<string> {
  const hosts = ['angiang.example'];
  const { cert, key } = certify({ name: 'Sàn', hosts, from: yesterday, until: tomorrow, by: authority, ...more });
  const server = createServer({ cert, key }, (_asked, answered) => {
    answered.writeHead(200, { connection: 'close' }).end('ok');
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return String((server.address() as AddressInfo).port);
}

describe('a name', () => {
  test('row 22: a name is looked up once a dial, and the address that was checked is the one that is dialled', async () => {
    const port = await serve();
    names.of.set('angiang.example', [['127.0.0.1'], ['10.0.0.5']]);
    names.asked.length = 0;
    await expect(ask(`https://angiang.example:${port}/`)).resolves.toMatchObject({ status: 200 });
    expect(names.asked).toEqual(['angiang.example']);
    await expect(ask(`https://angiang.example:${port}/`)).rejects.toMatchObject({ code: 'address-refused' });
    observed(22, 'rebinding: a name that led to a peer and then to 10.0.0.5 was dialled once and then refused');
  });
  test.each([
    ['localtest.me', ['127.0.0.1']],
    ['metadata.example', ['169.254.169.254']],
    ['inside.example', ['fd00::1']],
    ['mapped.example', ['::ffff:10.0.0.1']],
    ['half.example', ['203.113.131.1', '192.168.1.1']],
  ])('row 22: the name %s is refused, since it leads inside', async (host, addresses) => {
    names.of.set(host, [addresses]);
    await expect(ask(`https://${host}/`, strict)).rejects.toMatchObject({ code: 'address-refused' });
    observed(22, `${host} → ${addresses.join(', ')}: address-refused when dialled`);
  });
  test('row 1: an unknown name and a certificate that is not good are outages', async () => {
    await expect(ask('https://nobody.example/')).rejects.toMatchObject({ code: 'unreachable', opensBreaker: true });
    names.of.set('camau.example', [['127.0.0.1']]);
    const wrong = ask(`https://camau.example:${await serve()}/`);
    await expect(wrong).rejects.toMatchObject({ code: 'unreachable', opensBreaker: true });
    observed(1, 'unknown name and failing TLS: unreachable, an outage for the breaker');
  });
});

test('control 48: what a peer sends is cut off at its cap, and where it leads is not followed', async () => {
  names.of.set('angiang.example', [['127.0.0.1']]);
  const port = await serve();
  await expect(
    loopback.send({ method: 'GET', url: new URL(`https://angiang.example:${port}/`), headers: {}, maxBytes: 1 }),
  ).rejects.toMatchObject({ code: 'too-large' });
  observed(
    'control 48',
    'a body of 2 bytes where 1 is allowed: too-large; every way out of the exchange to a partner is this one',
  );
});

describe('an address', () => {
  test.each([
    'https://127.1/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://%31%32%37.0.0.1/',
    'https://１２７.0.0.1/',
    'https://ⓛocalhost/',
    'https://[fe80::1]/',
    'https://[fd12::1]/',
    'https://[2002:7f00:1::]/',
    'https://[::ffff:7f00:1]/',
    'https://198.18.0.1/',
    'https://203.113.131.1:22/',
    'https://angiang.example:6379/',
    'ftp://angiang.example/',
    'gopher://angiang.example/',
  ])('row 22: the address %s is not dialled', async (address) => {
    names.of.set('localhost', [['127.0.0.1']]);
    names.of.set('angiang.example', [['203.113.131.1']]);
    names.asked.length = 0;
    await expect(ask(address, strict)).rejects.toMatchObject({ code: 'address-refused' });
    observed(22, `${address}: address-refused`);
  });
});

describe('a certificate', () => {
  const wanted: readonly (readonly [string, () => Parameters<typeof serve>[0]])[] = [
    ['expired', () => ({ from: new Date(Date.now() - 2 * day), until: yesterday })],
    ['not yet valid', () => ({ from: tomorrow, until: new Date(Date.now() + 2 * day) })],
    ['for another host', () => ({ hosts: ['camau.example'] })],
    ['signed by itself', () => ({ by: undefined as never })],
    ['signed by an authority nobody knows', () => ({ by: certify({ name: 'Lạ', from: yesterday, until: tomorrow }) })],
  ];
  test('of the peer, by an authority that we know, is taken', async () => {
    names.of.set('angiang.example', [['127.0.0.1']]);
    await expect(ask(`https://angiang.example:${await serve()}/`)).resolves.toMatchObject({ status: 200 });
  });
  test.each(wanted)('control 52: a certificate that is %s is refused', async (how, more) => {
    names.of.set('angiang.example', [['127.0.0.1']]);
    const port = await serve(more());
    await expect(ask(`https://angiang.example:${port}/`)).rejects.toMatchObject({ code: 'unreachable' });
    observed('control 52', `${how}: unreachable`);
  });
  test('control 52: nobody switches the check of certificates off', () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const files = globSync(
      ['{src,federation,conformance}/**/*.ts', 'docker-compose.yml', 'Dockerfile', 'package.json'],
      {
        cwd: root,
      },
    );
    const off = /rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity|strictSSL/;
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => off.test(readFileSync(root + file, 'utf8')))).toEqual([]);
    observed('control 52', 'no file of ours names a switch that turns it off');
  });
});
