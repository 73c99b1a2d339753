import { recordHash, sha256 } from '#conformance/kit/canonical.ts';
import type { FedRecord, Lane } from '#conformance/kit/session.ts';
import type { Has } from './defects.ts';
import type { Orders } from './orders.ts';

export type Row = {
  readonly uri: string;
  readonly lane: Lane;
  readonly op: 'upsert' | 'delete';
  readonly seq: number;
  readonly record: FedRecord;
};
export type Goods = {
  readonly id: string;
  title: string;
  amount: number;
  quantity: number;
  isLive: boolean;
  readonly sku: string;
  addresses: number;
};
export type Store = ReturnType<typeof createStore>;

const tomorrow = 86_400_000;

/** The goods of the reference, and the feed that tells of them. */
export function createStore(origin: string, publicUrl: string, has: Has) {
  const goods = new Map<string, Goods>();
  const history: Row[] = [];
  const rows = new Map<string, Row>();
  const revisions = new Map<string, number>();
  const state = { seq: 0, epoch: 'epoch-1', epochs: 1, horizon: { catalogue: 0, offer: 0 } };
  let made = 0;

  const uriOf = (kind: string, one: Goods): string => {
    const told = has('kind-in-address') && kind === 'offer' ? 'listing' : kind;
    const suffix = has('kind-in-address') && kind === 'offer' ? '-pack' : '';
    return `ocop://${origin}/${told}/${one.id}${one.addresses > 0 ? `-${one.addresses}` : ''}${suffix}`;
  };

  const listingOf = (one: Goods) => ({
    uri: uriOf('listing', one),
    origin: has('relays-others') && one.id === 'p2' ? 'third.example' : origin,
    via: has('via-filled') ? ['third.example'] : [],
    kind: 'listing',
    title: { vi: has('title-escaped') ? one.title.replace(/</g, '&lt;') : one.title, en: 'Sample' },
    ...(has('control-character') && one.id === 'p1' && { description: { vi: 'a\u0001b' } }),
    producer: {
      uri: `ocop://${origin}/producer/b1`,
      name: 'HTX Vũng Thơm',
      taxCode: has('person-code') ? '094123456789' : '2200123456',
    },
    ocop: {
      stars: 4,
      decisionNo: '9123/QĐ-UBND',
      issuedOn: '2025-05-20',
      expiresOn: has('certificate-over') ? '2024-05-20' : '2028-05-20',
    },
    categoryCode: 'banh-keo',
    images: [],
    landingUrl: `${has('landing-elsewhere') ? 'https://elsewhere.example' : publicUrl}/san-pham/${one.id}`,
    ...(has('price-in-listing') && { 'x-from': one.amount }),
  });

  const amountOf = (one: Goods, before: FedRecord | undefined): unknown => {
    if (has('price-hundredfold') || (has('price-hundredfold-later') && before)) return one.amount * 100;
    if (has('price-tiny')) return Math.round(one.amount / 1000);
    if (has('price-text')) return String(one.amount);
    return has('price-fraction') && one.id === 'p1' ? one.amount + 0.5 : one.amount;
  };
  const stateOf = (one: Goods): string => {
    if (has('state-unknown')) return 'available';
    return one.quantity > 0 || has('sold-out-in-stock') ? 'in-stock' : 'out-of-stock';
  };
  const offerOf = (one: Goods, before: FedRecord | undefined) => ({
    uri: uriOf('offer', one),
    origin,
    via: [],
    kind: 'offer',
    listing: has('offer-orphan') && one.id === 'p3' ? `ocop://${origin}/listing/none` : uriOf('listing', one),
    ...(!(has('price-drops-sku') && before) && { sku: one.sku }),
    label: 'Hộp 400 g',
    position: 0,
    price: { amount: amountOf(one, before), currency: 'VND', taxIncluded: true },
    ...(one.id === 'p4' && {
      listPrice: { amount: has('list-price-low') ? 1_000 : 90_000, currency: 'VND', taxIncluded: true },
    }),
    availability: { state: stateOf(one), quantity: one.quantity, mode: 'tracked' },
    minQty: has('quantity-bounds') ? 200 : 1,
    maxQty: 99,
  });

  const hashOf = (record: object): string => {
    if (has('hash-with-rev')) return sha256(JSON.stringify(record));
    const { rev: _r, hash: _h, at: _a, via: _v, ...said } = record as Record<string, unknown>;
    return has('hash-unsorted') ? sha256(JSON.stringify(said)) : recordHash(record);
  };

  const write = (lane: Lane, op: Row['op'], content: { readonly uri: string } & object, seq: number): void => {
    const before = rows.get(content.uri);
    const isRestored = before?.op === 'delete' && op === 'upsert';
    const last = revisions.get(content.uri) ?? 0;
    const isSame =
      (op === 'delete' && has('tombstone-low')) || (op === 'upsert' && has('rev-same') && before !== undefined);
    const rev = isRestored && has('rev-restarts') ? 1 : isSame ? last : last + 1;
    const isStale = has('hash-stale') && before && op === 'upsert' && !isRestored;
    const hash = isStale ? before.record.hash : hashOf({ ...content, rev });
    const isFrozen = has('at-frozen') && before;
    const at = isFrozen ? before.record.at : new Date(Date.now() + (has('at-future') ? tomorrow : 0)).toISOString();
    const row: Row = { uri: content.uri, lane, op, seq, record: { ...content, rev, hash, at } as unknown as FedRecord };
    revisions.set(content.uri, rev);
    rows.set(content.uri, row);
    history.push(row);
  };

  const upsert = (
    lane: Lane,
    content: ReturnType<typeof listingOf> | ReturnType<typeof offerOf>,
    seq?: number,
  ): void => {
    const before = rows.get(content.uri);
    const isSame = before?.op === 'upsert' && before.record.hash === recordHash(content);
    if (!isSame || has('same-price-revision')) write(lane, 'upsert', content, seq ?? ++state.seq);
  };
  const bury = (lane: Lane, uri: string): void => {
    const of = lane === 'catalogue' ? 'listing' : 'offer';
    if (has('delete-silent')) rows.delete(uri);
    else write(lane, 'delete', { uri, origin, via: [], kind: 'tombstone', of } as { uri: string }, ++state.seq);
  };

  const publish = (one: Goods, seq?: number): void => {
    const listing = listingOf(one);
    const offerUri = uriOf('offer', one);
    if (one.isLive) {
      upsert('catalogue', listing);
      upsert('offer', offerOf(one, rows.get(offerUri)?.record), seq);
      return;
    }
    bury('catalogue', listing.uri);
    if (!has('delete-listing-only')) bury('offer', offerUri);
  };

  const find = (uri: string): Goods => {
    const one = [...goods.values()].find((item) => uriOf('listing', item) === uri || uriOf('offer', item) === uri);
    if (!one) throw new Error(`The reference has no ${uri}`);
    return one;
  };

  const create = (title: string, amount: number, quantity: number): Goods => {
    made += 1;
    const one: Goods = { id: `p${made}`, title, amount, quantity, isLive: true, sku: `ST-${made}`, addresses: 0 };
    goods.set(one.id, one);
    publish(one);
    return one;
  };
  for (let index = 1; index <= 12; index += 1)
    create(`Bánh pía số ${index}`, 60_000 + index * 1_000, index === 5 ? 0 : 10 + index);
  const withdrawn = create('Mè láo', 30_000, 3);
  withdrawn.isLive = false;
  publish(withdrawn);

  return { goods, rows, history, state, uriOf, publish, find, create };
}

