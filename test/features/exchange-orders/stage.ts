import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { createExchangeOrders, withTransfers } from '#features/exchange-orders/index.ts';
import { LEG_METHODS, type LegId, type Origins } from '#features/exchange-orders/types.ts';
import { createEngineStore } from '#features/federation/store.ts';
import { codes } from '#features/orders/index.ts';
import type { Gateway } from '#features/payments/types.ts';
import type { VariantId } from '#features/products/types.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import type { FedRecord } from '#federation/protocol/record.ts';
import { openMarket } from '#test/support/market.ts';
import { letIn } from '#test/support/partners.ts';
import { home, recipient } from '#test/support/people.ts';
import { createOrigin } from './origin.ts';

const at = '2026-11-27T00:00:00.000Z';
const origin = 'san.cantho.example';
const money = { amount: 50_000, currency: 'VND' as const, taxIncluded: true };

/** One product of a partner, as its exchange would have pulled it. */
const records = (name: string): FedRecord[] => [
  {
    uri: `ocop://${origin}/listing/${name}`,
    origin,
    hash: 'a'.repeat(64),
    rev: 1,
    kind: 'listing',
    at,
    title: { vi: `Bánh tét ${name}` },
    producer: { uri: `ocop://${origin}/producer/1`, name: 'HTX Bánh tét' },
    categoryCode: 'banh-keo',
    images: [],
    landingUrl: `https://${origin}/p/${name}`,
  } as unknown as FedRecord,
  {
    uri: `ocop://${origin}/offer/${name}`,
    origin,
    hash: 'a'.repeat(64),
    rev: 1,
    kind: 'offer',
    at,
    listing: `ocop://${origin}/listing/${name}`,
    price: money,
    label: 'đòn 700 g',
    availability: { state: 'in-stock', quantity: 40, mode: 'tracked' },
    minQty: 1,
  } as unknown as FedRecord,
];

/** Our exchange with its Stripe, and a partner of which everything can be told. */
export async function openLegs({
  gateway,
  around = (given) => given,
}: {
  readonly gateway?: Gateway;
  readonly around?: (origins: Origins) => Origins;
} = {}) {
  let partner: ReturnType<typeof createOrigin> | undefined;
  const market = await openMarket({
    origins: (now) => {
      partner = createOrigin(now);
      return partner.origins;
    },
  });
  if (!partner) throw new Error('Nobody asked for the partner');
  const origins = around(partner.origins);
  const { node, stripe, guest } = market;
  const { services, db } = node;
  const { keyid, jwk } = readIdentity(generatePem());
  await db.execute(
    sql`update partners set adapter = 'native', origin = ${origin}, keyid = ${keyid}, jwk = ${JSON.stringify(jwk)}::jsonb, base_url = ${`https://${origin}`} where key = 'can-tho'`,
  );
  await letIn(db, 'can-tho');
  const { rows: categories } = await db.execute<{ slug: string }>(sql`select slug from categories order by id limit 1`);
  const all = ['la-cam', 'nhan-dau']
    .flatMap(records)
    .map((record) => (record.kind === 'listing' ? { ...record, categoryCode: categories[0]?.slug ?? '' } : record));
  const store = createEngineStore({
    db,
    now: node.clock.now,
    products: services.products,
    businesses: services.businesses,
  });
  for (const [lane, kind] of [
    ['catalogue', 'listing'],
    ['offer', 'offer'],
  ] as const)
    await store.onLane('can-tho', lane, (unit) => unit.save(all.filter((record) => record.kind === kind)));
  const { rows } = await db.execute<{ id: VariantId }>(
    sql`select v.id from variants v join products p on p.id = v.product_id where p.partner_key = 'can-tho' and p.origin_uri like ${`ocop://${origin}/%`} order by p.origin_uri`,
  );
  const [variantId] = rows.map(({ id }) => id);
  if (!variantId) throw new Error('The partner has no product');
  const deps = {
    ...{ db, jobs: { add: async () => {} }, now: node.clock.now, carts: services.carts, ledger: services.ledger },
    ...{ notices: services.notices, codes, origins, publicUrl: node.url },
    ...{ methods: LEG_METHODS, transfer: undefined, byHand: services.payments.refundLegByHand },
    gateway: withTransfers(gateway ?? services.gateways.stripe),
  };
  const legs = createExchangeOrders(deps);
  /** Its prices were just pulled, whatever the clock of the tests says. */
  const fresh = async (): Promise<void> => {
    await db.execute(
      sql`update partners set prices_as_of = ${node.clock.now().toISOString()}::timestamptz where key = 'can-tho'`,
    );
  };
  const quote = async (quantity = 1) => {
    await fresh();
    const { cartId } = await services.carts.openCart();
    await legs.setLine(cartId, variantId, quantity);
    return legs.quoteLeg({ cartId, partnerKey: 'can-tho', recipient, address: home });
  };
  const sessionOf = async (legId: string): Promise<string> => {
    const { rows: found } = await db.execute<{ id: string }>(
      sql`select session_id as id from exchange_legs where id = ${legId}`,
    );
    return found[0]?.id ?? '';
  };
  /** The shopper agreed and stands at the payment page. */
  const accept = async (quantity = 1) => {
    const leg = await quote(quantity);
    await legs.acceptLeg({
      legId: leg.legId,
      shippingCode: 'standard',
      totalVnd: leg.totalVnd ?? 0,
      ageConfirmed: false,
    });
    return { ...leg, sessionId: await sessionOf(leg.legId) };
  };
  /** The shopper agreed and the card said yes; the saga has not begun. */
  const authorise = async (quantity = 1, thinkingMs = 0) => {
    const leg = await accept(quantity);
    const { sessionId } = leg;
    node.clock.advance(thinkingMs);
    stripe.pay(sessionId);
    await legs.refresh(leg.legId);
    return { legId: leg.legId, sessionId, totalVnd: leg.totalVnd ?? 0, cartId: leg.cartId };
  };
  const stateOf = async (legId: LegId) => (await legs.getLeg(legId)).state;
  return {
    market,
    node,
    stripe,
    guest,
    partner,
    deps,
    legs,
    variantId,
    fresh,
    quote,
    accept,
    authorise,
    sessionOf,
    stateOf,
    /** What the provider took of this leg, and what it gave back. */
    chargedOf: (sessionId: string) => {
      const { payment_status: status, amount_total: amount } = stripe.session(sessionId);
      const back = stripe.refundsOf(sessionId).reduce((sum, refund) => sum + refund.amount, 0);
      return { charged: status === 'paid' ? amount : 0, back };
    },
    pathOf: async (legId: LegId) => (await legs.listSteps(legId)).map(({ toState }) => toState),
    expectBooks: async () => expect((await services.ledger.verify()).findings).toEqual([]),
    close: () => market.close(),
  };
}
export type Legs = Awaited<ReturnType<typeof openLegs>>;
