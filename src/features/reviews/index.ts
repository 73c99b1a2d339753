export { reviewPersonalData } from './personal-data.ts';
export { reviewRoutes, sellerReviewRoutes, staffReviewRoutes } from './routes.ts';
export { createReviews, type Reviews } from './service.ts';
