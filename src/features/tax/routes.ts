import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { byOf, type Role } from '#http/access.ts';
import { Count, Instant, Money, Nullable, refused, refuses, Text } from '#http/schema.ts';
import type { Tax } from './service.ts';
import { TAX_FILE_FORMATS, type TaxFileFormat, taxProblems } from './types.ts';

export const taxRoles: readonly Role[] = ['finance'];
export const fileTypes: Readonly<Record<TaxFileFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json; charset=utf-8',
};

const Month = Type.String({ pattern: '^\\d{4}-\\d{2}$', description: 'Month in Vietnam', examples: ['2026-11'] });
const Params = Type.Object({ month: Month });
const Months = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          month: Month,
          sellers: Count('Households with revenue', 12),
          vatVnd: Money('VAT withheld, less offsets'),
          pitVnd: Money('PIT withheld, less offsets'),
          file: Nullable(
            Type.Object({
              number: Text('Number of the frozen file', 40, 'BKT-2026-11'),
              sha256: Text('Hash of its rows', 64, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
              frozenAt: Instant('When it was frozen'),
            }),
          ),
        },
        { title: 'TaxMonth' },
      ),
      { description: 'Newest first', maxItems: 120 },
    ),
  },
  { title: 'TaxMonthList' },
);
const FileQuery = Type.Object({
  format: Type.Optional(
    Type.Unsafe<TaxFileFormat>(Type.String({ enum: [...TAX_FILE_FORMATS], description: 'As what', examples: ['csv'] })),
  ),
});
const example = 'Tên người bán,Loại hình\r\nHộ Bánh ống lá dứa Bà Tư,household\r\n';
const config = { access: 'staff', roles: taxRoles } as const;

export const taxRoutes: FastifyPluginAsyncTypebox<{ tax: Tax }> = async (app, { tax }) => {
  app.get(
    '/staff/tax-files',
    {
      config,
      schema: {
        operationId: 'listTaxMonths',
        tags: ['staff'],
        summary: 'Tax withheld by month',
        description: 'What was withheld from households, less what returns offset, and which months are frozen.',
        response: { 200: Months, ...refused },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'no-store').send({
        items: (await tax.listMonths()).map(({ file, ...month }) => ({
          ...month,
          file: file && { number: file.number, sha256: file.sha256, frozenAt: file.frozenAt.toISOString() },
        })),
      }),
  );
  app.post(
    '/staff/tax-files/:month',
    {
      config,
      schema: {
        operationId: 'freezeTaxFile',
        tags: ['staff'],
        summary: 'Freeze the file of a month',
        description: 'Once the month is over. It gets its number and hash; frozen again it stays as it was.',
        params: Params,
        response: {
          201: Type.Object({ number: Text('Number of the file', 40, 'BKT-2026-11') }, { title: 'TaxFileFrozen' }),
          ...refuses(taxProblems, 'tax-month-open'),
        },
      },
    },
    async (request, reply) => reply.code(201).send({ number: await tax.freeze(byOf(request), request.params.month) }),
  );
  app.get(
    '/staff/tax-files/:month',
    {
      config,
      schema: {
        operationId: 'takeTaxFile',
        tags: ['staff'],
        summary: 'Take the file of a month away',
        description:
          'For the tax office, with the sellers’ numbers. Each number is opened from the vault for this, and each opening is written down.',
        params: Params,
        querystring: FileQuery,
        response: {
          200: {
            description: 'The file',
            content: {
              'text/csv': { schema: Type.String({ description: 'In the format that was asked for' }), example },
            },
          },
          ...refuses(taxProblems, 'tax-file-not-found'),
        },
      },
    },
    async (request, reply) => {
      const { format = 'csv' } = request.query;
      const { name, bytes } = await tax.file(byOf(request), request.params.month, format);
      return (
        reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="${name}"`)
          .type(fileTypes[format])
          // Bytes pass the serialiser by.
          .send(bytes as never)
      );
    },
  );
};
