import { localDate } from '#core/clock.ts';
import { newId, readCode } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Upload } from '#features/files/types.ts';
import { readPhone } from '#features/identity/index.ts';
import type { Deps, Shopper } from './deps.ts';
import { escalate, tell } from './moving.ts';
import {
  addEvent,
  addMessage,
  type ComplaintRow,
  getRule,
  insertComplaint,
  listHolidays,
} from './queries/complaints.ts';
import { checkInTime, checkWish, checkWords, dueAtOf, refuse } from './rules/complaints.ts';
import type { ComplaintKind, ComplaintRule, ComplaintSubject, ComplaintWish } from './types.ts';
import {
  type ComplaintView,
  findBusiness,
  findComplaintById,
  findOpenOfOrder,
  findProduct,
  findProvedOrder,
  listOfOrder,
  type Proof,
} from './views/complaints.ts';

export type Filing = {
  /** The order's code, or the name in the address of the business or product. */
  readonly subject: ComplaintSubject;
  readonly about: string;
  readonly kind: ComplaintKind;
  readonly wish: ComplaintWish;
  readonly wishVnd?: Vnd | undefined;
  readonly text: string;
  readonly photos?: readonly Upload[];
};

export const proofOf = ({ phone, accountId }: Shopper): Proof => ({
  accountId,
  ...(phone === undefined || phone === '' ? {} : { phone: readPhone(phone) ?? '-' }),
});

/** Keeps photos as the exchange's own: they tell where they were taken, and members see only what was drawn anew from them. */
export async function keepPhotos(
  { files }: Deps,
  actor: string,
  photos: readonly Upload[],
  { maxPhotos }: ComplaintRule,
) {
  if (photos.length > maxPhotos) throw refuse('complaint-photos-full', { maxPhotos, pointer: '/photos' });
  const kept = [];
  for (const photo of photos) kept.push((await files.keep('picture', photo, { actor })).fileId);
  return kept;
}

type Target = Pick<ComplaintRow, 'businessId' | 'orderId' | 'productId' | 'phone' | 'accountId'> & {
  readonly groupId: NonNullable<ComplaintView['groupId']> | null;
};

const createFinding = ({ db, now }: Deps) => {
  const ofOrder = async (code: string, shopper: Shopper, rule: ComplaintRule): Promise<Target> => {
    const order = await findProvedOrder(db, readCode(code), proofOf(shopper));
    if (!order) throw refuse('complaint-not-proved');
    if (order.paymentStatus === 'unpaid') throw refuse('complaint-order-unpaid');
    checkInTime(order.createdAt, rule, now());
    const open = await findOpenOfOrder(db, order.id);
    if (open) throw refuse('complaint-open-already', { code: open });
    const { businessId, groupId, phone } = order;
    return { businessId, orderId: order.id, productId: null, groupId, phone, accountId: shopper.accountId ?? null };
  };
  /** Without an order nothing tells who complains but what they say, so a guest leaves a number to hear the answer. */
  const ofShop = async (subject: 'business' | 'product', slug: string, shopper: Shopper): Promise<Target> => {
    const found = subject === 'business' ? await findBusiness(db, slug) : await findProduct(db, slug);
    if (!found) throw refuse('complaint-subject-missing');
    const phone = shopper.phone ? readPhone(shopper.phone) : undefined;
    if (phone === undefined && (shopper.phone || !shopper.accountId))
      throw refuse('complaint-phone-invalid', { pointer: '/phone', errors: [{ pointer: '/phone' }] });
    const { businessId, productId } = found;
    return {
      businessId,
      productId,
      orderId: null,
      groupId: null,
      phone: phone ?? '',
      accountId: shopper.accountId ?? null,
    };
  };
  return { ofOrder, ofShop };
};

export const createFiling = (deps: Deps) => {
  const { db, now, codes, orders } = deps;
  const { ofOrder, ofShop } = createFinding(deps);

  const insert = async (tx: Tx, target: Target, filing: Filing, wishVnd: Vnd | null, rule: ComplaintRule) => {
    const at = now();
    if (target.groupId) await orders.forOthers.lockGroup(tx, target.groupId);
    const [code = ''] = await codes.take(tx, 'complaint', 1);
    const { groupId: _group, ...of } = target;
    const { subject, kind, wish } = filing;
    // Of what may make somebody ill an officer hears at once: the business owes no answer first.
    const answerBy = kind === 'unsafe' ? null : dueAtOf({ kind, state: 'open' }, rule, await listHolidays(tx), at);
    const row: ComplaintRow = {
      ...{
        id: newId<'Complaint'>(),
        code,
        subject,
        kind,
        wish,
        wishVnd,
        ...of,
        state: 'open',
        policyFrom: rule.validFrom,
      },
      ...{
        answerBy,
        answeredAt: null,
        dueAt: answerBy,
        escalatedAt: null,
        overdue: false,
        offerKind: null,
        offerVnd: null,
      },
      ...{ verdict: null, refundVnd: 0 as Vnd, warned: false, takedownId: null, reportedTo: null, decidedBy: null },
      ...{ endedAt: null, createdAt: at, updatedAt: at },
    };
    await insertComplaint(tx, row);
    await addEvent(tx, { complaintId: row.id, type: 'filed', fromState: 'none', toState: 'open', at });
    return row;
  };

  return {
    /** What an order has been complained of, for whoever shows that it is theirs, and until when it can be. */
    lookUpOrder: async (code: string, shopper: Shopper) => {
      const order = await findProvedOrder(db, readCode(code), proofOf(shopper));
      if (!order) throw refuse('complaint-not-proved');
      return { order, complaints: await listOfOrder(db, order.id) };
    },
    /** The business or product that an address names. */
    lookUpShop: async (subject: 'business' | 'product', slug: string) => {
      const found = subject === 'business' ? await findBusiness(db, slug) : await findProduct(db, slug);
      if (!found) throw refuse('complaint-subject-missing');
      return found;
    },
    /** `finish` runs last, in the same transaction. */
    fileComplaint: async (
      shopper: Shopper,
      filing: Filing,
      finish?: (tx: Tx, made: ComplaintView) => Promise<void>,
    ): Promise<ComplaintView> => {
      const { subject, about } = filing;
      const rule = await getRule(db, localDate(now()));
      const target = subject === 'order' ? await ofOrder(about, shopper, rule) : await ofShop(subject, about, shopper);
      const text = checkWords(filing.text, '/text');
      const wishVnd = checkWish(subject, filing.wish, filing.wishVnd);
      const photos = await keepPhotos(deps, shopper.actor, filing.photos ?? [], rule);
      return transact(db, shopper.actor, async (tx) => {
        const row = await insert(tx, target, filing, wishVnd, rule);
        await addMessage(tx, { complaintId: row.id, author: 'shopper', text, at: now() }, photos);
        const known = await findComplaintById(tx, row.id);
        if (!known) throw new Error(`Complaint ${row.code} is gone`);
        await tell(deps, tx, 'complaint.filed', known, 'seller', { until: row.answerBy?.toISOString() ?? '' });
        if (filing.kind === 'unsafe') await escalate(deps, tx, row, known, 'unsafe');
        const made = (await findComplaintById(tx, row.id)) ?? known;
        await finish?.(tx, made);
        return made;
      }).catch((error: unknown) => {
        // Two forms of the same order came at once.
        throw violatedConstraint(error) === 'complaints_open_order' ? refuse('complaint-open-already') : error;
      });
    },
  };
};
