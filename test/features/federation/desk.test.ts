import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import { createPartnerDesk, type PartnerDesk } from '#features/federation/index.ts';
import type { QuarantineId } from '#features/federation/types.ts';
import type { ProductId } from '#features/products/types.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

let here: TestNode;
let there: TestNode;
let desk: PartnerDesk;
const by = { actor: 'account:thu', address: '203.0.113.9' };

beforeAll(async () => {
  [here, there] = await Promise.all([startNode(), startNode()]);
  await introduce(here, there);
  desk = createPartnerDesk({ ...there, now: () => there.clock.now });
  await here.addProducts(draftOf('Bánh pía sầu riêng'), draftOf('Bánh pía chay', 45_000));
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
});

const shown = async () => {
  const { items } = await there.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
  return items.filter(({ partner }) => partner !== null);
};
const uriOf = async (name: string): Promise<string> => {
  const { rows } = await there.db.execute<{ uri: string }>(
    sql`select uri from federation_mirrors where record -> 'title' ->> 'vi' = ${name}`,
  );
  return rows[0]?.uri ?? '';
};
/** As its origin would change it: a further revision. */
const touchAtHome = async (name: string, priceVnd: number) => {
  const { items } = await here.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
  const variantId = items.find((item) => item.name === name)?.variants[0]?.variantId;
  if (!variantId) throw new Error(`no ${name}`);
  await here.products.setPrice('test', variantId, vnd(priceVnd));
  await here.runJobs();
  await there.federation.pullNow('a');
};
const acts = async () => {
  const { rows } = await there.db.execute<{ action: string; reason: string | null }>(
    sql`select action, reason from audit_entries order by id`,
  );
  return rows;
};

describe('what would come in', () => {
  test('is counted and shown before the first pull, and nothing is written', async () => {
    const before = await there.db.execute(sql`select count(*) from federation_mirrors`);
    const { lanes, sample, refused } = await desk.preview('a');
    expect(lanes).toMatchObject([
      { lane: 'catalogue', isWhole: true, counts: { fresh: 2, changed: 0, same: 0, gone: 0, refused: 0 } },
      { lane: 'offer', isWhole: true, counts: { fresh: 2 } },
    ]);
    expect(refused).toEqual([]);
    expect(sample.map(({ listing, offer }) => [listing.title.vi, offer?.price.amount])).toContainEqual([
      'Bánh pía chay',
      45_000,
    ]);
    expect((await there.db.execute(sql`select count(*) from federation_mirrors`)).rows).toEqual(before.rows);
    expect((await there.db.execute(sql`select * from federation_lanes`)).rows).toEqual([]);
  });

  test('says what is new, changed, as before and gone once something was pulled', async () => {
    await desk.tryNow(by, 'a', false);
    const [own] = await here.addProducts(draftOf('Kẹo mè', 20_000));
    const { items } = await here.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
    const durian = items.find(({ name }) => name === 'Bánh pía sầu riêng');
    const variantId = items.find(({ name }) => name === 'Bánh pía chay')?.variants[0]?.variantId;
    if (!own || !durian || !variantId) throw new Error('no product');
    await here.products.setPrice('test', variantId, vnd(46_000));
    await here.products.withdraw('test', durian.productId);
    await here.runJobs();
    const { lanes } = await desk.preview('a');
    expect(lanes.map(({ counts }) => counts)).toMatchObject([
      { fresh: 1, changed: 0, same: 1, gone: 1 },
      { fresh: 1, changed: 1, same: 0, gone: 1 },
    ]);
    await there.federation.pullNow('a');
    expect((await shown()).map(({ name }) => name)).toEqual(['Bánh pía chay', 'Kẹo mè']);
  });

  test('names why a partner cannot be read', async () => {
    await expect(desk.preview('can-tho')).rejects.toMatchObject({ code: 'partner-not-ready' });
    await expect(desk.preview('khong-co')).rejects.toMatchObject({ code: 'partner-not-found' });
  });
});

