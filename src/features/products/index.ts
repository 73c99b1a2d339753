export type { MirroredListing, MirroredOffer } from './mirrors.ts';
export { productRoutes } from './routes.ts';
export type { ProductDraft, VariantDraft } from './rules.ts';
export { filterQuery, ProductCardView } from './schemas.ts';
export { createProducts, type ListRequest, type NewProduct, type Products } from './service.ts';
export type { ProductCard, ProductDetail, VariantFacts, VariantView } from './views.ts';
