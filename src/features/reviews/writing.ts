import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import type { ProvedOrder, Shopper } from '#features/care/index.ts';
import type { FileId, Upload } from '#features/files/types.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import { callOfficer, type Deps, followRating, marksOf, subjectOf, tellSeller } from './deps.ts';
import {
  addPhotos,
  countPhotos,
  dropPhotos,
  insertReview,
  keepVersion,
  lockReviewOf,
  type ReviewRow,
  saveReview,
} from './queries.ts';
import { checkEditable, checkSaid, detailOf, isEditable, maxPhotos, type Said, shownName, stateFor } from './rules.ts';
import { type ReviewId, reviewProblems } from './types.ts';
import { type Bought, findReview, isOfBusiness, listBought, listReviewsOfOrder, nameOfBuyer } from './views.ts';

const refuse = refusals(reviewProblems);

/** What a buyer sends: the points, what there is to say, photos to add, photos to take away, and whether to be named. */
export type Written = Said & {
  readonly named: boolean;
  readonly photos?: readonly Upload[];
  readonly withoutPhotos?: readonly FileId[];
};
type Found = { readonly order: ProvedOrder; readonly bought: Bought };
const full = () => refuse('review-photos-full', { maxPhotos, pointer: '/photos', errors: [{ pointer: '/photos' }] });

/** What of an order arrived and who may speak of it. */
const createFinding = ({ db, care }: Deps) => ({
  /** The product of an order, by one of its variants or itself, if it arrived and is not of the buyer's own business. */
  getDelivered: async (code: string, shopper: Shopper, what: VariantId | ProductId): Promise<Found> => {
    const order = await care.proveOrder(code, shopper);
    const bought = (await listBought(db, order.id)).find(
      ({ productId, variantIds }) => productId === what || variantIds.some((id) => id === what),
    );
    if (!bought || bought.delivered === 0) throw refuse('review-before-delivery');
    const { businessId, phone } = order;
    if (await isOfBusiness(db, businessId, { phone, accountId: shopper.accountId }))
      throw refuse('review-own-business');
    return { order, bought };
  },
});

const createSaving = (deps: Deps) => {
  const { queues, now } = deps;
  const add = async (tx: Tx, { order, bought }: Found, { said, named }: { said: Said; named: boolean }) => {
    const flags = marksOf(deps, said.text);
    const row = {
      id: newId<'Review'>(),
      orderId: order.id,
      productId: bought.productId,
      businessId: order.businessId,
      ...said,
      flags,
      state: stateFor(flags),
      shownName: named ? shownName(await nameOfBuyer(tx, order.id)) : '',
      detail: 0,
      createdAt: now(),
    };
    return (await insertReview(tx, row)) ? lockReviewOf(tx, order.id, bought.productId) : undefined;
  };
  const change = async (
    tx: Tx,
    { order }: Found,
    before: ReviewRow,
    { said, named }: { said: Said; named: boolean },
  ) => {
    const at = now();
    checkEditable(before.createdAt, at);
    if (before.points !== said.points || before.text !== said.text) await keepVersion(tx, before, 'review', at);
    const flags = marksOf(deps, said.text);
    const name = named ? shownName(await nameOfBuyer(tx, order.id)) : '';
    const saved = { ...said, flags, state: stateFor(flags, before.state), reason: null, shownName: name, editedAt: at };
    await saveReview(tx, before.id, saved);
    return { ...before, ...saved };
  };
  /** What is marked goes to the officers; what waited and is not marked any more waits no longer. */
  const place = async (tx: Tx, row: ReviewRow, { bought }: Found) => {
    if (!(await callOfficer(deps, tx, row, bought.name))) await queues.settle(tx, subjectOf(row.id), 'withdrawn');
    if (row.state === 'published') await tellSeller(deps, tx, row, bought.name);
    await followRating(deps, tx, row.productId);
  };
  return async (tx: Tx, found: Found, written: { said: Said; named: boolean }): Promise<ReviewRow> => {
    const { order, bought } = found;
    const before = await lockReviewOf(tx, order.id, bought.productId);
    const row = before
      ? await change(tx, found, before, written)
      : // Two tabs at the same instant: the second changes what the first wrote.
        ((await add(tx, found, written)) ?? (await lockReviewOf(tx, order.id, bought.productId)));
    if (!row) throw new Error(`The review of ${bought.name} is gone`);
    await place(tx, row, found);
    return row;
  };
};

/** What buyers say, for whoever shows that the order is theirs. */
export const createWriting = (deps: Deps) => {
  const { db, now, care, files } = deps;
  const { getDelivered } = createFinding(deps);
  const save = createSaving(deps);
  const keepPhotos = async (shopper: Shopper, photos: readonly Upload[]): Promise<FileId[]> => {
    if (photos.length > maxPhotos) throw full();
    const kept: FileId[] = [];
    // The exchange's own, not the business's: a photograph tells where it was taken.
    for (const photo of photos) kept.push((await files.keep('picture', photo, { actor: shopper.actor })).fileId);
    return kept;
  };
  const changePhotos = async (tx: Tx, id: ReviewId, text: string, add: FileId[], drop: readonly FileId[]) => {
    await dropPhotos(tx, id, drop);
    await addPhotos(tx, id, add);
    const count = await countPhotos(tx, id);
    if (count > maxPhotos) throw full();
    await saveReview(tx, id, { detail: detailOf(text, count) });
  };
  return {
    /** What of an order arrived, with what was said of it and whether it can still be said otherwise. 404 unless it is theirs. */
    lookUp: async (code: string, shopper: Shopper) => {
      const order = await care.proveOrder(code, shopper);
      const said = await listReviewsOfOrder(db, order.id);
      const goods = (await listBought(db, order.id)).map((one) => {
        const own = said.find(({ productId }) => productId === one.productId);
        const open = one.delivered > 0 && (!own || isEditable(own.createdAt, now()));
        return { ...one, own, open };
      });
      return {
        code: order.code,
        businessName: order.businessName,
        name: shownName(await nameOfBuyer(db, order.id)),
        goods,
      };
    },
    /** Says something of a product that arrived, or something else within thirty days. */
    review: async (code: string, shopper: Shopper, what: VariantId | ProductId, written: Written) => {
      const said = checkSaid(written);
      const found = await getDelivered(code, shopper, what);
      const kept = await keepPhotos(shopper, written.photos ?? []);
      return transact(db, shopper.actor, async (tx) => {
        const row = await save(tx, found, { said, named: written.named });
        await changePhotos(tx, row.id, said.text, kept, written.withoutPhotos ?? []);
        const view = await findReview(tx, row.id);
        if (!view) throw new Error(`Review ${row.id} is gone`);
        return view;
      });
    },
    /** Adds one photo to a review that was written, as programs do. */
    addPhoto: async (code: string, shopper: Shopper, id: ReviewId, photo: Upload): Promise<void> => {
      const order = await care.proveOrder(code, shopper);
      const own = (await listReviewsOfOrder(db, order.id)).find(({ reviewId }) => reviewId === id);
      if (!own) throw refuse('review-not-found');
      checkEditable(own.createdAt, now());
      const kept = await keepPhotos(shopper, [photo]);
      await transact(db, shopper.actor, async (tx) => {
        const row = await lockReviewOf(tx, order.id, own.productId);
        if (row) await changePhotos(tx, row.id, row.text, kept, []);
      });
    },
  };
};
