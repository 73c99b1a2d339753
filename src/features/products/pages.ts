import type { FastifyPluginAsync } from 'fastify';
import '#http/access.ts';
import type { Clock } from '#core/clock.ts';
import { decodeCursor } from '#core/cursor.ts';
import type { BusinessCard, Businesses } from '#features/businesses/index.ts';
import type { Places } from '#features/places/index.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { illustrationPath } from '#web/illustrations.ts';
import { layout } from '#web/layout.ts';
import { page } from '#web/page.ts';
import { empty } from '#web/parts/empty.ts';
import { icon } from '#web/parts/icon.ts';
import { pager } from '#web/parts/pager.ts';
import { type CardProduct, productGrid } from '#web/parts/product-card.ts';
import type { Site, View } from '#web/view.ts';
import { categoryName, picture } from './page-parts.ts';
import { productPage } from './product-page.ts';
import type { Products } from './service.ts';
import { PRODUCT_SORTS, type ProductSort } from './types.ts';
import type { ProductCard } from './views.ts';

type Deps = {
  readonly site: Site;
  readonly products: Products;
  readonly businesses: Businesses;
  readonly places: Places;
  readonly now: Clock;
};
