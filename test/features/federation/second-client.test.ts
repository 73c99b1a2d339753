import { createPrivateKey, webcrypto as crypto } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIntroduction } from '#conformance/introduction.ts';
import { newPem, readIdentity } from '#conformance/kit/keys.ts';
import { vnd } from '#core/money.ts';
import { createSecondClient, type SecondClient } from '#test/conformance/second-client.ts';
import { draftOf, startNode, type TestNode } from './node.ts';

let node: TestNode;
let client: SecondClient;
let profile: Server;

beforeAll(async () => {
  node = await startNode();
  Object.defineProperty(node.clock, 'now', { get: () => new Date() });
  const pem = newPem();
  const identity = readIdentity(pem);
  let origin = '';
  profile = createIntroduction(identity, () => origin);
  await new Promise<void>((resolve) => profile.listen(0, '127.0.0.1', resolve));
  origin = `127.0.0.1:${(profile.address() as AddressInfo).port}`;
  await node.federation.introduce('test', { url: `http://${origin}`, fingerprint: identity.keyid, key: 'second' });
  await node.federation.activate('test', 'second');
  const jwk = createPrivateKey(pem).export({ format: 'jwk' });
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['sign']);
  client = createSecondClient(node.url, key, identity.keyid);
  await node.addProducts(
    draftOf('Bánh pía sầu riêng'),
    draftOf('Bánh pía chay', 45_000),
    draftOf('Kẹo dừa "Bến Tre"', 30_000),
  );
});
afterAll(async () => {
  profile?.close();
  await node?.close();
});

const own = async () => (await node.products.listProducts({ filters: {}, sort: 'name', limit: 100 })).items;

test('believes only the key of the agreement', async () => {
  await expect(client.discover(readIdentity(newPem()).keyid)).rejects.toThrow('fingerprint');
  await expect(client.discover(node.identity.keyid)).resolves.toContain('audit');
});

test('reads both lanes whole, and what it holds is what we have', async () => {
  expect([await client.fetchSnapshot('catalogue'), await client.fetchSnapshot('offer')]).toEqual([3, 3]);
  const titles = [...client.copies.catalogue.values()].map(({ title }) => Object(title).vi);
  expect(titles.sort()).toEqual(['Bánh pía chay', 'Bánh pía sầu riêng', 'Kẹo dừa "Bến Tre"']);
  expect([await client.agrees('catalogue'), await client.agrees('offer')]).toEqual([true, true]);
});

test('follows a price, a new product and a withdrawal, page by page', async () => {
  const [first, second] = await own();
  const [variant] = first?.variants ?? [];
  if (!variant || !second) throw new Error('no products');
  await node.products.setPrice('test', variant.variantId, vnd(47_000));
  await node.products.withdraw('test', second.productId);
  await node.addProducts(draftOf('Mè láo', 25_000));
  expect(await client.agrees('offer')).toBe(false);

  const news = [...(await client.pull('catalogue', 1)), ...(await client.pull('offer', 1))];
  expect(news.map(({ op }) => op).sort()).toEqual(['delete', 'delete', 'upsert', 'upsert', 'upsert']);
  const prices = [...client.copies.offer.values()].map(({ price }) => Object(price).amount);
  expect(prices.sort()).toEqual([25_000, 30_000, 47_000]);
  expect([await client.agrees('catalogue'), await client.agrees('offer')]).toEqual([true, true]);
  await expect(client.pull('offer')).resolves.toEqual([]);

  const gone = news.find(({ op }) => op === 'delete')?.uri ?? '';
  await expect(client.fetchBatch([gone])).resolves.toMatchObject([{ uri: gone, kind: 'tombstone' }]);
});

test('takes refusals for what they are, for they are signed too', async () => {
  const { status, body } = await client.ask('GET', '/federation/v1/changes?lane=offer&cursor=forged.seal');
  expect([status, JSON.parse(body.toString()).code]).toEqual([400, 'invalid-cursor']);
});

test('believes no answer that was changed on its way, nor one to another question', async () => {
  const [one, other] = [
    await client.ask('GET', '/federation/v1/health'),
    await client.ask('GET', '/federation/v1/health'),
  ];
  await expect(client.prove(one.question, one)).resolves.toBeUndefined();
  await expect(client.prove(other.question, one)).rejects.toMatchObject({ code: 'VerificationFailed' });
  await expect(client.prove(one.question, { ...one, status: 201 })).rejects.toMatchObject({
    code: 'VerificationFailed',
  });
  const body = Buffer.from(one.body.toString().replace('ok', 'no'));
  await expect(client.prove(one.question, { ...one, body })).rejects.toThrow('other bytes');
});
