import type { FileId } from '#features/files/types.ts';
import type { ProductId } from '#features/products/types.ts';
import { createAnswering } from './answering.ts';
import { createDeciding } from './deciding.ts';
import type { Deps } from './deps.ts';
import { findRating } from './queries.ts';
import { isPublished, listReviews, type ReviewScope } from './views.ts';
import { createWriting } from './writing.ts';

export type Reviews = ReturnType<typeof createReviews>;

/** What buyers say of what was delivered, what sellers answer, and what officers show of it. */
export const createReviews = (deps: Deps) => ({
  ...createWriting(deps),
  ...createAnswering(deps),
  ...createDeciding(deps),
  /** What everybody reads of a product, with the figure of all. */
  listOfProduct: async (productId: ProductId, page: Pick<ReviewScope, 'limit' | 'cursor' | 'sort'>) => ({
    ...(await listReviews(deps.db, { ...page, productId, state: 'published' })),
    rating: await findRating(deps.db, productId),
  }),
  /** A photo of a review that is shown; undefined for any other file. */
  showPhoto: async (fileId: FileId, width: number, accept: string) =>
    (await isPublished(deps.db, fileId)) ? deps.files.showPublished(fileId, width, accept) : undefined,
});
