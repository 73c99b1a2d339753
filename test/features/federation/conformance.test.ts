import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIntroduction } from '#conformance/introduction.ts';
import { newPem, readIdentity } from '#conformance/kit/keys.ts';
import type { ProductId } from '#features/products/types.ts';
import { copyKit, type Elsewhere } from '#test/conformance/elsewhere.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import type { Context } from '../../../src/cli/command.ts';
import { conformanceDriver } from '../../../src/cli/conformance-driver.ts';
import { createDriver } from '../../../src/demo/driver.ts';

let node: TestNode;
let kit: Elsewhere;
let driver: string;
const servers: Server[] = [];
const keys = { kit: newPem(), other: newPem() };

/** The port at which it listens until all is over. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

/** The node pins this key as the partner `key`, in the way in which it pins any. */
async function introduce(key: 'kit' | 'other'): Promise<void> {
  const identity = readIdentity(keys[key]);
  let origin = '';
  const server = createIntroduction(identity, () => origin);
  origin = `127.0.0.1:${await listen(server)}`;
  await node.services.federation.introduce('test', { url: `http://${origin}`, fingerprint: identity.keyid, key });
  await node.services.federation.activate('test', key);
}

beforeAll(async () => {
  node = await startNode({ env: { FEDERATION_ALLOW_LOOPBACK: '1' } });
  const { rows } = await node.db.execute<{ id: ProductId }>(sql`select id from products where partner_key is null`);
  await node.services.federation.exportProducts(rows.map(({ id }) => id));
  kit = copyKit();
  const { services } = node;
  // No worker runs by itself, so what a write queues is done at once.
  const server = createDriver(services, new URL(node.url).host, (id) => services.federation.exportProducts([id]));
  driver = `http://127.0.0.1:${await listen(server)}`;
  for (const key of ['kit', 'other'] as const) {
    await introduce(key);
    writeFileSync(join(kit.folder, `${key}.pem`), keys[key]);
  }
}, 120_000);
afterAll(async () => {
  for (const server of servers) server.close();
  await node?.close();
  kit?.remove();
});

const examine = (profile: string, ...more: readonly string[]) =>
  kit.run('--target', node.url, '--profile', profile, '--level', 'gold', '--driver', driver, ...more);
test('the kit, copied to where nothing of ours is, finds this exchange golden', { timeout: 240_000 }, async () => {
  const { code, text } = await examine('native', '--other-key', 'other.pem');
  expect(text).not.toMatch(/^(FAIL|skip)/m);
  expect(text).toContain('gold reached');
  expect(code).toBe(0);
});

test('and its feed files too', { timeout: 120_000 }, async () => {
  const { code, text } = await examine('feed');
  expect(text).not.toMatch(/^(FAIL|skip)/m);
  expect(code).toBe(0);
});

test('only a demonstration lets the kit write to it', async () => {
  const context = { config: { demo: false } } as Context;
  await expect(conformanceDriver.run({}, context)).rejects.toThrow('Only a demonstration');
});
