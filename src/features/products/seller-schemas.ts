import { Type } from '@fastify/type-provider-typebox';
import { CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import { ALLERGENS, PRODUCT_STATES, STORAGE } from './types.ts';

const longText = 20_000;
const whole = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: 2_000_000_000, description, examples: [example] });
const day = (description: string) => Type.String({ format: 'date', description, examples: ['2026-12-01'] });

const NextPrice = Type.Object(
  { priceVnd: Money('Price from that day on'), from: day('First day, in Vietnam') },
  { additionalProperties: false, description: 'A price for a day to come', title: 'NextPrice' },
);
const variant = {
  sku: Text('Code of your own; made up when empty', 100, 'HT-1KG'),
  label: Text('Size or kind', 200, 'túi lưới 1 kg'),
  priceVnd: Nullable(Money('Price')),
  compareAtVnd: Nullable(Money('Struck-out price, which was really charged before')),
  next: Nullable(NextPrice),
  netWeightG: whole('Net weight in grams', 1_000),
  minOrder: whole('Fewest pieces an order may have', 1),
  maxOrder: whole('Most pieces an order may have', 100),
  onHand: Nullable(whole('Pieces on the shelf, as counted now; null leaves the stock alone', 120)),
  active: Type.Boolean({ description: 'For sale', examples: [true] }),
};
const VariantBody = Type.Object(
  { variantId: Nullable(IdOf('Variant', 'The size; null for a new one')), ...variant },
  {
    additionalProperties: false,
    title: 'SellerVariant',
    description: 'A size. One that is left out is taken off sale',
  },
);
const PictureBody = Type.Object(
  {
    pictureId: Nullable(IdOf('Picture', 'A picture that the product has')),
    fileId: Nullable(IdOf('StoredFile', 'Or a picture that was sent')),
    altVi: Text('What it shows, for those who do not see it', 300, 'Túi hành tím một ký'),
  },
  { additionalProperties: false, title: 'SellerPicture', description: 'A picture in its place' },
);

const fields = {
  nameVi: Text('Vietnamese name', longText, 'Hành tím Vĩnh Châu túi lưới'),
  nameEn: Text('English name', longText, 'Vinh Chau shallots in net bag'),
  aliases: Type.Array(Text('Another name, also in Khmer or Han', 200, 'hành đỏ'), {
    description: 'Other names',
    maxItems: 50,
  }),
  categoryId: Nullable(
    Type.Integer({
      minimum: 1,
      maximum: 99,
      description: 'OCOP product set; null leaves it to the officer',
      examples: [1],
    }),
  ),
  unitVi: Text('Sales unit', longText, 'túi lưới 1 kg'),
  netWeightG: whole('Net weight in grams', 1_000),
  grossWeightG: whole('Weight with its package, in grams', 1_040),
  lengthCm: whole('Length of the package in centimetres', 30),
  widthCm: whole('Width of the package in centimetres', 20),
  heightCm: whole('Height of the package in centimetres', 10),
  storage: Type.Enum([...STORAGE], { description: 'How to keep it', examples: ['ambient'] }),
  shelfLifeDays: Nullable(whole('Days from packing', 60)),
  vatBps: Nullable(whole('VAT in the price, in basis points; null for the usual rate of the product set', 800)),
  gtin: Nullable(Text('GTIN-13', 30, '8938500000017')),
  ingredientsVi: Text('Ingredients', longText, 'Hành tím 100%'),
  allergens: Type.Array(Type.Enum([...ALLERGENS], { description: 'An allergen', examples: ['fish'] }), {
    description: 'Allergens that the goods contain',
    maxItems: 9,
  }),
  descriptionVi: Text('Description', longText, 'Hành tím củ chắc, vỏ mỏng, phơi khô trên giàn.'),
  descriptionEn: Text('Description in English', longText, 'Firm shallots with a thin skin, dried on racks.'),
  tags: Type.Array(Text('Tag', 200, 'đặc sản'), { description: 'Tags', maxItems: 50 }),
  seasonMonths: Type.Array(Type.Integer({ minimum: 1, maximum: 12, description: 'A month', examples: [2] }), {
    description: 'Months of the season; empty for all year',
    maxItems: 12,
  }),
  pictures: Type.Array(PictureBody, { description: 'In the order shown', maxItems: 20 }),
  variants: Type.Array(VariantBody, { description: 'Sizes, the default first', minItems: 1, maxItems: 50 }),
};

