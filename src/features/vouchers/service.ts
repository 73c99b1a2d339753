import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Reader, type Tx, transact, violatedConstraint } from '#db/client.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import {
  countOwnUses,
  customerOf,
  endVoucher,
  findByCode,
  findOwnVoucher,
  insertUses,
  insertVoucher,
  listOffers,
  listVouchers,
  lockVouchersOf,
  releaseUses,
  retakeUses,
  takeUse,
} from './queries.ts';
import { type Applied, checkTerms, readVoucherCode, stateOf } from './rules.ts';
import { type Offer, type VoucherId, type VoucherTerms, voucherProblems } from './types.ts';
import { findScope, listGivers, listPublicVouchers, type PublicVoucher, withNames } from './views.ts';

const refuse = refusals(voucherProblems);
type Deps = { readonly db: Db; readonly audit: Audit; readonly now: Clock };
export type Vouchers = ReturnType<typeof createVouchers>;

/** Who gives vouchers out: a member for the caller's businesses, or the staff for the exchange. */
export type Giver = { readonly actor: string; readonly address: string; readonly businessIds?: readonly BusinessId[] };
/** Terms as they were sent: `goods` are ids or slugs of what it is for. */
export type VoucherRequest = Omit<VoucherTerms, 'scopeIds'> & { readonly goods: readonly string[] };

type Taking = {
  readonly groupId: OrderGroupId;
  readonly phone: string;
  readonly applied: readonly Applied[];
  readonly orders: readonly { readonly id: OrderId; readonly businessId: BusinessId }[];
};

const act = <T>(db: Db, { actor, businessIds }: Giver, work: (tx: Tx) => Promise<T>): Promise<T> =>
  businessIds ? transactAsSeller(db, { actor, businessIds }, work) : transact(db, actor, work);

/** One use of one voucher, if as much is left and the shopper has not had enough of it. */
async function takeOne(tx: Tx, { offer, amountVnd }: Applied, phone: string, now: Date): Promise<void> {
  const { id, code, maxUsesPerCustomer } = offer;
  // The count begins when the row is locked, so that two orders of one shopper cannot both be the last.
  const [taken, own] = await Promise.all([
    takeUse(tx, id, amountVnd, now),
    maxUsesPerCustomer === null ? 0 : countOwnUses(tx, id, customerOf(id, phone)),
  ]);
  if (!taken || (maxUsesPerCustomer !== null && own >= maxUsesPerCustomer))
    throw refuse('voucher-used-up', { voucherId: id, voucher: code });
}

const byId = (a: Applied, b: Applied): number => (a.offer.id < b.offer.id ? -1 : 1);

/** What carts and orders need. Vouchers are locked after orders and before stock, in order of their ids. */
const createUsing = ({ now }: Deps) => ({
  /** What may take something off this cart, and the voucher of the typed code in any state. */
  listOffers: (reader: Reader, code: string | null, phone: string): Promise<Offer[]> =>
    listOffers(reader, code, phone, now()),
  /** Takes each voucher's use, all or none: refused with `voucher-used-up` when another was faster. */
  take: async (tx: Tx, { phone, applied }: Pick<Taking, 'phone' | 'applied'>): Promise<void> => {
    await Promise.all([...applied].sort(byId).map((one) => takeOne(tx, one, phone, now())));
  },
  /** Writes down which order got how much. Its orders are there. */
  recordUses: async (tx: Tx, { groupId, phone, applied, orders }: Taking): Promise<void> => {
    const rows = applied.flatMap(({ offer, parts }) =>
      orders.flatMap(({ id: orderId, businessId }) => {
        const part = parts.get(businessId);
        const customer = customerOf(offer.id, phone);
        return part
          ? [{ id: newId<'VoucherUse'>(), voucherId: offer.id, groupId, orderId, customer, ...part, takenAt: now() }]
          : [];
      }),
    );
    if (rows.length > 0) await insertUses(tx, rows);
  },
  /** Gives back what these orders took, once however often it is called. The caller holds their group's lock. */
  release: async (tx: Tx, orderIds: readonly OrderId[]): Promise<void> => {
    if ((await lockVouchersOf(tx, orderIds)).length > 0) await releaseUses(tx, orderIds, now());
  },
  /** For money that came after the hold had lapsed: takes the uses again. False when one has not as much left. */
  retake: async (tx: Tx, groupId: OrderGroupId, orderIds: readonly OrderId[]): Promise<boolean> =>
    (await lockVouchersOf(tx, orderIds)).length === 0 || (await retakeUses(tx, groupId)),
});

export const createVouchers = (deps: Deps) => {
  const { db, audit, now } = deps;

  const scopeOf = async (tx: Tx, { scope, goods }: VoucherRequest, giver: Giver): Promise<string[]> => {
    if (scope === 'all') return [];
    const found = await findScope(tx, scope, goods, giver.businessIds);
    const missing = goods.filter((_one, index) => found[index] === undefined);
    if (missing.length > 0) throw refuse('voucher-scope-unknown', { pointer: '/scopeIds', missing });
    return [...new Set(found.filter((id) => id !== undefined))];
  };
  const recordAct = (tx: Tx, action: string, id: VoucherId, after: unknown, { address }: Giver): Promise<void> =>
    audit.record(tx, { action, subject: { kind: 'voucher', id }, after, address });

  return {
    ...createUsing(deps),
    /** The voucher of a code that somebody typed, if it can still be used by anybody. */
    findUsable: async (typed: string) => {
      const voucher = await findByCode(db, readVoucherCode(typed));
      return voucher && stateOf(voucher, now()) === 'running' ? voucher : undefined;
    },
    listPublic: async (): Promise<PublicVoucher[]> => withNames(db, await listPublicVouchers(db, now())),
    listOwn: async ({ businessIds }: Giver): Promise<PublicVoucher[]> => {
      const read = async (reader: Reader) => withNames(reader, await listVouchers(reader, businessIds));
      return businessIds ? readAsSeller(db, businessIds, read) : read(db);
    },
    /** The businesses that may give: none for the exchange itself. */
    listGivers: ({ businessIds }: Giver) => (businessIds ? listGivers(db, businessIds) : []),
    /** Gives a voucher out. Its terms stay as they are; it can be ended. */
    give: (giver: Giver, request: VoucherRequest): Promise<VoucherId> =>
      act(db, giver, async (tx) => {
        const { goods: _goods, ...terms } = request;
        if (giver.businessIds && !giver.businessIds.some((own) => own === request.businessId))
          throw refuse('voucher-not-found');
        const scopeIds = await scopeOf(tx, request, giver);
        const code = terms.code === null || terms.code === '' ? null : readVoucherCode(terms.code);
        const checked = checkTerms({ ...terms, code, name: clean(terms.name), scopeIds }, now());
        const id: VoucherId = newId();
        await insertVoucher(tx, { ...checked, id, createdAt: now() }).catch((error: unknown) => {
          throw violatedConstraint(error) === 'vouchers_code'
            ? refuse('voucher-code-taken', { pointer: '/code' })
            : error;
        });
        await recordAct(tx, 'voucher.given', id, checked, giver);
        return id;
      }),
    /** Ends a voucher for orders that are not placed yet; what was promised with an order stays. */
    end: (giver: Giver, id: VoucherId): Promise<void> =>
      act(db, giver, async (tx) => {
        const voucher = await findOwnVoucher(tx, id, giver.businessIds);
        if (!voucher) throw refuse('voucher-not-found');
        if (await endVoucher(tx, id, now())) await recordAct(tx, 'voucher.ended', id, { code: voucher.code }, giver);
      }),
  };
};
