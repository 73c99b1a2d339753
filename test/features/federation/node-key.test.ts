import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNodeKeys } from '#features/federation/index.ts';
import { days, hours } from '#test/support/clock.ts';
import { ask } from './asking.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

/** We, and a partner that reads us. */
let node: TestNode;
let peer: TestNode;
beforeAll(async () => {
  [node, peer] = await Promise.all([startNode(), startNode()]);
  await introduce(node, peer);
});
afterAll(async () => {
  await Promise.all([node?.close(), peer?.close()]);
});

const pass = (ms: number): void => {
  for (const one of [node, peer]) one.clock.now = new Date(one.clock.now.getTime() + ms);
};
/** As every hour: the partner looks at our profile. */
const look = async () => {
  pass(hours(1));
  await peer.federation.refreshProfiles();
};
const pinned = async () => (await peer.federation.getPartner('a')).keyid;
const isRead = async () => {
  const report = await peer.federation.pullNow('a');
  return report?.state === 'pulled' && report.lanes.catalogue?.state === 'ok';
};

test('our key is changed without a gap, and nobody loses the place up to which they read', async () => {
  await node.addProducts(draftOf('Bánh pía'));
  const first = node.identity.keyid;
  const feed = '/federation/v1/changes?lane=catalogue';
  const page = (at: string) => ask(node.url, peer.identity, at, { at: node.clock.now });
  const before = String((await page(feed)).body.next);
  expect(await isRead()).toBe(true);

  const { keyid: second } = await node.federation.rotateNodeKey('operator', { reason: 'Hằng năm' });
  await expect(node.federation.rotateNodeKey('operator')).rejects.toMatchObject({ code: 'node-key-changing' });
  expect(node.federation.profile().keys.map(({ kid }) => kid)).toEqual([first, second]);
  await look();
  expect(await peer.federation.getPartner('a')).toMatchObject({ keyid: first, nextKeyid: second });

  pass(days(7));
  await look();
  expect([node.identity.keyid, await isRead()]).toEqual([first, true]);
  pass(days(1));
  expect([node.identity.keyid, await isRead()]).toEqual([second, true]);
  await expect(page(`${feed}&cursor=${encodeURIComponent(before)}`)).resolves.toMatchObject({ status: 200 });

  pass(days(7));
  await look();
  expect([node.federation.profile().keys.length, await pinned(), await isRead()]).toEqual([1, second, true]);
  await expect(page(`${feed}&cursor=${encodeURIComponent(before)}`)).resolves.toMatchObject({ status: 200 });
});

test('whoever starts again finds the same keys, and what counts no more is taken away but for the first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cho-noi-keys-'));
  const file = join(folder, 'key.pem');
  const clock = { now: new Date('2026-11-23T07:00:00Z') };
  const open = () => openNodeKeys({ file, now: () => clock.now });
  const first = open();
  const seal = first.cursorSeal;
  for (let year = 0; year < 3; year += 1) {
    const { keyid } = open().rotate();
    expect(open().identity.keyid).not.toBe(keyid);
    clock.now = new Date(clock.now.getTime() + days(365));
    expect(open().identity.keyid).toBe(keyid);
    expect(first.identity.keyid).toBe(keyid);
  }
  expect(open().cursorSeal).toEqual(seal);
  expect(readdirSync(folder)).toHaveLength(3);
  expect(open().published('san.example')).toHaveLength(1);
  rmSync(folder, { recursive: true });
});
