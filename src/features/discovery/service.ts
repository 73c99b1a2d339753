import type { Db } from '#db/client.ts';
import type { Products } from '#features/products/index.ts';
import type { Site } from '#web/view.ts';
import { createSharePictures, type SharePictureDeps } from './share-pictures.ts';
import { indexOf, sitemapOf, standingPages } from './sitemaps.ts';
import { llmsOf, robotsOf, rssOf } from './texts.ts';
import { countProductPages, listNewest, listPlacePages, listProductPages } from './views.ts';

/** Three languages each, with their pictures: some five megabytes, of the fifty that a sitemap may have. */
const productsPerFile = 2_000;
const newest = 30;

type Deps = SharePictureDeps & {
  readonly db: Db;
  readonly site: Site;
  readonly products: Pick<Products, 'listCategories'>;
};
export type Discovery = ReturnType<typeof createDiscovery>;

/** What those who look for goods elsewhere are told: search engines, readers of news, programs that read text. */
export const createDiscovery = (deps: Deps) => {
  const { db, site, products } = deps;
  const { publicUrl } = site;
  return {
    pictures: createSharePictures(deps),
    robots: (): string => robotsOf(site),
    llms: async (): Promise<string> => llmsOf(site, await products.listCategories()),
    newProducts: async (): Promise<string> => rssOf(publicUrl, await listNewest(db, newest)),
    sitemapIndex: async (): Promise<string> => {
      const files = Math.ceil((await countProductPages(db)) / productsPerFile);
      const names = Array.from({ length: files }, (_none, index) => `products-${index + 1}`);
      return indexOf(publicUrl, ['pages', 'places', ...names]);
    },
    /** Undefined for a name that the index does not give. */
    sitemap: async (name: string): Promise<string | undefined> => {
      if (name === 'pages') return sitemapOf(publicUrl, standingPages);
      if (name === 'places') return sitemapOf(publicUrl, await listPlacePages(db));
      const file = Number(/^products-([1-9]\d{0,3})$/.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(file)) return undefined;
      const pages = await listProductPages(db, (file - 1) * productsPerFile, productsPerFile);
      return pages.length > 0 ? sitemapOf(publicUrl, pages) : undefined;
    },
  };
};
