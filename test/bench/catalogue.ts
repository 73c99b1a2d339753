import { vnd } from '#core/money.ts';
import { slugify } from '#core/vietnamese.ts';
import { transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { NewProduct, ProductDraft } from '#features/products/index.ts';
import { demoProducts } from '../../src/demo/catalogue.ts';
import type { Exchange } from './exchange.ts';

/** What sellers put behind the name of a good that a neighbour sells as well. */
const kinds = ['loại một', 'hộp quà', 'gói nhỏ', 'xuất khẩu', 'truyền thống', 'ít đường', 'vụ mới', 'đặc biệt'];

/** The `index`th variation of the demonstration: another seller's, at another price, under a name of its own. */
function variationOf(draft: ProductDraft, index: number): ProductDraft {
  const nameVi = `${draft.nameVi} ${kinds[index % kinds.length] ?? ''} số ${index}`;
  const sku = `BENCH-${index}`;
  const factor = 0.7 + ((index * 7919) % 600) / 1_000;
  return {
    ...draft,
    sku,
    slug: `${slugify(draft.nameVi)}-${index}`,
    nameVi,
    nameEn: `${draft.nameEn} no. ${index}`,
    gtin: undefined,
    minOrder: 1,
    maxOrder: 1_000,
    variants: draft.variants.map((variant, position) => ({
      ...variant,
      sku: `${sku}-${position}`,
      priceVnd: vnd(Math.max(1_000, Math.round((variant.priceVnd * factor) / 1_000) * 1_000)),
      compareAtVnd: undefined,
      // So many that no round of checkouts runs out of them.
      onHand: 1_000_000,
    })),
  };
}

async function businessIds({ query }: Exchange): Promise<BusinessId[]> {
  const rows = await query<{ id: BusinessId }>(
    "select id from businesses where partner_key is null and status = 'approved' order by code",
  );
  return rows.map(({ id }) => id);
}

/** `count` products that are not there yet, the first numbered `from`, spread over all businesses. */
export async function makeProducts(exchange: Exchange, count: number, from = 0): Promise<NewProduct[]> {
  const drafts = demoProducts().map(({ draft }) => draft);
  const ids = await businessIds(exchange);
  return Array.from({ length: count }, (_, index) => {
    const draft = drafts[index % drafts.length];
    const businessId = ids[(index * 31) % ids.length];
    if (!draft || !businessId) throw new Error('The demonstration is empty');
    return { businessId, draft: variationOf(draft, from + index) };
  });
}

/** An importer's file is worked off in pieces, so that one bad piece does not undo the others. */
const pieceSize = 1_000;

/** Lists the products by the service that sellers use. */
export async function addProducts({ services }: Exchange, additions: readonly NewProduct[]): Promise<void> {
  for (let from = 0; from < additions.length; from += pieceSize) {
    await transact(services.db, 'bench', (tx) =>
      services.products.addProducts(tx, additions.slice(from, from + pieceSize)),
    );
  }
}

/** The drawings count as encoded from here on: a job that makes pictures for minutes would share the machine with us. */
export async function skipPictures({ query }: Exchange): Promise<void> {
  await query(
    `update pictures set renditions = '[{"format":"webp","width":640,"key":"none"}]' where renditions = '[]'`,
  );
}
