import { Type } from '@fastify/type-provider-typebox';
import { Text } from '#http/schema.ts';

export const ProvinceCode = Type.String({
  pattern: '^\\d{2}$',
  description: 'Two-digit code of the scheme gso2025',
  examples: ['92'],
});
export const ProvinceParams = Type.Object({ code: ProvinceCode });

const ProvinceView = Type.Object(
  {
    code: ProvinceCode,
    slug: Text('Name in addresses', 60, 'can-tho'),
    name: Text('Vietnamese name', 100, 'Thành phố Cần Thơ'),
    nameEn: Text('English name', 100, 'Can Tho City'),
  },
  { title: 'Province' },
);
export const ProvinceList = Type.Object(
  {
    scheme: Text('Scheme of the codes', 20, 'gso2025'),
    items: Type.Array(ProvinceView, { description: 'The provinces', maxItems: 100 }),
  },
  { title: 'ProvinceList' },
);

const WardView = Type.Object(
  {
    code: Text('Five-digit ward code', 5, '31507'),
    provinceCode: ProvinceCode,
    name: Text('Name without its kind', 100, 'Sóc Trăng'),
    fullName: Text('Name with its kind', 120, 'Phường Sóc Trăng'),
    kind: Text('phường, xã or đặc khu', 20, 'phường'),
    legacyDistrict: Type.Object({
      code: Text('District code before 1 July 2025', 5, '941'),
      name: Text('Its name', 100, 'Thành phố Sóc Trăng'),
    }),
  },
  { title: 'Ward' },
);
export const WardList = Type.Object(
  {
    items: Type.Array(WardView, { description: 'The wards that are loaded for this province', maxItems: 500 }),
  },
  { title: 'WardList' },
);

export const WardSearch = Type.Object({
  q: Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'Name of today or of before 1 July 2025, with or without accents; the old district after a comma',
    examples: ['Thạnh Thới Thuận'],
  }),
});
export const FoundWards = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        ward: WardView,
        by: Type.Enum(['ward', 'former-ward', 'former-district'], { description: 'What kind of name was found' }),
        matched: Text('The name that was found', 200, 'Xã Thạnh Thới Thuận, Huyện Trần Đề'),
      }),
      { description: 'Best first', maxItems: 12 },
    ),
  },
  { title: 'FoundWards' },
);