/** Each field may be left out; a field that is none of a seller's is refused. */
export const ProductPatch = Type.Partial(Type.Object(fields), { additionalProperties: false });
export const ProductCreate = Type.Object(
  { businessId: IdOf('Business', 'Whose product it is'), fields: Type.Optional(ProductPatch) },
  { additionalProperties: false },
);
export const OwnProductParams = Type.Object({ productId: IdOf('Product', 'The product or its draft') });
export const OwnProductQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });

const changeStatus = () => Nullable(Text('What waits for an officer: proposed or changes-requested', 20, 'proposed'));
const State = Type.Enum([...PRODUCT_STATES, 'waiting', 'changes-requested', 'rejected'], {
  description: 'Where the product is: a draft, waiting for its first listing, or in the catalogue',
  examples: ['listed'],
});

export const OwnProductList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          productId: IdOf('Product', 'The product or its draft'),
          name: Text('Name', longText, 'Hành tím Vĩnh Châu túi lưới'),
          state: Type.Enum([...PRODUCT_STATES], { description: 'State in the catalogue', examples: ['listed'] }),
          hasDraft: Type.Boolean({ description: 'Something was typed and not sent', examples: [false] }),
          changeStatus: changeStatus(),
          priceVnd: Nullable(Money('Price of the default size')),
          available: Nullable(Type.Integer({ description: 'Pieces that can be bought now', examples: [118] })),
          unit: Text('Sales unit', longText, 'túi lưới 1 kg'),
          updatedAt: Instant('Last change'),
        },
        { title: 'OwnProductItem' },
      ),
      { description: 'What was touched last first', maxItems: 100 },
    ),
    nextCursor: Nullable(CursorText),
  },
  { title: 'OwnProductList' },
);

export const WaitingField = Type.Object(
  {
    field: Text('Name of the field', 200, 'descriptionVi'),
    before: Type.Unknown({ description: 'What it says now', examples: ['Hành phơi khô.'] }),
    after: Type.Unknown({ description: 'What it is to say', examples: ['Hành phơi ba nắng.'] }),
  },
  { title: 'WaitingField' },
);
export const OwnProductView = Type.Object(
  {
    productId: IdOf('Product', 'The product or its draft'),
    businessId: IdOf('Business', 'Whose it is'),
    slug: Nullable(Text('Name in addresses, once it is listed', 300, 'hanh-tim-vinh-chau-tui-luoi')),
    state: State,
    fields: Type.Object(fields, { description: 'What you want it to say, with what waits', title: 'ProductFields' }),
    waiting: Type.Array(WaitingField, { description: 'Fields that wait for an officer', maxItems: 300 }),
    verdict: Nullable(
      Type.Object(
        {
          status: Text('rejected or changes-requested', 20, 'changes-requested'),
          reason: Nullable(Text('Reason from the list', 40, 'label-incomplete')),
          reasonText: Nullable(Text("Reason in the officer's words", 1_000, 'Cần thêm thành phần')),
        },
        { title: 'Verdict', description: 'What an officer said last, if it was no yes' },
      ),
    ),
  },
  { title: 'OwnProduct' },
);
export const SavedView = Type.Object(
  {
    applied: Type.Array(Text('Field', 200, 'variant.0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b.priceVnd'), {
      description: 'Fields that hold already',
      maxItems: 300,
    }),
    waiting: Type.Array(Text('Field', 200, 'descriptionVi'), {
      description: 'Fields that wait for an officer; the product stays as it is meanwhile',
      maxItems: 300,
    }),
  },
  { title: 'ProductSaved' },
);
export const CreatedView = Type.Object({ productId: IdOf('Product', 'The draft') }, { title: 'ProductCreated' });
