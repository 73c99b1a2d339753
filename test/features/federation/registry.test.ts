import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { isOpen, PARTNER_MOVES } from '#features/federation/rules/states.ts';
import { VERBS } from '#features/federation/types.ts';
import { letIn } from '#test/support/partners.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { ask } from './asking.ts';
import { startNode, type TestNode } from './node.ts';

let node: TestNode;
let peer: TestNode;
beforeAll(async () => {
  [node, peer] = await Promise.all([startNode(), startNode()]);
  await node.federation.introduce('test', { url: peer.url, fingerprint: peer.identity.keyid, key: 'b' });
});
afterAll(async () => {
  await Promise.all([node?.close(), peer?.close()]);
});

const stateOf = async (key = 'b') => (await node.federation.getPartner(key)).state;
const changes = '/federation/v1/changes?lane=catalogue';
const asked = (target = changes, body?: object) => ask(node.url, peer.identity, target, { body });

describe('the states of a partner', () => {
  test('are the rows of partner_moves, and nobody writes another step', async () => {
    const { rows } = await node.db.execute<{ from: string; to: string }>(
      sql`select from_state as "from", to_state as "to" from partner_moves`,
    );
    const names = (moves: readonly (readonly [string, string])[]) => moves.map((move) => move.join(' → ')).sort();
    expect(names(rows.map(({ from, to }) => [from, to]))).toEqual(names(PARTNER_MOVES));
    const jump = inDatabase(node.database.url, (client) =>
      client.query(`update partners set state = 'active', jwk = '{}' where key = 'b'`),
    );
    await expect(jump).rejects.toThrow(/partner_transitions_legal/);
    const born = inDatabase(node.database.url, (client) =>
      client.query(`insert into partners (key, name_vi, name_en, adapter, base_url, cadence_seconds, state, origin)
        values ('x', 'X', 'X', 'csv', 'https://x.example', 60, 'active', 'x.example')`),
    );
    await expect(born).rejects.toThrow(/begin at the beginning/);
    expect(await stateOf()).toBe('invited');
  });

  test('open what was granted and no more', async () => {
    await expect(asked('/federation/v1/health')).resolves.toMatchObject({ status: 200, body: { partner: 'b' } });
    const shut = { status: 403, signed: true, body: { code: 'verb-not-granted', verb: 'pull', retryable: false } };
    await expect(asked()).resolves.toMatchObject(shut);
    await letIn(node.db, 'b', 'proved');
    await expect(asked()).resolves.toMatchObject(shut);
    await letIn(node.db, 'b', 'sandbox');
    await expect(asked()).resolves.toMatchObject({ status: 200 });
    await expect(asked('/federation/v1/nudge', { lanes: ['offer'] })).resolves.toMatchObject({
      status: 403,
      body: { verb: 'push' },
    });
    await letIn(node.db, 'b', 'probation');
    await expect(asked('/federation/v1/nudge', { lanes: ['offer'] })).resolves.toMatchObject({ status: 200 });
    const open = async () => {
      const verbs = await Promise.all(
        VERBS.map(async (verb) => ((await node.federation.mayAsk('b', verb)) ? [verb] : [])),
      );
      return verbs.flat();
    };
    expect(await open()).toEqual(['pull', 'push']);
    await letIn(node.db, 'b');
    expect(await open()).toEqual(['pull', 'push', 'quote', 'order']);
    await node.federation.setGrants('test', 'b', ['pull'], { reason: 'Chỉ đọc' });
    expect(await open()).toEqual(['pull']);
    await expect(node.federation.maySend('b', 'order')).resolves.toBe(false);
    await expect(node.federation.maySend('khong-co', 'pull')).resolves.toBe(false);
    expect(isOpen('suspended', VERBS, 'pull')).toBe(false);
  });

  test('come back after a suspension to where they were, and are logged with who and why', async () => {
    const because = { reason: 'Bán phá giá', address: '10.0.0.9' };
    await node.federation.suspend('account:1', 'b', because);
    await expect(asked()).resolves.toMatchObject({ status: 401, body: { code: 'unknown-key' } });
    await expect(node.federation.suspend('account:1', 'b')).rejects.toMatchObject({ code: 'partner-state-forbids' });
    await node.federation.activate('account:2', 'b', { reason: 'Đã khắc phục' });
    expect(await stateOf()).toBe('active');
    const [back, off] = await node.federation.listTransitions('b');
    expect([off, back]).toMatchObject([
      { fromState: 'active', toState: 'suspended', actor: 'account:1', reason: 'Bán phá giá' },
      { fromState: 'suspended', toState: 'active', actor: 'account:2', reason: 'Đã khắc phục' },
    ]);
    const { rows } = await node.db.execute(
      sql`select actor, reason, address, before, after from audit_entries where action = 'partner.suspended'`,
    );
    expect(rows).toEqual([
      { actor: 'account:1', ...because, before: { state: 'active' }, after: { state: 'suspended' } },
    ]);
    await expect(
      transact(node.db, 'test', (tx) => tx.execute(sql`update partner_transitions set actor = 'x'`)),
    ).rejects.toMatchObject({ cause: { code: '42501' } });
  });
});
