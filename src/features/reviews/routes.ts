import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { maxPhotoBytes, proofKeys, shopperOf } from '#features/care/index.ts';
import { fileProblems } from '#features/files/types.ts';
import type { Guarded } from '#features/identity/index.ts';
import { identityProblems } from '#features/identity/types.ts';
import { orderProblems } from '#features/orders/types.ts';
import type { Products } from '#features/products/index.ts';
import { productProblems } from '#features/products/types.ts';
import { queueProblems } from '#features/queues/types.ts';
import { byOf, ownBusinesses, type Role } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  FlagBody,
  OwnReviewParams,
  PageQuery,
  ProductReviewQuery,
  ProductReviews,
  ReplyBody,
  ReviewBody,
  ReviewDocument,
  ReviewList,
  ReviewOrderParams,
  ReviewParams,
  ReviewPhotoBody,
  ReviewProductParams,
  StaffReviewQuery,
  VerdictBody,
} from './schemas.ts';
import type { Reviews } from './service.ts';
import { reviewProblems } from './types.ts';
import type { ReviewView } from './views.ts';

type Deps = { readonly reviews: Reviews; readonly guarded: Guarded; readonly products: Pick<Products, 'getProduct'> };
type DeskDeps = { readonly reviews: Reviews };
const problems = {
  ...orderProblems,
  ...identityProblems,
  ...fileProblems,
  ...productProblems,
  ...queueProblems,
  ...reviewProblems,
};
const done = { 204: Type.Null({ description: 'Done' }) } as const;
/** Who speaks for the business in public. */
export const replyRoles: readonly Role[] = ['owner', 'manager'];
export const reviewOfficers: readonly Role[] = ['moderator'];

const toShown = (view: ReviewView) => ({
  reviewId: view.reviewId,
  points: view.points,
  text: view.text,
  name: view.shownName,
  photos: view.photos.map((fileId) => `/danh-gia/anh/${fileId}/640`),
  cameBack: view.cameBack,
  reply: view.replyState === 'published' ? view.reply : null,
  createdAt: view.createdAt.toISOString(),
  editedAt: view.editedAt?.toISOString() ?? null,
});
const toDocument = (view: ReviewView) => ({
  ...toShown(view),
  reply: view.reply,
  state: view.state,
  reason: view.reason,
  replyState: view.replyState,
  flagReason: view.flagReason,
  flagAnsweredAt: view.flagAnsweredAt?.toISOString() ?? null,
  product: { productId: view.productId, name: view.productName },
});
/** For the buyer: what the seller told the officers is not theirs, nor a reply that nobody reads. */
const toOwn = (view: ReviewView) => ({ ...toDocument(view), ...toShown(view), flagReason: null, flagAnsweredAt: null });

const photoRoute: FastifyPluginAsyncTypebox<Deps> = async (app, { reviews, guarded }) => {
  app.post(
    '/orders/:code/reviews/:reviewId/photos',
    {
      config: { access: 'public', upload: { maxBytes: maxPhotoBytes } },
      schema: {
        operationId: 'addReviewPhoto',
        tags: ['orders'],
        summary: 'Add a photo to a review',
        description: 'Shown to everybody without what the camera wrote into it. Four at the most.',
        params: OwnReviewParams,
        body: ReviewPhotoBody,
        response: {
          ...done,
          ...refuses(
            problems,
            'tracking-mismatch',
            'too-many-attempts',
            'review-not-found',
            'review-closed',
            'review-photos-full',
            'file-too-large',
            'file-type-refused',
            'file-empty',
            'file-incomplete',
            'picture-animated',
            'picture-dimensions',
            'storage-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { code, reviewId } = request.params;
      const { phone, photo } = request.body;
      await guarded(proofKeys(request, code), () => reviews.addPhoto(code, shopperOf(request, phone), reviewId, photo));
      return reply.code(204).send(null);
    },
  );
};

export const reviewRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { reviews, guarded, products }) => {
  app.get(
    '/products/:productId/reviews',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listProductReviews',
        tags: ['catalogue'],
        summary: 'What buyers say of a product',
        description: 'By buyers of this exchange to whom it was delivered, with the figure of all of them.',
        params: ReviewProductParams,
        querystring: ProductReviewQuery,
        response: { 200: ProductReviews, ...refuses(problems, 'product-not-found', 'product-withdrawn') },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, sort } = request.query;
      const { productId } = await products.getProduct(request.params.productId);
      const page = await reviews.listOfProduct(productId, { limit, sort, cursor: readCursor(cursor) });
      const { rating, nextCursor } = page;
      return pageOf(request, reply, nextCursor)
        .header('cache-control', 'no-cache')
        .send({
          rating: { ...rating, distribution: [...rating.distribution] },
          items: page.items.map(toShown),
          nextCursor,
        });
    },
  );
  app.post(
    '/orders/:code/reviews',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'writeReview',
        tags: ['orders'],
        summary: 'Say something of what was delivered',
        description:
          'One review an order and product; the same again within thirty days changes it. What the word filter marks waits for an officer (`state` is `waiting`) before it is shown.',
        params: ReviewOrderParams,
        body: ReviewBody,
        response: {
          200: ReviewDocument,
          ...refuses(
            problems,
            'tracking-mismatch',
            'too-many-attempts',
            'review-before-delivery',
            'review-own-business',
            'review-closed',
          ),
        },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, variantId, points, text = '', named = true } = request.body;
      const made = await guarded(proofKeys(request, code), () =>
        reviews.review(code, shopperOf(request, phone), variantId, { points, text, named }),
      );
      return reply.header('cache-control', 'no-store').send(toOwn(made));
    },
  );
  await app.register(photoRoute, { reviews, guarded, products });
};

