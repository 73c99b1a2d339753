import { type Static, Type } from '@fastify/type-provider-typebox';
import { readCode } from '#core/ids.ts';
import type { Certificates } from '#features/certificates/index.ts';
import type { Guarded } from '#features/identity/index.ts';
import type { Orders } from '#features/orders/index.ts';
import type { ProductCard, Products } from '#features/products/index.ts';
import type { Search } from '#features/search/index.ts';

export type ToolDeps = {
  readonly publicUrl: string;
  readonly search: Pick<Search, 'search'>;
  readonly products: Pick<Products, 'getProduct'>;
  readonly certificates: Pick<Certificates, 'getCertificate'>;
  readonly orders: Pick<Orders, 'track'>;
  readonly guarded: Guarded;
};

/** Guesses of a code's phone number in a quarter of an hour, by code and by address: counted with those on the pages. */
const trackLimits = { code: 20, address: 120 } as const;

const SearchInput = Type.Object(
  {
    query: Type.String({
      maxLength: 200,
      description: 'As people type it: Vietnamese with or without accents, Khmer or English. Empty: all, newest first',
    }),
    category: Type.Optional(Type.String({ maxLength: 100, description: 'Slug of an OCOP product set' })),
    stars: Type.Optional(
      Type.Array(Type.Integer({ minimum: 3, maximum: 5 }), { maxItems: 3, description: 'OCOP stars in force' }),
    ),
    maxPriceVnd: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000_000, description: 'Whole đồng' })),
    inStock: Type.Optional(Type.Boolean({ description: 'Only what can be bought now' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 10 })),
  },
  { additionalProperties: false },
);
const ProductInput = Type.Object(
  { product: Type.String({ minLength: 1, maxLength: 300, description: 'Slug or id of a product' }) },
  { additionalProperties: false },
);
const CertificateInput = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 40, description: 'Code of the certificate, `ST` and ten characters' }),
  },
  { additionalProperties: false },
);
const TrackInput = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 40, description: 'Code of the order or of its group' }),
    phone: Type.String({ minLength: 1, maxLength: 20, description: 'The phone number that the order was placed with' }),
  },
  { additionalProperties: false },
);

const shortOf = (publicUrl: string) => (card: ProductCard) => ({
  productId: card.productId,
  slug: card.slug,
  name: card.name,
  nameEn: card.nameEn,
  business: card.business.name,
  ward: card.ward?.name ?? null,
  category: card.category.slug,
  star: card.star,
  variants: card.variants.map(({ label, priceVnd, available, sku }) => ({ label, priceVnd, available, sku })),
  url: `${publicUrl}/san-pham/${card.slug}`,
  ...(card.partner && { soldBy: card.partner.name, sellerUrl: card.partner.landingUrl }),
});

const tool = <T extends ReturnType<typeof Type.Object>>(
  name: string,
  title: string,
  description: string,
  input: T,
  run: (input: Static<T>, address: string) => Promise<object>,
) => ({ name, title, description, input, run: run as (input: unknown, address: string) => Promise<object> });
export type Tool = ReturnType<typeof tool>;

/** What a program that speaks MCP may ask. Nothing here changes anything; buying is a person's affair, on the pages. */
export const createTools = ({
  publicUrl,
  search,
  products,
  certificates,
  orders,
  guarded,
}: ToolDeps): readonly Tool[] => [
  tool(
    'search_products',
    'Search products',
    'Search the certified OCOP products of this province. Prices are whole đồng (VND), tax included.',
    SearchInput,
    async ({ query, category, stars, maxPriceVnd, inStock, limit = 10 }) => {
      const filters = {
        ...(category !== undefined && { category: [category] }),
        ...(stars && { stars }),
        ...(maxPriceVnd !== undefined && { priceMax: maxPriceVnd }),
        ...(inStock !== undefined && { inStock }),
      };
      const { hits, total } = await search.search({ q: query, filters, limit });
      return { total, products: hits.map(shortOf(publicUrl)) };
    },
  ),
  tool(
    'get_product',
    'One product',
    'Everything that the product page says: description, sizes with price and stock, certificates, producer.',
    ProductInput,
    async ({ product: name }) => {
      const product = await products.getProduct(name);
      const { descriptionVi, descriptionEn, ingredientsVi, allergens, storage, shelfLifeDays, netWeightG, gtin } =
        product;
      const facts = {
        descriptionVi,
        descriptionEn,
        ingredientsVi,
        allergens,
        storage,
        shelfLifeDays,
        netWeightG,
        gtin,
      };
      return { product: { ...shortOf(publicUrl)(product), ...facts, certificates: product.certificates } };
    },
  ),
  tool(
    'check_certificate',
    'Check a certificate',
    'Whether a certificate of the register is in force, of which product and by which decision.',
    CertificateInput,
    async ({ code }) => {
      const certificate = await certificates.getCertificate(code);
      return { certificate: { ...certificate, url: `${publicUrl}/chung-nhan/${certificate.code}` } };
    },
  ),
  tool(
    'track_order',
    'Track an order',
    'State, amounts and parcels of an order, for whoever has its code and its phone number. Names and addresses are left out.',
    TrackInput,
    async ({ code: typed, phone }, address) => {
      const code = readCode(typed);
      const keys = [
        [`track:${address}`, trackLimits.address],
        [`track:${code.slice(0, 14)}`, trackLimits.code],
      ] as const;
      const { delivery: _private, ...group } = await guarded(keys, () => orders.track(code, { phone }));
      return { group };
    },
  ),
];
