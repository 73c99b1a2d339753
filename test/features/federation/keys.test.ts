import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endorse } from '#federation/protocol/joining.ts';
import { generatePem, type NodeIdentity, readIdentity } from '#federation/protocol/keys.ts';
import { observed } from '#test/federation/observed.ts';
import { days, hours } from '#test/support/clock.ts';
import { ask } from './asking.ts';
import { startNode, type TestNode } from './node.ts';

let node: TestNode;
/** The host of a partner, of which only the profile matters here. */
let host: Server;
let origin: string;
let hits = 0;
let keys: object[] = [];
const [first, second, third, stranger] = Array.from({ length: 4 }, () => readIdentity(generatePem())) as [
  NodeIdentity,
  NodeIdentity,
  NodeIdentity,
  NodeIdentity,
];

const published = ({ jwk, keyid }: NodeIdentity) => ({ ...jwk, kid: keyid });
const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const following = (by: NodeIdentity, next: NodeIdentity, at: Date, whose = origin) => {
  const { kid, x } = published(next);
  const nbf = seconds(at);
  return { ...published(next), nbf, endorsement: endorse(whose, by, { kid, x, nbf }) };
};

beforeAll(async () => {
  node = await startNode();
  host = createServer((_request, response) => {
    hits += 1;
    const profile = {
      protocol: 'ocop-fed/1',
      versions: ['2026-11-23'],
      exchange: { origin, name: { vi: 'Sàn bạn' } },
      endpoints: {},
      capabilities: [],
      limits: { maxChanges: 500 },
      keys,
      schemas: {},
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(profile));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => host.once('listening', resolve));
  origin = `127.0.0.1:${(host.address() as AddressInfo).port}`;
  keys = [published(first)];
  await node.federation.introduce('test', { url: `http://${origin}`, fingerprint: first.keyid, key: 'ban' });
  await node.federation.activate('test', 'ban');
});
afterAll(async () => {
  host?.close();
  await node?.close();
});

const later = (ms: number): void => {
  node.clock.now = new Date(node.clock.now.getTime() + ms);
};
const readNow = async () => {
  later(61_000);
  await node.federation.refreshProfile('ban');
};
const opens = async (by: NodeIdentity) => {
  const { status } = await ask(node.url, by, '/federation/v1/changes?lane=offer', { at: node.clock.now });
  return status === 200;
};
const partner = () => node.federation.getPartner('ban');

test('row 24: an unknown key asks the profile of a partner once a minute, however many come', async () => {
  hits = 0;
  later(61_000);
  const asked = await Promise.all(Array.from({ length: 40 }, () => opens(readIdentity(generatePem()))));
  await node.run('federation.profile');
  expect([asked.filter(Boolean), hits]).toEqual([[], 1]);
  later(59_000);
  await Promise.all(Array.from({ length: 10 }, () => opens(stranger)));
  await node.run('federation.profile');
  expect(hits).toBe(1);
  later(2_000);
  await opens(stranger);
  await node.run('federation.profile');
  expect(hits).toBe(2);
  observed(24, 'of 50 requests by unknown keys within a minute none was let in, and the profile was asked for once');
});

test('a next key that the present one does not endorse, for this exchange, is nobody’s', async () => {
  const soon = new Date(node.clock.now.getTime() + days(8));
  for (const next of [
    { ...published(second), nbf: seconds(soon) },
    following(stranger, second, soon),
    following(first, second, soon, 'x.example'),
    { ...following(first, second, soon), nbf: seconds(node.clock.now) },
  ]) {
    keys = [published(first), next];
    await readNow();
    expect((await partner()).nextKeyid).toBeNull();
  }
});

test('row 24: a key that is endorsed and announced for a week counts beside the old one, which then ends', async () => {
  // It says that it counts at once; it is announced for a week all the same.
  keys = [published(first), following(first, second, node.clock.now)];
  await readNow();
  expect(await partner()).toMatchObject({ keyid: first.keyid, nextKeyid: second.keyid });
  expect([await opens(first), await opens(second)]).toEqual([true, false]);
  later(days(6));
  await readNow();
  expect([await opens(first), await opens(second)]).toEqual([true, false]);
  later(days(1));
  expect([await opens(first), await opens(second)]).toEqual([true, true]);
  const end = new Date(node.clock.now.getTime() + hours(2));
  keys = [{ ...published(first), exp: seconds(end) }, keys[1] as object];
  await readNow();
  expect([await opens(first), await opens(second)]).toEqual([true, true]);
  later(hours(3));
  expect([await opens(first), await opens(second)]).toEqual([false, true]);
  await readNow();
  expect(await partner()).toMatchObject({ keyid: second.keyid, nextKeyid: null, keyUntil: null });
  expect([await opens(first), await opens(second)]).toEqual([false, true]);
  observed(
    24,
    'refused for 7 days after it was seen, then beside the old key, then alone; the expired key was refused',
  );
});

test('row 24: a key that we revoke is refused at once, whatever the profile says, and never comes back', async () => {
  keys = [published(second), following(second, third, node.clock.now)];
  await readNow();
  await node.federation.revokeKey('account:1', 'ban', third.keyid, { reason: 'Nghi lộ khóa' });
  await readNow();
  later(days(8));
  expect([(await partner()).nextKeyid, await opens(third), await opens(second)]).toEqual([null, false, true]);
  await node.federation.revokeKey('account:1', 'ban', second.keyid, { reason: 'Lộ khóa' });
  expect(await opens(second)).toBe(false);
  expect((await partner()).state).toBe('suspended');
  await readNow();
  expect(await opens(second)).toBe(false);
  const again = { url: `http://${origin}`, fingerprint: second.keyid, key: 'ban' };
  await expect(node.federation.introduce('test', again)).rejects.toMatchObject({ code: 'partner-key-revoked' });
  await expect(node.federation.activate('test', 'ban')).rejects.toMatchObject({ code: 'partner-key-revoked' });
  await expect(node.federation.revokeKey('account:1', 'ban', stranger.keyid, { reason: 'x' })).rejects.toMatchObject({
    code: 'partner-key-unknown',
  });
  keys = [published(stranger)];
  await node.federation.introduce('test', { ...again, fingerprint: stranger.keyid });
  await node.federation.activate('test', 'ban');
  expect([await opens(second), await opens(stranger)]).toEqual([false, true]);
  observed(24, 'refused in the same second, for ever; the partner is shut out until an agreement names another key');
});
