import { Type } from '@fastify/type-provider-typebox';
import { Code, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { maxWords } from './rules.ts';
import { REPORT_KINDS, REPORT_OUTCOMES } from './types.ts';

export const ReportParams = Type.Object({ code: Text('The report', 40, 'ST7K3M9Q2XAB') });
const Kind = Type.Enum([...REPORT_KINDS], { description: 'What it is about', examples: ['wrong-origin'] });
const Words = (description: string, example: string) => Text(description, maxWords, example);
const Degrees = (description: string, most: number, example: number) =>
  Type.Number({ minimum: -most, maximum: most, description, examples: [example] });

export const ReportBody = Type.Object(
  {
    product: Type.Optional(Text('Id or slug of the product; this or `business`', 300, 'hanh-tim-vinh-chau-tui-luoi')),
    business: Type.Optional(Text('Id or slug of the business', 300, 'htx-hanh-tim-bai-giong')),
    kind: Kind,
    text: Words('What was seen', 'Bao bì ghi nơi sản xuất khác.'),
    phone: Type.Optional(Text('Yours, for officers alone; needed without a session', 30, '0912345678')),
    wardCode: Type.Optional(
      Type.String({ pattern: '^\\d{5}$', description: 'Ward where it was seen', examples: ['31795'] }),
    ),
    position: Type.Optional(
      Type.Object(
        {
          latitude: Degrees('Degrees north; kept to a hundredth', 90, 9.33),
          longitude: Degrees('Degrees east; kept to a hundredth', 180, 105.98),
        },
        { additionalProperties: false, description: 'About where; rounded to about a kilometre before it is kept' },
      ),
    ),
  },
  { additionalProperties: false },
);
export const ReportPhotoBody = FormBody(
  { photo: FilePart('A JPEG, PNG or WebP picture') },
  { title: 'FieldReportPhoto' },
);
export const ReportVerdict = Type.Object(
  {
    outcome: Type.Enum([...REPORT_OUTCOMES], { description: 'What was decided', examples: ['warned'] }),
    reason: Words('Why; reporter and business read it', 'Nhãn đã được sửa.'),
  },
  { additionalProperties: false },
);
export const ReportQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const ReportState = Type.Object(
  {
    code: Code('Code of the report'),
    kind: Kind,
    about: Type.Object({
      business: Text('The business', 300, 'HTX Hành tím Bãi Giồng'),
      product: Nullable(Text('The product, where it is of one', 300, 'Hành tím Vĩnh Châu')),
    }),
    createdAt: Instant('When it was told'),
    dueAt: Instant('Until when an officer answers'),
    outcome: Nullable(Text('no-finding, warned, takedown or forwarded; null until it is decided', 20, 'warned')),
    reason: Nullable(Words('The officer’s words', 'Nhãn đã được sửa.')),
    decidedAt: Nullable(Instant('When it was decided')),
  },
  { title: 'FieldReportState' },
);
export const ReportList = Type.Object(
  {
    items: Type.Array(ReportState, { description: 'Newest first', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'FieldReportList' },
);
export const WholeReportBody = Type.Object(
  {
    ...ReportState.properties,
    text: Words('What the reporter saw', 'Bao bì ghi nơi sản xuất khác.'),
    phone: Nullable(Text('Of the reporter', 30, '+84912345678')),
    ward: Nullable(Text('Where', 200, 'Xã Vĩnh Hải')),
    latitude: Nullable(Degrees('To a hundredth of a degree', 90, 9.33)),
    longitude: Nullable(Degrees('To a hundredth of a degree', 180, 105.98)),
    photos: Type.Array(IdOf('StoredFile', 'A photo'), { description: 'Photos', maxItems: 4 }),
  },
  { title: 'FieldReport' },
);
