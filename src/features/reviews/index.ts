export { reviewPersonalData } from './personal-data.ts';
export { reviewRoutes, sellerReviewRoutes, staffReviewRoutes } from './routes.ts';
export { createReviews } from './service.ts';