export const sellerReviewRoutes: FastifyPluginAsyncTypebox<DeskDeps> = async (app, { reviews }) => {
  app.get(
    '/seller/reviews',
    {
      config: { access: 'seller' },
      schema: {
        operationId: 'listSellerReviews',
        tags: ['seller'],
        summary: 'What buyers say of my goods',
        description: 'Newest first, as everybody reads it.',
        querystring: PageQuery,
        response: { 200: ReviewList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const page = await reviews.listOwn(ownBusinesses(request), { limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toDocument), nextCursor: page.nextCursor });
    },
  );
  app.put(
    '/seller/reviews/:reviewId/reply',
    {
      config: { access: 'seller', roles: replyRoles },
      schema: {
        operationId: 'replyToReview',
        tags: ['seller'],
        summary: 'Answer a review',
        description:
          'One answer, for everybody to read below it; put again, it is said otherwise, and what it said before is kept. What the word filter marks waits for an officer.',
        params: ReviewParams,
        body: ReplyBody,
        response: { ...done, ...refuses(problems, 'review-not-found', 'review-words-missing') },
      },
    },
    async (request, reply) => {
      const who = { ...byOf(request), businessIds: ownBusinesses(request) };
      await reviews.reply(who, request.params.reviewId, request.body.text);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/seller/reviews/:reviewId/flag',
    {
      config: { access: 'seller', roles: replyRoles },
      schema: {
        operationId: 'flagReview',
        tags: ['seller'],
        summary: 'Ask an officer to look at a review',
        description: 'Once. It stays shown until an officer has decided.',
        params: ReviewParams,
        body: FlagBody,
        response: { ...done, ...refuses(problems, 'review-not-found', 'review-words-missing', 'review-flagged') },
      },
    },
    async (request, reply) => {
      const who = { ...byOf(request), businessIds: ownBusinesses(request) };
      await reviews.flag(who, request.params.reviewId, request.body.reason);
      return reply.code(204).send(null);
    },
  );
};

export const staffReviewRoutes: FastifyPluginAsyncTypebox<DeskDeps> = async (app, { reviews }) => {
  app.get(
    '/staff/reviews',
    {
      config: { access: 'staff', roles: reviewOfficers },
      schema: {
        operationId: 'listReviews',
        tags: ['staff'],
        summary: 'Reviews of all goods',
        description: 'Newest first, with those that wait and those that are hidden.',
        querystring: StaffReviewQuery,
        response: { 200: ReviewList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...scope } = request.query;
      const page = await reviews.listAll({ ...scope, limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toDocument), nextCursor: page.nextCursor });
    },
  );
  app.post(
    '/staff/reviews/:reviewId/verdict',
    {
      config: { access: 'staff', roles: reviewOfficers },
      schema: {
        operationId: 'decideReview',
        tags: ['staff'],
        summary: 'Show or hide a review or its reply',
        description:
          'What the filter marked or a seller flagged, or what is shown and should not be. To hide needs a reason, which whoever wrote it is told.',
        params: ReviewParams,
        body: VerdictBody,
        response: {
          ...done,
          ...refuses(problems, 'review-not-found', 'review-settled', 'review-words-missing', 'item-claimed'),
        },
      },
    },
    async (request, reply) => {
      const { verdict, reason = '' } = request.body;
      await reviews.decide(byOf(request), request.params.reviewId, { verdict, reason });
      return reply.code(204).send(null);
    },
  );
};
