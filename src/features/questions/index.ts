export { questionPersonalData } from './personal-data.ts';
export { questionRoutes, sellerQuestionRoutes, staffQuestionRoutes } from './routes.ts';
export { createQuestions, type Questions } from './service.ts';
