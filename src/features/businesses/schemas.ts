import { Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Limit, Nullable, Text } from '#http/schema.ts';
import { BUSINESS_TYPES, PAYMENT_METHODS } from './types.ts';

export const BusinessQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const BusinessParams = Type.Object({ businessId: Text('Id or slug', 200, 'htx-hanh-tim-bai-giong') });

const card = {
  businessId: IdOf('Business', 'The business'),
  code: Nullable(Text('Register number', 20, 'B001')),
  slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
  name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
  type: Type.Enum([...BUSINESS_TYPES], { description: 'Legal form' }),
  ward: Nullable(Type.Object({ code: Text('Ward code', 5, '31795'), name: Text('Ward', 120, 'Xã Vĩnh Hải') })),
  storyVi: Text('Story in Vietnamese', 5_000, 'Hành tím trồng trên đất giồng cát Vĩnh Châu.'),
  storyEn: Text('Story in English', 5_000, 'Shallots grown on the sand ridges of Vĩnh Châu.'),
  foundedYear: Nullable(Count('Year of founding', 2012, 1800)),
  partnerKey: Nullable(Text('Partner exchange whose producer this is', 60, 'tra-vinh')),
  productCount: Count('Products for sale now', 4),
};
export const BusinessList = Type.Object(
  {
    items: Type.Array(Type.Object(card), { description: 'Businesses by register number', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'BusinessList' },
);
export const BusinessView = Type.Object(
  {
    ...card,
    addressLine: Nullable(Text('House number, hamlet or street', 300, 'Ấp Huỳnh Kỳ')),
    taxCode: Nullable(Text('Tax code', 14, '2200123456')),
    phone: Nullable(Text('Phone in E.164', 20, '+84912345678')),
    email: Nullable(Text('E-mail', 200, 'htx@bai-giong.example')),
    latitude: Nullable(Type.Number({ minimum: -90, maximum: 90, description: 'WGS 84 degrees', examples: [9.35] })),
    longitude: Nullable(
      Type.Number({ minimum: -180, maximum: 180, description: 'WGS 84 degrees', examples: [106.02] }),
    ),
    supports: Type.Array(Type.Enum([...PAYMENT_METHODS]), {
      description: 'Payment methods of its own account (direct settlement)',
      maxItems: 10,
    }),
    status: Text('State in the register', 20, 'approved'),
  },
  { title: 'Business' },
);