describe('our words over a listing', () => {
  test('hold when it comes again, and hide it at once', async () => {
    const uri = await uriOf('Bánh pía chay');
    const lay = { categoryId: null, nameVi: 'Bánh pía chay Vũng Thơm', nameEn: 'Vegan pia', hiddenReason: '' };
    await desk.lay(by, 'a', uri, lay);
    expect((await shown()).map(({ name }) => name)).toContain('Bánh pía chay Vũng Thơm');
    await touchAtHome('Bánh pía chay', 47_000);
    expect(await shown()).toMatchObject([
      { name: 'Bánh pía chay Vũng Thơm', variants: [{ priceVnd: 47_000 }] },
      { name: 'Kẹo mè' },
    ]);
    await desk.lay(by, 'a', uri, { ...lay, hiddenReason: 'Ảnh sai hàng' });
    expect((await shown()).map(({ name }) => name)).toEqual(['Kẹo mè']);
    await touchAtHome('Bánh pía chay', 48_000);
    expect((await shown()).map(({ name }) => name)).toEqual(['Kẹo mè']);
    expect(await desk.explain(uri)).toMatchObject({ why: { isShown: false, because: 'hidden-here' } });
    await desk.lay(by, 'a', uri, { ...lay, nameVi: '' });
    expect(await desk.explain(uri)).toMatchObject({ why: { isShown: true, because: 'shown', notes: [] } });
    expect(await acts()).toContainEqual({ action: 'partner-listing.hidden', reason: 'Ảnh sai hàng' });
  });

  test('give a product set to what has none of ours', async () => {
    const uri = await uriOf('Kẹo mè');
    await inDatabase(there.database.url, (client) =>
      client.query(
        `update federation_mirrors set record = jsonb_set(record, '{categoryCode}', '"la"') where uri = $1`,
        [uri],
      ),
    );
    const nothing = { categoryId: null, nameVi: '', nameEn: '', hiddenReason: '' };
    await desk.lay(by, 'a', uri, nothing);
    expect(await desk.explain(uri)).toMatchObject({ why: { because: 'unknown-category' } });
    await expect(desk.lay(by, 'a', uri, { ...nothing, categoryId: 999 })).rejects.toMatchObject({
      code: 'overlay-category-unknown',
    });
    await desk.lay(by, 'a', uri, { ...nothing, categoryId: 1 });
    expect((await shown()).map(({ name }) => name)).toContain('Kẹo mè');
  });

  test('what an authority had taken down does not come back by a further revision', async () => {
    const uri = await uriOf('Bánh pía chay');
    const { facts } = (await desk.explain(uri)) ?? {};
    const id = facts?.product?.productId as ProductId;
    await transact(there.db, 'test', (tx) => there.products.setState(tx, id, 'taken-down'));
    await touchAtHome('Bánh pía chay', 49_000);
    expect((await shown()).map(({ name }) => name)).toEqual(['Kẹo mè']);
    expect(await desk.explain(id)).toMatchObject({ why: { because: 'taken-down' } });
    await transact(there.db, 'test', (tx) => there.products.setState(tx, id, 'listed'));
  });
});

describe('what is held back', () => {
  const hold = (payload: string, source = 'x') =>
    inDatabase(there.database.url, async (client) => {
      const { rows } = await client.query(
        `insert into federation_quarantine (id, partner_key, lane, source_id, reason, detail, payload, first_seen_at, last_seen_at)
         values (gen_random_uuid(), 'a', 'catalogue', $2, 'invalid-record', 'at /title', $1, now(), now()) returning id`,
        [payload, source],
      );
      return rows[0].id as QuarantineId;
    });

  test('counts in the health of its partner until it is let be, with a reason', async () => {
    const id = await hold('{"uri":"x"}');
    expect((await desk.getPartner('a')).health.findings).toContainEqual({
      code: 'quarantined',
      tone: 'wait',
      count: 1,
    });
    await expect(desk.dismiss(by, 'a', id, '  ')).rejects.toMatchObject({ code: 'partner-reason-required' });
    await expect(desk.dismiss(by, 'can-tho', id, 'Hàng thử')).rejects.toMatchObject({ code: 'quarantine-not-found' });
    await desk.dismiss(by, 'a', id, 'Hàng thử');
    expect((await desk.getPartner('a')).health).toEqual({ tone: 'good', findings: [] });
    expect(await desk.listQuarantined('a')).toMatchObject([{ id, dismissedReason: 'Hàng thử' }]);
    expect(await acts()).toContainEqual({ action: 'quarantine.dismissed', reason: 'Hàng thử' });
  });

  test('is tried again one by one, and what stays is counted', async () => {
    const uri = await uriOf('Kẹo mè');
    const { rows } = await there.db.execute<{ record: unknown }>(
      sql`select record from federation_mirrors where uri = ${uri}`,
    );
    await hold('{"cut":', 'y');
    await hold(JSON.stringify({ uri: 'z' }), 'z');
    expect(rows).toHaveLength(1);
    await expect(desk.replayAll(by, 'a')).resolves.toEqual({ taken: 0, left: 2 });
    await inDatabase(there.database.url, (client) => client.query('delete from federation_quarantine'));
  });
});

