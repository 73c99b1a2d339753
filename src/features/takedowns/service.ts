import type { Clock } from '#core/clock.ts';
import type { Cursor } from '#core/cursor.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Products } from '#features/products/index.ts';
import { type ProductId, productProblems } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';
import { insertTakedown, lockTakedown, saveTakedown, type TakedownRow } from './queries.ts';
import { checkDecision, checkRequest, dueAtOf } from './rules.ts';
import { type TakedownId, type TakedownRequest, takedownProblems } from './types.ts';
import { findTakedown, listTakedowns } from './views.ts';

const refuse = refusals(takedownProblems);
const refuseProduct = refusals(productProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly queues: Queues;
  readonly products: Pick<Products, 'lockLive' | 'setState'>;
};
export type Takedowns = ReturnType<typeof createTakedowns>;
export type Clerk = { readonly actor: string; readonly address: string };

const subjectOf = (id: TakedownId) => ({ kind: 'takedown', id }) as const;

/** What every step of a takedown needs: its rows under lock, and who is told. */
const createSteps = ({ audit, notices, products }: Deps) => {
  const getLive = async (tx: Tx, id: ProductId) => {
    const live = await products.lockLive(tx, id);
    if (!live) throw refuseProduct('product-not-found');
    return live;
  };
  type Live = Awaited<ReturnType<typeof getLive>>;

  const lockIn = async (tx: Tx, id: TakedownId, status: TakedownRow['status']): Promise<TakedownRow> => {
    const takedown = await lockTakedown(tx, id);
    if (!takedown) throw refuse('takedown-not-found');
    if (takedown.status !== status) throw refuse('takedown-settled', { status: takedown.status });
    return takedown;
  };

  /** Told to the business with the paper's number; the reason is the authority's to give to others. */
  const tell = (tx: Tx, kind: string, row: TakedownRow, { businessId, fields }: Live): Promise<void> =>
    notices.tell(tx, {
      kind,
      to: { businessId },
      values: {
        product: fields.nameVi,
        number: row.requestNumber,
        authority: row.authority,
        reason: row.reason,
        decision: row.decision ?? '',
      },
      path: `/ban-hang/san-pham/${row.productId}`,
      key: `${kind}:${row.id}`,
    });
  const record = (tx: Tx, action: string, row: TakedownRow, { address }: Clerk, reason?: string): Promise<void> =>
    audit.record(tx, {
      action,
      subject: subjectOf(row.id),
      after: { productId: row.productId, requestNumber: row.requestNumber, authority: row.authority },
      reason: reason ?? row.reason,
      address,
    });
  return { getLive, lockIn, tell, record };
};

/** Products that an authority wants gone: recorded, taken down within a day, kept, and brought back by a decision. */
export const createTakedowns = (deps: Deps) => {
  const { db, now, queues, products } = deps;
  const { getLive, lockIn, tell, record } = createSteps(deps);
  const requestIn = async (tx: Tx, clerk: Clerk, productId: ProductId, asked: TakedownRequest): Promise<TakedownId> => {
    const request = checkRequest(asked, now());
    const live = await getLive(tx, productId);
    const id = newId<'Takedown'>();
    const dueAt = dueAtOf(request.receivedAt);
    const row = { ...request, id, productId, dueAt, status: 'open' as const, recordedAt: now() };
    await insertTakedown(tx, row).catch((error: unknown) => {
      throw violatedConstraint(error) === 'takedowns_open' ? refuse('takedown-already-requested') : error;
    });
    await queues.put(tx, {
      queue: 'takedowns',
      subject: subjectOf(id),
      title: live.fields.nameVi,
      path: `/quan-tri/go-bo/${id}`,
      businessId: live.businessId,
      dueAt,
      facts: { number: request.requestNumber, authority: request.authority },
    });
    const kept = await lockTakedown(tx, id);
    if (kept) await record(tx, 'takedown.requested', kept, clerk);
    return id;
  };
  return {
    listTakedowns: (limit: number, cursor?: Cursor) => listTakedowns(db, limit, cursor),
    getTakedown: async (id: TakedownId) => {
      const takedown = await findTakedown(db, id);
      if (!takedown) throw refuse('takedown-not-found');
      return takedown;
    },
    /** Writes a request down; its 24 hours run from when it was received, not from when somebody typed it. */
    request: (clerk: Clerk, productId: ProductId, asked: TakedownRequest): Promise<TakedownId> =>
      transact(db, clerk.actor, (tx) => requestIn(tx, clerk, productId, asked)),
    /** The same in a transaction of whoever came upon the reason. */
    requestIn,
    /** Takes the product out of lists, search and partners' copies, in one transaction. Nothing of it is deleted. */
    takeDown: (clerk: Clerk, id: TakedownId) =>
      transact(db, clerk.actor, async (tx) => {
        const row = await lockIn(tx, id, 'open');
        const live = await getLive(tx, row.productId);
        await products.setState(tx, row.productId, 'taken-down');
        const down = { status: 'down' as const, stateBefore: live.status, downAt: now() };
        await saveTakedown(tx, id, down);
        await queues.settle(tx, subjectOf(id), 'done');
        await record(tx, 'takedown.executed', { ...row, ...down }, clerk);
        await tell(tx, 'takedown.done', row, live);
      }),
    /** Puts a request aside that was none: the wrong product, the wrong exchange, called back. */
    decline: (clerk: Clerk, id: TakedownId, why: string) => {
      const decision = checkDecision(why);
      return transact(db, clerk.actor, async (tx) => {
        const row = await lockIn(tx, id, 'open');
        await saveTakedown(tx, id, { status: 'declined', endedAt: now(), decision });
        await queues.settle(tx, subjectOf(id), 'rejected');
        await record(tx, 'takedown.declined', row, clerk, decision);
      });
    },
    /** Gives the product the state that it had, on the paper that says so. */
    restore: (clerk: Clerk, id: TakedownId, typed: string) => {
      const decision = checkDecision(typed);
      return transact(db, clerk.actor, async (tx) => {
        const row = await lockIn(tx, id, 'down');
        const live = await getLive(tx, row.productId);
        await products.setState(tx, row.productId, row.stateBefore ?? 'withdrawn');
        await saveTakedown(tx, id, { status: 'restored', endedAt: now(), decision });
        await record(tx, 'takedown.restored', row, clerk, decision);
        await tell(tx, 'takedown.restored', { ...row, decision }, live);
      });
    },
  };
};
