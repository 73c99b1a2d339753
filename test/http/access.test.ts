import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assistance } from './access/assistance.ts';
import { audit } from './access/audit.ts';
import { batches } from './access/batches.ts';
import { bundles } from './access/bundles.ts';
import { businesses } from './access/businesses.ts';
import {
  call,
  kindsOf,
  mayEnter,
  nameOf,
  namesThings,
  prepare,
  type Route,
  rowOf,
  statusOf,
  type Whose,
} from './access/calls.ts';
import { care } from './access/care.ts';
import { carts } from './access/carts.ts';
import { certificates } from './access/certificates.ts';
import { changes } from './access/changes.ts';
import { complaints } from './access/complaints.ts';
import { couriers } from './access/couriers.ts';
import { direct } from './access/direct.ts';
import { discovery } from './access/discovery.ts';
import { exchangeOrders } from './access/exchange-orders.ts';
import type { Expected } from './access/expected.ts';
import { exports } from './access/exports.ts';
import { federation } from './access/federation.ts';
import { fees } from './access/fees.ts';
import { fieldReports } from './access/field-reports.ts';
import { files } from './access/files.ts';
import { ground } from './access/ground.ts';
import { identity } from './access/identity.ts';
import { imports } from './access/imports.ts';
import { notices } from './access/notices.ts';
import { orders } from './access/orders.ts';
import { partnerOrders } from './access/partner-orders.ts';
import { partners } from './access/partners.ts';
import { payments } from './access/payments.ts';
import { places } from './access/places.ts';
import { policies } from './access/policies.ts';
import { products } from './access/products.ts';
import { questions } from './access/questions.ts';
import { queues } from './access/queues.ts';
import { reports } from './access/reports.ts';
import { reviews } from './access/reviews.ts';
import { search } from './access/search.ts';
import { settlement } from './access/settlement.ts';
import { shipping } from './access/shipping.ts';
import { openStage, WHO, type Who } from './access/stage.ts';
import { stock } from './access/stock.ts';
import { bodiesOf, digestsOf, smuggle } from './access/strangers.ts';
import { takedowns } from './access/takedowns.ts';
import { today } from './access/today.ts';
import { vouchers } from './access/vouchers.ts';
import { webhooks } from './access/webhooks.ts';

const expected: Expected = {
  ...batches,
  ...assistance,
  ...audit,
  ...bundles,
  ...businesses,
  ...care,
  ...discovery,
  ...carts,
  ...certificates,
  ...changes,
  ...complaints,
  ...federation,
  ...exchangeOrders,
  ...fieldReports,
  ...files,
  ...ground,
  ...identity,
  ...exports,
  ...imports,
  ...notices,
  ...orders,
  ...reports,
  ...settlement,
  ...partners,
  ...partnerOrders,
  ...payments,
  ...places,
  ...products,
  ...queues,
  ...policies,
  ...questions,
  ...reviews,
  ...search,
  ...couriers,
  ...direct,
  ...shipping,
  ...stock,
  ...fees,
  ...vouchers,
  ...webhooks,
  ...takedowns,
  ...today,
};

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const routes = (): readonly Route[] => stage.node.app.routeList;
const isTranslated = ({ path }: Route): boolean => /^\/(en|km)(\/|$)/.test(path);
/** Calling these would end the caller's own session. */
const endsSession = ({ path }: Route): boolean => /sign-out|dang-xuat/.test(path);

test('every route is expected here, with the access that it declares', () => {
  const declared = stage.node.app.routeList.map((route) => {
    const { access, roles } = route;
    return [nameOf(route), roles.length > 0 ? `${access}:${roles.join(',')}` : access];
  });
  expect(declared.length).toBeGreaterThan(100);
  const rows = Object.entries(expected).map(([name, row]) => [name, typeof row === 'string' ? row : row.access]);
  expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(rows));
});

/** What went otherwise than expected, in words. */
async function tryAs(who: Who, route: Route, whose: Whose | undefined): Promise<string[]> {
  const row = rowOf(expected, route);
  const right = statusOf(row, route, who, whose);
  const { status, text } = await call(stage, row, route, { who, whose });
  const said = `${route.method} ${route.path} (${whose ?? 'no id'}): ${status} instead of ${right}`;
  const faults = status === right ? [] : [`${said} ${text.slice(0, 300)}`];
  if (route.method !== 'GET' || mayEnter(row, who) || row.access === 'partner') return faults;
  const head = await call(stage, row, route, { who, whose, method: 'HEAD' });
  return head.status === status ? faults : [...faults, `HEAD ${route.path}: ${head.status} instead of ${status}`];
}

type Knock = { readonly route: Route; readonly whose: Whose | undefined };
const knocksOf = (who: Who, chosen: readonly Route[]): readonly Knock[] =>
  chosen.flatMap((route) => kindsOf(rowOf(expected, route), who).map((whose) => ({ route, whose })));

