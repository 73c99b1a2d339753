import { Type } from '@fastify/type-provider-typebox';
import { NAMED_KINDS } from '#features/certificates/types.ts';
import { Count, CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import { PRODUCT_SORTS } from './types.ts';

const Star = Nullable(
  Type.Integer({ minimum: 3, maximum: 5, description: 'OCOP stars by a verified decision in force', examples: [4] }),
);
const names = (description: string, example: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      description: `${description}; repeat the parameter for more than one`,
      maxItems: 50,
      examples: [[example]],
    }),
  );

/** The filters that lists and search share. */
export const filterQuery = {
  category: names('Product set, by slug or number', 'banh-keo'),
  stars: Type.Optional(
    Type.Array(Type.Integer({ minimum: 3, maximum: 5 }), {
      description: 'OCOP stars',
      maxItems: 3,
      examples: [[4, 5]],
    }),
  ),
  certificate: Type.Optional(
    Type.Array(Type.Enum([...NAMED_KINDS]), {
      description: 'Kinds of certificates in force, beside the stars of OCOP',
      maxItems: 4,
      examples: [['vietgap']],
    }),
  ),
  business: names('Business, by slug or id', 'htx-hanh-tim-bai-giong'),
  ward: names('Ward code of the business', '31795'),
  partner: names('Partner exchange by key; `own` for this one', 'own'),
  priceMin: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10_000_000_000, description: 'Lowest price in đồng', examples: [50_000] }),
  ),
  priceMax: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10_000_000_000, description: 'Highest price in đồng', examples: [200_000] }),
  ),
  inStock: Type.Optional(Type.Boolean({ description: 'Only what can be bought now', examples: [true] })),
};

export const ProductQuery = Type.Object({
  ...filterQuery,
  sort: Type.Optional(
    Type.Enum([...PRODUCT_SORTS], { description: 'Order; `-price` is dearest first', examples: ['newest'] }),
  ),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});
export const ProductParams = Type.Object({ productId: Text('Id or slug', 300, 'hanh-tim-vinh-chau-tui-luoi') });
export const PictureParams = Type.Object({
  pictureId: IdOf('Picture', 'The picture'),
  width: Type.Integer({ minimum: 80, maximum: 2_000, description: 'Wanted width in pixels', examples: [640] }),
});

const VariantView = Type.Object(
  {
    variantId: IdOf('Variant', 'What a cart line names'),
    sku: Text('Code of the seller', 100, 'ST-0001-A'),
    label: Text('Size or kind', 200, 'túi lưới 1 kg'),
    priceVnd: Money('Price'),
    compareAtVnd: Nullable(Money('Struck-out price')),
    netWeightG: Count('Net weight in grams', 1_000),
    available: Count('Pieces on hand that nobody holds', 118),
    minOrder: Count('Fewest pieces an order may have', 1, 1),
    maxOrder: Count('Most pieces an order may have', 20, 1),
  },
  { title: 'Variant' },
);