/** Does to the goods what the kit asks its driver for. */
export const createReferenceDriver = (store: Store, orders: Orders, has: Has) => {
  const { state, find, publish, uriOf, create } = store;
  let writing = 0;
  const setPrice = async (offer: string, amount: number): Promise<void> => {
    const one = find(offer);
    one.amount = amount;
    if (has('price-silent')) return;
    if (!has('commits-out-of-order')) return publish(one);
    // The number is drawn first, and of two at once the first is slower: it commits behind what was read by then.
    state.seq += 1;
    const seq = state.seq;
    const pauseMs = writing === 0 ? 25 : 1;
    writing += 1;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    writing -= 1;
    publish(one, seq);
  };
  const verbs = {
    create: async ({ title, amount, quantity }: Record<string, string | number>) => {
      const one = create(String(title), Number(amount), Number(quantity));
      return { listing: uriOf('listing', one), offer: uriOf('offer', one) };
    },
    price: async ({ offer, amount }: Record<string, string | number>) => ({
      ok: await setPrice(String(offer), Number(amount)),
    }),
    stock: async ({ offer, quantity }: Record<string, string | number>) => {
      const one = find(String(offer));
      one.quantity = Number(quantity);
      if (!has('stock-silent')) publish(one);
      return {};
    },
    withdraw: async ({ listing }: Record<string, string | number>) => {
      const one = find(String(listing));
      if (one.isLive) {
        one.isLive = false;
        publish(one);
      }
      return {};
    },
    restore: async ({ listing }: Record<string, string | number>) => {
      const one = find(String(listing));
      one.isLive = true;
      if (has('restore-new-address')) one.addresses += 1;
      publish(one);
      return {};
    },
    lapse: async ({ order }: Record<string, string | number>) => orders.lapse(order),
    'call-off': async ({ order }: Record<string, string | number>) => orders.callOff(order),
    expire: async () => {
      for (const [uri, { op, lane, seq }] of store.rows) {
        if (op !== 'delete') continue;
        store.rows.delete(uri);
        state.horizon[lane] = Math.max(state.horizon[lane], seq);
      }
      if (has('expired-all')) state.horizon = { catalogue: state.seq + 1, offer: state.seq + 1 };
      if (has('expired-goes-on')) state.horizon = { catalogue: 0, offer: 0 };
      return {};
    },
    epoch: async () => {
      state.epochs += 1;
      state.epoch = `epoch-${state.epochs}`;
      return {};
    },
  };
  return {
    call: async (verb: keyof typeof verbs, input: Record<string, string | number>) =>
      (await verbs[verb](input)) as Record<string, unknown>,
  };
};