/** Waits for the database are most of the time that a call takes, so some calls wait at once. */
async function atOnce<One, Out>(all: readonly One[], work: (one: One) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const left = all.entries();
  const lane = async (): Promise<void> => {
    for (const [at, one] of left) results[at] = await work(one);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return results;
}

/** What changes nothing may be asked at once; what does comes after it, one by one, for it may change what the next finds. */
async function tryAll(who: Who, chosen: readonly Route[]): Promise<string[]> {
  const changesNothing = ({ route, whose }: Knock): boolean =>
    route.method === 'GET' || statusOf(rowOf(expected, route), route, who, whose) >= 400;
  const knocks = knocksOf(who, chosen);
  const knock = ({ route, whose }: Knock) => tryAs(who, route, whose);
  const wrong = (await atOnce(knocks.filter(changesNothing), knock)).flat();
  for (const one of knocks.filter((each) => !changesNothing(each))) wrong.push(...(await knock(one)));
  return wrong;
}

/** Hundreds of calls each, on a machine that may have other work. */
const long = 180_000;

describe.each(WHO)('as %s', (who) => {
  // All of them share one address, whose wrong passwords are counted together.
  beforeAll(async () => {
    await stage.node.db.execute(sql`delete from attempts`);
    await stage.node.db.execute(sql`delete from throttles`);
  });

  test(
    'every closed route stays closed, in every language, and nothing is changed',
    async () => {
      const isOfAll = who === 'nobody' || who === 'shopperA';
      const closed = routes().filter(
        (route) => !mayEnter(rowOf(expected, route), who) && (isOfAll || !isTranslated(route)),
      );
      // Things to knock at are made before the rows are counted.
      await atOnce(knocksOf(who, closed), ({ route, whose }) =>
        prepare(stage, rowOf(expected, route), route, { who, whose }),
      );
      const { idempotency_keys: keys, ...before } = await stage.node.countRows();
      expect(await tryAll(who, closed)).toEqual([]);
      const { idempotency_keys: keysAfter, ...after } = await stage.node.countRows();
      expect(after).toEqual(before);
      expect(keysAfter).toBe(keys);
    },
    long,
  );

  test(
    'every open route answers as expected for what is theirs, what is not and what is missing',
    async () => {
      const open = routes().filter(
        (route) =>
          mayEnter(rowOf(expected, route), who) && (who === 'nobody' || !(isTranslated(route) || endsSession(route))),
      );
      expect(await tryAll(who, open)).toEqual([]);
    },
    long,
  );
});

test('no body may hold what its route does not name, and nothing of such a one is done', async () => {
  const targets = await bodiesOf(stage, expected);
  expect(targets.length).toBeGreaterThan(20);
  const before = await digestsOf(stage);
  const wrong: string[] = [];
  for (const target of targets) wrong.push(...(await smuggle(stage, target)));
  expect(wrong).toEqual([]);
  expect(await digestsOf(stage)).toEqual(before);
}, 120_000);

test('a route of the API that takes no body refuses one', async () => {
  const { ownerA } = stage.clients;
  const path = `/v1/seller/orders/${await stage.paidOrder('A')}/confirm`;
  const refused = { status: 400, body: { code: 'invalid-request' } };
  for (const body of [{ status: 'completed' }, { role: 'admin' }, [1]])
    expect(await ownerA.send('POST', path, { body })).toMatchObject(refused);
  expect((await ownerA.send('POST', path, { body: {} })).status).toBe(204);
});

test('every table that names a business is guarded: in a seller’s transaction its foreign rows are not there', async () => {
  const { rows } = await stage.node.db.execute<{ name: string }>(
    sql`select distinct c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relrowsecurity and not a.attisdropped
        and a.attname in ('business_id', 'product_id', 'variant_id', 'order_id') order by 1`,
  );
  // What everybody sees in the shop, and what is sent to and got from partners.
  const open = ['bundle_items', 'federation_changes', 'federation_mirrors', 'product_ratings', 'search_documents'];
  const unguarded = rows.map(({ name }) => name).filter((name) => !open.includes(name));
  expect(unguarded, "say CALL guard_rows('the_table') in its migration; see docs/adr/0014-row-security.md").toEqual([]);
});

test('what is another’s looks exactly like what does not exist', async () => {
  const wrong: string[] = [];
  const masked = (body: unknown): unknown => ({ ...(body as object), instance: '' });
  for (const route of routes().filter((one) => !isTranslated(one) && rowOf(expected, one).ids?.other === 404)) {
    const row = rowOf(expected, route);
    const who: Who = row.access.startsWith('shopper') ? 'shopperB' : 'ownerB';
    const [other, missing] = [
      await call(stage, row, route, { who, whose: 'other' }),
      await call(stage, row, route, { who, whose: 'missing' }),
    ];
    if (JSON.stringify(masked(other.body)) !== JSON.stringify(masked(missing.body)))
      wrong.push(`${nameOf(route)}: ${other.text} ${missing.text}`);
  }
  expect(wrong).toEqual([]);
});

test('a route of sellers or staff that names a thing says what another’s and a missing one answer', () => {
  const silent = routes().filter((route) => {
    const row = rowOf(expected, route);
    return /^(seller|staff|shopper)/.test(row.access) && namesThings(route) && !row.ids;
  });
  expect([...new Set(silent.map(nameOf))]).toEqual([]);
});
