export { reviewPersonalData } from './personal-data.ts';
export { reviewRoutes, sellerReviewRoutes, staffReviewRoutes } from './routes.ts';
export { heededFlags, shownName, stateFor } from './rules.ts';
export { createReviews, type Reviews } from './service.ts';
