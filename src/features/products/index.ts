export type { SizeEdit } from './bulk.ts';
export type { Mirrored, MirroredListing, MirroredOffer } from './mirrors.ts';
export { pictureRoutes } from './picture-routes.ts';
export { createPictures } from './pictures.ts';
export { productRoutes } from './routes.ts';
export type { ProductDraft, VariantDraft } from './rules.ts';
export { filterQuery, ProductCardView } from './schemas.ts';
export { createProducts, type NewProduct, type Products } from './service.ts';
export type { ProductCard, VariantFacts } from './views.ts';
