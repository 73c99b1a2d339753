import { localDate } from '#core/clock.ts';
import { newId, readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Tx, transact } from '#db/client.ts';
import type { Upload } from '#features/files/types.ts';
import { readPhone } from '#features/identity/index.ts';
import { piecesLeft, refundableOf, sumParts } from '#features/orders/index.ts';
import { orderProblems } from '#features/orders/types.ts';
import type { Deps } from './deps.ts';
import { callOfficer, lockAll, moveReturn, tell } from './moving.ts';
import { addPhoto, addReturnEvent, countPhotos, getPolicy, insertReturn, type ReturnRow } from './queries/returns.ts';
import { checkReturn, checkWords, dueAtOf, returnableOf, returnUntil, type WantedBack } from './rules/returns.ts';
import { type ReturnReason, returnProblems } from './types.ts';
import {
  findProvedOrder,
  findReturn,
  findReturnById,
  listDelivered,
  listReturnsOfOrder,
  type Proof,
  type ProvedOrder,
  type ReturnView,
} from './views/returns.ts';

const refuse = refusals({ ...returnProblems, ...orderProblems });

/** A shopper who wants something done: whose order it is shown by, and how they are called in logs. */
export type Shopper = {
  readonly actor: string;
  readonly phone?: string | undefined;
  readonly accountId?: Proof['accountId'];
};
export type ReturnRequest = {
  readonly lines: WantedBack;
  readonly reason: ReturnReason;
  readonly note?: string | undefined;
  readonly photos?: readonly Upload[];
};
/** While it is not decided for good, photos may still speak for it. */
const open = ['requested', 'refused', 'appealed'] as const;

const proofOf = ({ phone, accountId }: Shopper): Proof => ({
  accountId,
  ...(phone === undefined ? {} : { phone: readPhone(phone) ?? '-' }),
});

/** How an order and a return are found by whoever proves that they are theirs; 404 otherwise, as if there were none. */
const createFinding = ({ db }: Deps) => ({
  getProved: async (code: string, shopper: Shopper) => {
    const order = await findProvedOrder(db, readCode(code), proofOf(shopper));
    if (!order) throw refuse('tracking-mismatch');
    return order;
  },
  getOwn: async (code: string, shopper: Shopper): Promise<ReturnView> => {
    const known = await findReturn(db, readCode(code), { proof: proofOf(shopper) });
    if (!known) throw refuse('tracking-mismatch');
    return known;
  },
});

const createAsking = (deps: Deps) => {
  const { now, codes, files, orders } = deps;
  const keepPhotos = async (shopper: Shopper, photos: readonly Upload[]) => {
    const kept = [];
    // The exchange's own, not the business's: a photograph tells where it was taken, and members are offered what was sent as it is.
    for (const photo of photos) kept.push(await files.keep('picture', photo, { actor: shopper.actor }));
    return kept;
  };

  const insert = async (tx: Tx, order: ProvedOrder, request: ReturnRequest): Promise<ReturnRow> => {
    const at = now();
    await orders.forOthers.lockGroup(tx, order.groupId);
    const policy = await getPolicy(tx, localDate(order.createdAt));
    const chosen = checkReturn(await listDelivered(tx, order.id, policy), request.lines, request.reason, policy, at);
    const sums = new Map((await orders.forOthers.listLinesOf(tx, [order.id])).map((line) => [line.id, line]));
    const parts = chosen.flatMap(({ line, quantity }) => {
      const own = sums.get(line.lineId);
      return own ? [refundableOf(own, Math.min(quantity, piecesLeft(own)))] : [];
    });
    const [code = ''] = await codes.take(tx, 'return', 1);
    const row = {
      id: newId<'Return'>(),
      code,
      orderId: order.id,
      businessId: order.businessId,
      state: 'requested' as const,
      reason: request.reason,
      note: clean(request.note ?? '').slice(0, 2_000),
      policyFrom: policy.validFrom,
      dueAt: dueAtOf('requested', policy, at),
      escalatedAt: null,
      sellerNote: null,
      appealNote: null,
      officerNote: null,
      carrier: null,
      trackingNumber: null,
      restock: null,
      expectedVnd: sumParts(parts).paidVnd,
      refundVnd: null,
      createdAt: at,
      updatedAt: at,
    };
    await insertReturn(
      tx,
      row,
      chosen.map(({ line, quantity }) => ({ lineId: line.lineId, quantity })),
    );
    await addReturnEvent(tx, row.id, 'requested', null, at);
    return row;
  };

  return { keepPhotos, insert };
};

