import { Type } from '@fastify/type-provider-typebox';
import { CursorText, IdOf, Limit, Nullable, Text } from '#http/schema.ts';
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
  storyVi: Text('Story in Vietnamese', 5_000),
  storyEn: Text('Story in English', 5_000),
  foundedYear: Nullable(Type.Integer({ minimum: 1800, maximum: 2200, description: 'Year of founding' })),
  partnerKey: Nullable(Text('Partner exchange whose producer this is', 60)),
  productCount: Type.Integer({ minimum: 0, description: 'Products for sale now' }),
};
export const BusinessList = Type.Object({
  items: Type.Array(Type.Object(card), { description: 'Businesses by register number', maxItems: 100 }),
  nextCursor: Nullable(CursorText),
});
export const BusinessView = Type.Object({
  ...card,
  addressLine: Nullable(Text('House number, hamlet or street', 300)),
  taxCode: Nullable(Text('Tax code', 14)),
  phone: Nullable(Text('Phone in E.164', 20)),
  email: Nullable(Text('E-mail', 200)),
  latitude: Nullable(Type.Number({ minimum: -90, maximum: 90, description: 'WGS 84 degrees' })),
  longitude: Nullable(Type.Number({ minimum: -180, maximum: 180, description: 'WGS 84 degrees' })),
  supports: Type.Array(Type.Enum([...PAYMENT_METHODS]), {
    description: 'Payment methods of its own account (direct settlement)',
    maxItems: 10,
  }),
  status: Text('State in the register', 20, 'approved'),
});