describe('a partner', () => {
  test('is suspended and connected again with a reason, which the log keeps', async () => {
    await expect(desk.suspend(by, 'a', '')).rejects.toMatchObject({ code: 'partner-reason-required' });
    await desk.suspend(by, 'a', 'Theo công văn 12');
    expect(await shown()).toEqual([]);
    expect(await desk.explain(await uriOf('Kẹo mè'))).toMatchObject({ why: { because: 'partner-not-active' } });
    await expect(desk.tryNow(by, 'a', false)).rejects.toMatchObject({ code: 'partner-not-active' });
    expect((await desk.getPartner('a')).health).toMatchObject({ tone: 'away', findings: [{ code: 'suspended' }] });
    await desk.resume(by, 'a', 'Đã khắc phục');
    expect(await shown()).toHaveLength(2);
    expect(await acts()).toEqual(
      expect.arrayContaining([
        { action: 'partner.suspended', reason: 'Theo công văn 12' },
        { action: 'partner.resumed', reason: 'Đã khắc phục' },
      ]),
    );
  });

  test('that was left alone after failures is asked at once when an officer says so', async () => {
    await there.db.execute(
      sql`update partners set breaker = ${JSON.stringify({ failures: 6, outages: 6, firstOutageAt: 1, isOpen: true, nextAttemptAt: Date.now() + 3_600_000 })}::jsonb where key = 'a'`,
    );
    expect((await desk.getPartner('a')).health).toMatchObject({ tone: 'bad', findings: [{ code: 'breaker-open' }] });
    await expect(desk.tryNow(by, 'a', false)).resolves.toMatchObject({ state: 'pulled' });
    expect((await desk.getPartner('a')).health.tone).toBe('good');
  });

  test('is told in figures that each reading adds to', async () => {
    const { visits } = await desk.score('a');
    await there.federation.pullNow('a');
    expect(await desk.score('a')).toMatchObject({ visits: visits + 2, downMinutes: 0, keyAgeDays: 0 });
    there.clock.now = new Date(there.clock.now.getTime() + 8 * 86_400_000);
    expect(await desk.score('a')).toMatchObject({ visits: 0, successPercent: null, keyAgeDays: 8 });
    there.clock.now = new Date(there.clock.now.getTime() - 8 * 86_400_000);
  });

  test('is told by what became of the orders of our shoppers, too', async () => {
    const none = { placed: 0, confirmed: 0, refused: 0, late: 0, cancelled: 0, confirmMedianSeconds: null };
    expect(await desk.score('a')).toMatchObject({ orders: none, conformance: null });
    const legs: readonly (readonly [reason: string | null, orderId: string | null, confirmed: number | null])[] = [
      [null, 'o1', 2],
      [null, 'o2', 4],
      ['cancelled-by-origin', 'o3', 60],
      ['stock-short', null, null],
      ['origin-silent', null, null],
      ['price-changed', null, null],
      ['total-changed', 'o4', null],
      ['payment-declined', 'o5', null],
      ['too-late', 'o6', null],
    ];
    const at = there.clock.now.toISOString();
    const insert = (name: string, ago: string, [reason, orderId, confirmed]: (typeof legs)[number]) =>
      there.db.execute(sql`with taken as (insert into codes (code, kind) values (${name}, 'exchange-leg'))
        insert into exchange_legs (id, code, cart_id, partner_key, state, state_since, reason, delivery, phone, authorised_at, order_id, confirm_by, confirmed_at, created_at)
        values (${name}, ${name}, ${name}, 'a', 'draft', now(), ${reason}, '{}'::jsonb, '', ${at}::timestamptz - ${ago}::interval, ${orderId && `${name}${orderId}`},
          ${at}::timestamptz + interval '1 hour', ${at}::timestamptz + make_interval(secs => ${confirmed}), ${at}::timestamptz)`);
    for (const [index, leg] of legs.entries()) await insert(`ST00000000${index}A`, '0', leg);
    await insert('ST000000009B', '9 days', legs[0] ?? [null, null, null]);
    expect((await desk.score('a')).orders).toEqual({
      ...{ placed: 9, confirmed: 3, refused: 1, unanswered: 1, repriced: 2, late: 1, cancelled: 1 },
      confirmMedianSeconds: 4,
    });
  });
});
