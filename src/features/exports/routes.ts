import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { refusals } from '#core/problem.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { ownBusinesses } from '#http/access.ts';
import { IdOf, refuses } from '#http/schema.ts';
import type { Exports } from './service.ts';
import { EXPORT_FORMATS, EXPORT_TABLES, type ExportFormat, exportProblems } from './types.ts';

const refuse = refusals(exportProblems);
export const exportAccess = { access: 'seller', roles: ['owner', 'manager'] } as const;

export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  zip: 'application/zip',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json; charset=utf-8',
};

/** The business that was named, or the only one there is. */
export function exportedBusiness(businessIds: readonly BusinessId[], named: string | undefined): BusinessId {
  const [only, another] = businessIds;
  const chosen = named ? businessIds.find((id) => id === named) : another ? undefined : only;
  if (!chosen) throw refuse('export-business-unclear');
  return chosen;
}

const ExportQuery = Type.Object({
  format: Type.Optional(
    Type.Unsafe<ExportFormat>(
      Type.String({ enum: [...EXPORT_FORMATS], description: 'As what; `csv` holds one table', examples: ['json'] }),
    ),
  ),
  table: Type.Optional(
    Type.Unsafe<(typeof EXPORT_TABLES)[number]>(
      Type.String({ enum: [...EXPORT_TABLES], description: 'One table instead of all', examples: ['products'] }),
    ),
  ),
  businessId: Type.Optional(IdOf('Business', 'Whose; may be left out where you have one business')),
});
const example = 'Mã hàng,Mã quy cách,Tên sản phẩm\r\nST-0001,ST-0001-A,Hành tím Vĩnh Châu túi lưới\r\n';

export const exportRoutes: FastifyPluginAsyncTypebox<{ exports: Exports }> = async (app, { exports }) => {
  app.get(
    '/seller/export',
    {
      config: exportAccess,
      schema: {
        operationId: 'exportBusiness',
        tags: ['seller'],
        summary: 'Take everything that is my business’s own',
        description:
          'Goods with prices and their history, stock and its journal, certificates, orders, entries of the books, members. The table of goods can be sent back as an import. Cells that a spreadsheet would run have an apostrophe before them.',
        querystring: ExportQuery,
        response: {
          200: {
            description: 'The file',
            content: {
              'text/csv': { schema: Type.String({ description: 'In the format that was asked for' }), example },
            },
          },
          ...refuses(exportProblems, 'export-business-unclear', 'export-table-missing'),
        },
      },
    },
    async (request, reply) => {
      const { format = 'json', table, businessId } = request.query;
      const own = ownBusinesses(request);
      const bytes = await exports.file(own, { businessId: exportedBusiness(own, businessId), format, table });
      return (
        reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="${table ?? 'xuat-du-lieu'}.${format}"`)
          .type(exportTypes[format])
          // Bytes pass the serialiser by.
          .send(bytes as never)
      );
    },
  );
};
