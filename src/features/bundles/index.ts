export { bundleRoutes, staffBundleRoutes } from './routes.ts';
export { type Bundles, createBundles } from './service.ts';
