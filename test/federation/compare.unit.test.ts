import { describe, expect, test } from 'vitest';
import { PullFailure } from '#federation/engine/failure.ts';
import { observed } from './observed.ts';
import { createScripted, listing, many, offer, page, uriOf } from './scripted.ts';

describe('a sweep', () => {
  /** A partner of `count` listings that were read once. */
  const startWith = async (count: number) => {
    const node = createScripted('sweep');
    const has = many(count, (id) => listing(id));
    node.script.has = has;
    node.script.feed = (lane, from) => (lane === 'catalogue' && !from ? [page('c1', has)] : []);
    await node.pull();
    return { ...node, has };
  };

  test('comes with the first reading and every six hours, not with every pull', async () => {
    const { pull, script, later } = await startWith(3);
    const first = script.enumerations;
    await pull();
    expect(script.enumerations).toBe(first);
    later(6);
    await pull();
    expect(script.enumerations).toBe(first + 2);
  });

  test('withdraws what the partner has no more', async () => {
    const { pull, script, later, has, shown, outcome } = await startWith(30);
    script.has = has.slice(2);
    await pull();
    expect(shown()).toHaveLength(30);
    later(6);
    await pull();
    expect(shown()).toHaveLength(28);
    expect(outcome()?.counts).toMatchObject({ withdrawn: 2 });
  });

  test('leaves what only one enumeration of two did not name', async () => {
    const { pull, script, later, has, shown } = await startWith(3);
    later(6);
    script.names = [has.slice(1).map(({ uri }) => uri)];
    await pull();
    expect(shown()).toHaveLength(3);
  });

  test('that was broken off withdraws nothing and comes again', async () => {
    const { pull, script, later, has, shown, outcome } = await startWith(3);
    later(6);
    script.has = has.slice(1);
    script.names = [new PullFailure('timed-out', 'in the middle')];
    await pull();
    expect([shown().length, outcome()?.state]).toEqual([3, 'failed']);
    later(1);
    await pull();
    expect(shown()).toHaveLength(2);
  });

  test.each([
    ['nothing', 0],
    ['half', 150],
  ])('row 17: a sweep that suddenly names %s is held until a person agrees', async (_what, left) => {
    const { pull, script, later, has, shown, outcome } = await startWith(300);
    later(6);
    script.has = has.slice(0, left);
    await pull();
    expect(outcome()).toMatchObject({ state: 'held', failure: { code: 'mass-delete' } });
    later(1);
    await pull();
    expect([shown().length, outcome()?.state]).toEqual([300, 'held']);
    await pull({ acceptDeletes: true });
    expect([shown().length, outcome()?.state]).toEqual([left, 'ok']);
    observed(17, `${left} of 300 named: held as mass-delete, 300 stay shown; released by a person`);
  });
});

describe('an audit', () => {
  const startWith = async (count: number) => {
    const node = createScripted('tombstone');
    const has = many(count, (id) => listing(id));
    node.script.has = has;
    node.script.feed = (lane, from) => (lane === 'catalogue' && !from ? [page('c1', has)] : []);
    await node.pull();
    return { ...node, has };
  };

  test('finds by hashes what went wrong here, fetches only that, and withdraws what the origin has not', async () => {
    const { store, pull, script, later, has, outcome } = await startWith(300);
    store.records.delete(uriOf('p7'));
    store.records.set(uriOf('p8'), listing('p8', 1, 'verändert'));
    store.records.set(uriOf('ghost'), listing('ghost'));
    later(23);
    await pull();
    expect(script.fetched).toEqual([]);
    later(1);
    await pull();
    expect(script.fetched.toSorted()).toEqual([uriOf('p7'), uriOf('p8')]);
    expect(outcome()?.counts).toMatchObject({ drifted: 3, withdrawn: 1 });
    expect([...store.records.values()].toSorted((a, b) => (a.uri < b.uri ? -1 : 1))).toEqual(
      has.toSorted((a, b) => (a.uri < b.uri ? -1 : 1)),
    );
  });

  test('reads on before it calls anything drift', async () => {
    const { pull, script, later, has, outcome, store } = await startWith(3);
    later(24);
    script.beforeAudit = () => {
      const fresh = [listing('p1', 2, 'mới'), listing('p9')];
      script.has = [...has.filter(({ uri }) => uri !== uriOf('p1')), ...fresh];
      script.feed = (lane, from) => (lane === 'catalogue' && from === 'c1' ? [page('c2', fresh)] : []);
    };
    await pull();
    expect(outcome()?.counts).toMatchObject({ applied: 2, drifted: 0 });
    expect(store.titles()).toContain('mới');
  });

  test('that would empty the shelves is held', async () => {
    const { pull, script, later, shown, outcome } = await startWith(300);
    script.has = [];
    later(24);
    await pull();
    expect([shown().length, outcome()?.state]).toEqual([300, 'held']);
  });
});

describe('money', () => {
  const startWith = async (count: number) => {
    const node = createScripted('tombstone');
    const tell = (next: string, records: readonly unknown[]) => {
      node.script.feed = (lane, from) => (lane === 'offer' && from !== next ? [page(next, records)] : []);
    };
    tell(
      'o1',
      many(count, (id) => offer(id, 65_000)),
    );
    node.script.has = many(count, (id) => offer(id, 65_000));
    await node.pull();
    const prices = () => [...node.store.records.values()].flatMap((r) => (r.kind === 'offer' ? [r.price.amount] : []));
    return { ...node, tell, prices };
  };

  test.each([
    ['a hundredfold', 6_500_000],
    ['a hundredth', 650],
  ])('row 20: prices that are suddenly %s stop the offer lane until a person agrees', async (_how, amount) => {
    const { pull, tell, later, outcome, prices } = await startWith(5);
    tell(
      'o2',
      many(5, (id) => offer(id, amount, 2)),
    );
    await pull();
    expect(outcome('offer')).toMatchObject({ state: 'held', failure: { code: 'money-drift' } });
    expect(outcome('catalogue')).toMatchObject({ state: 'ok' });
    expect(new Set(prices())).toEqual(new Set([65_000]));
    later(1);
    await pull({ acceptDeletes: true });
    expect(new Set(prices())).toEqual(new Set([amount]));
    observed(
      20,
      `65,000 became ${amount.toLocaleString('en')}: held as money-drift, old prices stay, catalogue goes on`,
    );
  });

  test('one price of many that jumps is quarantined alone', async () => {
    const { pull, tell, outcome, prices, store } = await startWith(5);
    tell('o2', [offer('p0', 6_500_000, 2), offer('p1', 66_000, 2), offer('p2', 67_000, 2)]);
    await pull();
    expect(outcome('offer')).toMatchObject({ state: 'ok', counts: { applied: 2, quarantined: 1 } });
    expect(prices().toSorted()).toEqual([65_000, 65_000, 65_000, 66_000, 67_000]);
    expect(store.quarantine).toMatchObject([{ reason: 'price-jump' }]);
  });

  test('row 20: another currency is no price, and a page of it stops the lane', async () => {
    const { pull, tell, outcome, prices } = await startWith(5);
    tell(
      'o2',
      many(5, (id) => offer(id, 3, 2, { currency: 'USD' })),
    );
    await pull();
    expect(outcome('offer')).toMatchObject({ state: 'failed', failure: { code: 'schema-drift' } });
    expect(new Set(prices())).toEqual(new Set([65_000]));
    observed(20, 'USD: schema-drift, old prices stay');
  });
});