/** What a shopper does about a return that is under way. */
const createSteps = (deps: Deps) => {
  const { db, now } = deps;
  const { getOwn } = createFinding(deps);
  /** One step of the shopper's: found by proof, locked, done. */
  const step = async (
    code: string,
    shopper: Shopper,
    work: (tx: Tx, row: ReturnRow, known: ReturnView) => Promise<unknown>,
  ) => {
    const known = await getOwn(code, shopper);
    return transact(db, shopper.actor, async (tx) => {
      await work(tx, await lockAll(deps, tx, known), known);
    });
  };

  return {
    /** Turns to an officer against the seller's refusal. */
    appeal: async (code: string, shopper: Shopper, typed: string): Promise<void> => {
      const appealNote = checkWords(typed, '/note');
      await step(code, shopper, async (tx, row, known) => {
        await moveReturn(deps, tx, row, 'appealed', { appealNote, escalatedAt: now() }, appealNote);
        await callOfficer(deps, tx, known);
        await tell(deps, tx, 'return.appealed', known, 'seller');
        await tell(deps, tx, 'return.called', known, 'officers');
      });
    },
    withdraw: (code: string, shopper: Shopper): Promise<void> =>
      step(code, shopper, async (tx, row, known) => {
        await moveReturn(deps, tx, row, 'withdrawn');
        await deps.queues.settle(tx, { kind: 'return', id: row.id }, 'withdrawn');
        await tell(deps, tx, 'return.withdrawn', known, 'seller');
      }),
    sendBack: (
      code: string,
      shopper: Shopper,
      parcel: { readonly carrier: string; readonly trackingNumber: string },
    ): Promise<void> =>
      step(code, shopper, async (tx, row, known) => {
        const carrier = clean(parcel.carrier).slice(0, 100) || null;
        const trackingNumber = clean(parcel.trackingNumber).slice(0, 100) || null;
        await moveReturn(deps, tx, row, 'sent-back', { carrier, trackingNumber, escalatedAt: null });
        await tell(deps, tx, 'return.sent-back', known, 'seller');
      }),
  };
};

export const createReturning = (deps: Deps) => {
  const { db, now } = deps;
  const { getProved, getOwn } = createFinding(deps);
  const { keepPhotos, insert } = createAsking(deps);
  return {
    ...createSteps(deps),
    /** The order for whoever shows that it is theirs; 404 otherwise, as if there were none. */
    proveOrder: getProved,
    /** What of an order can be given back until when, and what was asked back already. 404 unless it is shown to be theirs. */
    lookUp: async (code: string, shopper: Shopper) => {
      const order = await getProved(code, shopper);
      const policy = await getPolicy(db, localDate(order.createdAt));
      const lines = await listDelivered(db, order.id, policy);
      return {
        order: { code: order.code, businessName: order.businessName },
        policy,
        returns: await listReturnsOfOrder(db, order.id),
        lines: lines.map((line) => ({ ...line, returnable: returnableOf(line), until: returnUntil(line, policy) })),
      };
    },
    /** The whole return for its shopper. */
    getReturn: getOwn,
    /** What the code alone opens: the state and its clock. */
    getReturnState: async (code: string) => {
      const known = await findReturn(db, readCode(code));
      if (!known) throw refuse('return-not-found');
      const { state, dueAt, escalatedAt, refundVnd, expectedVnd, orderCode, businessName, events, policyFrom } = known;
      return {
        code: known.code,
        state,
        dueAt,
        escalatedAt,
        refundVnd,
        expectedVnd,
        orderCode,
        businessName,
        events,
        policyFrom,
      };
    },
    /** `finish` runs last, in the same transaction. */
    requestReturn: async (
      code: string,
      shopper: Shopper,
      request: ReturnRequest,
      finish?: (tx: Tx, made: ReturnView) => Promise<void>,
    ): Promise<ReturnView> => {
      const order = await getProved(code, shopper);
      const { maxPhotos } = await getPolicy(db, localDate(order.createdAt));
      const photos = request.photos ?? [];
      if (photos.length > maxPhotos) throw refuse('return-photos-full', { maxPhotos, pointer: '/photos' });
      const kept = await keepPhotos(shopper, photos);
      return transact(db, shopper.actor, async (tx) => {
        const row = await insert(tx, order, request);
        for (const { fileId } of kept) await addPhoto(tx, row.id, fileId);
        const view = await findReturnById(tx, row.id);
        if (!view) throw new Error(`Return ${row.code} is gone`);
        await tell(deps, tx, 'return.requested', view, 'seller');
        await finish?.(tx, view);
        return view;
      });
    },
    addPhoto: async (code: string, shopper: Shopper, photo: Upload): Promise<void> => {
      const known = await getOwn(code, shopper);
      const { maxPhotos } = await getPolicy(db, known.policyFrom);
      const [kept] = await keepPhotos(shopper, [photo]);
      await transact(db, shopper.actor, async (tx) => {
        const row = await lockAll(deps, tx, known);
        if (!open.some((state) => state === row.state)) throw refuse('return-not-movable', { state: row.state });
        if ((await countPhotos(tx, row.id)) >= maxPhotos) throw refuse('return-photos-full', { maxPhotos });
        if (kept) await addPhoto(tx, row.id, kept.fileId);
        await addReturnEvent(tx, row.id, 'photo-added', null, now());
      });
    },
  };
};
