import { Type } from '@fastify/type-provider-typebox';
import { filterQuery, ProductCardView } from '#features/products/index.ts';
import { PRODUCT_SORTS } from '#features/products/types.ts';
import { Count, CursorText, IdOf, Limit, Nullable, Text } from '#http/schema.ts';
import { ENGINE_NAMES } from './types.ts';

const QueryText = Type.String({
  maxLength: 200,
  default: '',
  description:
    'What is looked for, as people type it: with or without accents, with keystrokes left by a keyboard without its Vietnamese driver, in Khmer or English, unfinished, or with «không …» for what to leave out. Empty: everything, by the filters',
  examples: ['banh pia'],
});

export const SearchQuery = Type.Object({
  q: Type.Optional(QueryText),
  ...filterQuery,
  sort: Type.Optional(
    Type.Enum([...PRODUCT_SORTS], { description: 'Order; left out, the best match is first', examples: ['price'] }),
  ),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});
export const SuggestionQuery = Type.Object({ q: Type.Optional(QueryText) });

const counts = (description: string, example: string) =>
  Type.Record(Type.String({ maxLength: 200 }), Type.Integer({ minimum: 0 }), {
    description: `${description}: hits by value of the filter; the filter itself does not narrow its own counts`,
    examples: [{ [example]: 18 }],
  });

const Facets = Type.Object(
  {
    category: counts('Product sets', 'che-bien-tu-gao-ngu-coc'),
    stars: counts('OCOP stars', '4'),
    certificate: counts('Kinds of certificates beside the stars', 'vietgap'),
    ward: counts('Wards', '31569'),
    business: counts('Businesses', 'htx-hanh-tim-bai-giong'),
    partner: counts('Exchanges', 'own'),
    price: counts('Bands of price, `priceMin-priceMax`', '50000-99999'),
    inStock: counts('Whether it can be bought now', 'true'),
  },
  { title: 'Facets', description: 'How the hits divide' },
);

export const SearchAnswerView = Type.Object(
  {
    hits: Type.Array(ProductCardView, { description: 'Products, best match first', maxItems: 100 }),
    facets: Facets,
    total: Count('Hits in all', 20),
    nextCursor: Nullable(CursorText),
    engine: Type.Enum([...ENGINE_NAMES], { description: 'Who answered: `postgres` when Meilisearch is away or slow' }),
  },
  { title: 'SearchAnswer' },
);

export const SuggestionsView = Type.Object(
  {
    products: Type.Array(
      Type.Object({
        productId: IdOf('Product', 'The product'),
        slug: Text('Name in addresses', 300, 'banh-pia-sau-rieng-trung-muoi'),
        name: Text('Name', 300, 'Bánh pía sầu riêng trứng muối'),
        image: ProductCardView.properties.image,
      }),
      { description: 'Products that match', maxItems: 10 },
    ),
    businesses: Type.Array(
      Type.Object({
        businessId: IdOf('Business', 'The business'),
        slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
        name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
      }),
      { description: 'Businesses whose name matches', maxItems: 10 },
    ),
    categories: Type.Array(
      Type.Object({
        id: Type.Integer({ minimum: 1, maximum: 26, description: 'Number of the OCOP product set', examples: [6] }),
        slug: Text('Name in addresses', 100, 'che-bien-tu-gao-ngu-coc'),
        name: Text('Name', 200, 'Chế biến từ gạo, ngũ cốc'),
      }),
      { description: 'Product sets whose name matches', maxItems: 10 },
    ),
  },
  { title: 'Suggestions' },
);