const card = {
  productId: IdOf('Product', 'The product'),
  slug: Text('Name in addresses', 300, 'hanh-tim-vinh-chau-tui-luoi'),
  name: Text('Vietnamese name', 300, 'Hành tím Vĩnh Châu túi lưới'),
  nameEn: Text('English name', 300, 'Vinh Chau shallots in net bag'),
  business: Type.Object({
    businessId: IdOf('Business', 'Who sells it'),
    slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
    name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
    holidayUntil: Nullable(Text('Last day of a holiday that is on: not to be ordered till then', 10, '2027-02-10')),
  }),
  star: Star,
  certifiedAs: Type.Array(Type.Enum([...NAMED_KINDS]), {
    description: 'Kinds of certificates in force, beside the stars of OCOP',
    maxItems: 4,
    examples: [['vietgap']],
  }),
  category: Type.Object({
    id: Type.Integer({ minimum: 1, maximum: 26, description: 'OCOP product set', examples: [1] }),
    slug: Text('Name in addresses', 100, 'rau-cu-qua-tuoi'),
    name: Text('Name', 200, 'Rau, củ, quả, hạt tươi'),
  }),
  ward: Nullable(Type.Object({ code: Text('Ward code', 5, '31795'), name: Text('Ward', 120, 'Xã Vĩnh Hải') })),
  image: Type.Object({
    colour: Nullable(
      Text('The colour of most of a photograph, to be shown until it has loaded; null for a drawing', 7, '#88a838'),
    ),
    src: Text('Path of the picture', 300, '/pictures/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b/640'),
    width: Count('Pixels', 640, 1),
    height: Count('Pixels', 640, 1),
    alt: Text('What it shows', 300, 'Hành tím Vĩnh Châu túi lưới'),
  }),
  partner: Nullable(
    Type.Object({
      key: Text('Partner exchange', 60, 'tra-vinh'),
      name: Text('Its name', 200, 'Sàn OCOP Trà Vinh'),
      priceAsOf: Instant('When the price was true there'),
      priceStale: Type.Boolean({
        description: 'Not confirmed for longer than such prices are believed: ask there before you count on it',
        examples: [false],
      }),
      claimedStar: Nullable(
        Type.Integer({
          minimum: 1,
          maximum: 5,
          description:
            'Stars as the partner claims them; `star` is set only where our own register holds that decision',
          examples: [4],
        }),
      ),
      uri: Text('Its address in the federation', 400, 'ocop://san.tra-vinh.example/listing/com-dep'),
      landingUrl: Nullable(
        Text('Page of the product at the partner', 2_000, 'https://san.tra-vinh.example/san-pham/com-dep'),
      ),
    }),
  ),
  rating: Nullable(
    Type.Object(
      {
        average: Type.Number({
          minimum: 1,
          maximum: 5,
          description: 'Of five points, with one decimal',
          examples: [4.6],
        }),
        count: Count('Buyers who gave points', 12, 1),
      },
      { description: 'What buyers gave it; null where nobody has. No stars of OCOP' },
    ),
  ),
  unit: Text('Sales unit', 200, 'túi lưới 1 kg'),
  variants: Type.Array(VariantView, { description: 'The default variant first', maxItems: 100 }),
};
export const ProductCardView = Type.Object(card, { title: 'ProductCard' });
export const ProductList = Type.Object(
  {
    items: Type.Array(ProductCardView, { description: 'Products in the order asked for', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'ProductList' },
);

const CertificateView = Type.Object(
  {
    code: Text('Code of the certificate', 12, 'ST7K3M9Q2XAB'),
    kind: Text('Kind', 20, 'ocop'),
    issuer: Text('Who issued it', 200, 'UBND thành phố Cần Thơ'),
    decisionNumber: Text('Number of the decision', 60, '9113/QĐ-UBND'),
    issuedOn: Type.String({ format: 'date', description: 'Date of the decision', examples: ['2026-09-15'] }),
    validUntil: Nullable(Instant('From this instant it has lapsed; null: it has no end')),
    star: Star,
    status: Text('State: verified, expired or revoked', 20, 'verified'),
  },
  { title: 'ProductCertificate' },
);

export const ProductView = Type.Object(
  {
    ...card,
    sku: Text('Code of the seller', 100, 'ST-0001'),
    status: Text('State in the catalogue', 20, 'listed'),
    descriptionVi: Text('Description', 10_000, 'Hành tím củ chắc, vỏ mỏng, phơi khô trên giàn.'),
    descriptionEn: Text('Description in English', 10_000, 'Firm shallots with a thin skin, dried on racks.'),
    ingredientsVi: Text('Ingredients', 5_000, 'Hành tím 100%'),
    allergens: Type.Array(Text('Allergen', 50, 'gluten'), { description: 'Allergens', maxItems: 20 }),
    storage: Text('How to keep it', 20, 'ambient'),
    shelfLifeDays: Nullable(Count('Days from packing', 180)),
    netWeightG: Count('Net weight in grams', 1_000),
    gtin: Nullable(Text('GTIN-13', 13, '8938500000017')),
    vatBps: Count('VAT in the price, in basis points', 500),
    tags: Type.Array(Text('Tag', 100, 'đặc sản Vĩnh Châu'), { description: 'Tags', maxItems: 50 }),
    aliases: Type.Array(Text('Alias', 200, 'hành đỏ'), { description: 'Other names', maxItems: 50 }),
    seasonMonths: Type.Array(Type.Integer({ minimum: 1, maximum: 12, examples: [2] }), {
      description: 'Months of the season; empty for all year',
      maxItems: 12,
    }),
    isAlcohol: Type.Boolean({ description: 'Sold to adults only' }),
    updatedAt: Instant('Last change'),
    version: Count('Version', 1, 1),
    certificates: Type.Array(CertificateView, {
      description: 'Decisions and certificates, newest first',
      maxItems: 50,
    }),
  },
  { title: 'Product' },
);

export const CategoryList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: Type.Integer({ minimum: 1, maximum: 26, description: 'Number of the OCOP product set', examples: [1] }),
        slug: Text('Name in addresses', 100, 'rau-cu-qua-tuoi'),
        nameVi: Text('Vietnamese name', 200, 'Rau, củ, quả, hạt tươi'),
        nameEn: Text('English name', 200, 'Fresh vegetables, roots, fruit and nuts'),
        groupId: Type.Integer({ minimum: 1, maximum: 100, description: 'Number of the group', examples: [1] }),
        groupVi: Text('Group', 200, 'Thực phẩm tươi sống'),
        groupEn: Text('Group in English', 200, 'Fresh food'),
        sectorCode: Text('Sector', 5, 'I'),
        sectorVi: Text('Name of the sector', 200, 'Thực phẩm'),
        sectorEn: Text('Name of the sector in English', 200, 'Food'),
        managingBody: Type.Array(Text('A ministry', 200, 'Bộ Nông nghiệp và Môi trường'), {
          description: 'Who sets the criteria',
          maxItems: 10,
        }),
        isFood: Type.Boolean({ description: 'Food, with its labels and papers' }),
        isAlcohol: Type.Boolean({ description: 'Sold to adults only', examples: [false] }),
        isTourism: Type.Boolean({ description: 'A visit, not a parcel', examples: [false] }),
        productCount: Count('Products listed now', 31),
      }),
      { description: 'The 26 product sets', maxItems: 26 },
    ),
  },
  { title: 'CategoryList' },
);
