import { type Clock, localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Tx, transact, violatedConstraint } from '#db/client.ts';
import { transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Files } from '#features/files/index.ts';
import type { Upload } from '#features/files/types.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Codes } from '#features/orders/index.ts';
import { type ProductId, productProblems } from '#features/products/types.ts';
import { insertBatch, insertBatches, listLots, recallBatch } from './queries.ts';
import { checkBatch } from './rules.ts';
import { type BatchDraft, type BatchId, batchProblems } from './types.ts';
import { type BatchView, findBatch, findOwnBatch, findOwnProduct, listBatches } from './views.ts';

const refuse = refusals(batchProblems);
const refuseProduct = refusals(productProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly codes: Codes;
  readonly files: Files;
  readonly audit: Audit;
  readonly notices: Notices;
};
export type Batches = ReturnType<typeof createBatches>;
/** Who acts, and for which businesses; staff act for all of them. */
export type Keeper = { readonly actor: string; readonly address: string; readonly businessIds?: readonly BusinessId[] };
export type BatchRequest = Omit<BatchDraft, 'reportFileId'> & { readonly report?: Upload | undefined };

/** A product and the day, `YYYY-MM-DD`, on which some of it was made. */
export type MadeOn = { readonly productId: ProductId; readonly day: string };
/** As workshops number the lots of a day. */
const lotOf = ({ day }: MadeOn): string => day.replaceAll('-', '');

/** A member sees what is theirs; staff see all. */
const transactAs = <T>(db: Db, { actor, businessIds }: Keeper, work: (tx: Tx) => Promise<T>): Promise<T> =>
  businessIds ? transactAsSeller(db, { actor, businessIds }, work) : transact(db, actor, work);

export const createBatches = ({ db, now, codes, files, audit, notices }: Deps) => {
  const tellRecall = async (tx: Tx, batch: BatchView, reason: string, { actor, address }: Keeper): Promise<void> => {
    const { lot, code, product, business } = batch;
    await audit.record(tx, {
      action: 'batch.recalled',
      subject: { kind: 'batch', id: batch.batchId },
      after: { lot, code },
      reason,
      address,
    });
    await notices.tell(
      tx,
      ...[{ businessId: business.businessId }, { staffRole: 'moderator' as const }].map((to, index) => ({
        kind: 'batch.recalled',
        to,
        values: { product: product.name, lot, reason, by: actor.startsWith('account:') ? '' : actor },
        path: `/truy-xuat/${code}`,
        key: `batch-recall:${batch.batchId}:${index}`,
      })),
    );
  };

  return {
    /** By the code on a package. 404 when there is none. */
    getBatch: async (code: string): Promise<BatchView> => {
      const batch = await findBatch(db, code);
      if (!batch) throw refuse('batch-not-found');
      return batch;
    },
    listBatches: (productId: ProductId, limit = 50) => listBatches(db, productId, limit),
    listOwnBatches: async ({ businessIds = [] }: Keeper, productId: ProductId) => {
      if (!(await findOwnProduct(db, productId, businessIds))) throw refuseProduct('product-not-found');
      return await listBatches(db, productId, 100);
    },
    /** Registers a batch and gives it the code of its package. The report is kept before the transaction opens. */
    addBatch: async (keeper: Keeper, productId: ProductId, { report, ...request }: BatchRequest): Promise<string> => {
      const { actor, businessIds = [] } = keeper;
      const own = await findOwnProduct(db, productId, businessIds);
      if (!own) throw refuseProduct('product-not-found');
      const draft = checkBatch({ ...request, reportFileId: null }, localDate(now()));
      const kept = report && (await files.keep('document', report, { actor, businessId: own.businessId }));
      return transactAsSeller(db, { actor, businessIds }, async (tx) => {
        const [code = ''] = await codes.takeAll(tx, ['batch']);
        const row = { ...draft, id: newId<'Batch'>(), code, productId, createdAt: now() };
        await insertBatch(tx, { ...row, reportFileId: kept?.fileId ?? null }).catch((error: unknown) => {
          throw violatedConstraint(error) === 'batches_lot' ? refuse('lot-taken', { pointer: '/lot' }) : error;
        });
        return code;
      });
    },
    /** Registers a batch for each day of making of which there is none, in a transaction of the caller's. Its lot is the day. */
    addDays: async (tx: Tx, made: readonly MadeOn[]): Promise<void> => {
      const lots = await listLots(tx, [...new Set(made.map(({ productId }) => productId))]);
      const wanted = new Map(made.map((one) => [`${one.productId} ${lotOf(one)}`, one] as const));
      const fresh = [...wanted].flatMap(([key, one]) => (lots.has(key) ? [] : [one]));
      const taken = await codes.takeAll(
        tx,
        fresh.map(() => 'batch' as const),
      );
      const at = now();
      const rows = fresh.map((one, index) => ({
        id: newId<'Batch'>(),
        code: taken[index] ?? '',
        productId: one.productId,
        lot: lotOf(one),
        packedOn: one.day,
        createdAt: at,
      }));
      await insertBatches(tx, rows);
    },
    /** Says on the page of the package that the batch is not to be eaten or used. Nothing takes that back. */
    recall: (keeper: Keeper, id: BatchId, typed: string) => {
      const reason = clean(typed).slice(0, 1_000);
      if (reason === '') throw refuse('recall-reason-missing', { pointer: '/reason' });
      return transactAs(db, keeper, async (tx) => {
        const batch = await findOwnBatch(tx, id, keeper.businessIds);
        if (!batch) throw refuse('batch-not-found');
        if (!(await recallBatch(tx, id, reason, now()))) throw refuse('batch-recalled');
        await tellRecall(tx, batch, reason, keeper);
        return batch.code;
      });
    },
  };
};
