import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { refuses } from '#http/schema.ts';
import { translateIn } from '#web/i18n/translate.ts';
import { complaintReaders } from './desk-routes.ts';
import { reportFile } from './report-file.ts';
import { ReportQuery } from './schemas.ts';
import type { Complaints } from './service.ts';
import { complaintProblems, type ReportFormat } from './types.ts';
import { kindNames } from './words.ts';

const types: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const example = 'Mã cơ sở,Cơ sở,Nội dung,Số khiếu nại\r\nB001,HTX Hành tím Bãi Giồng,Giao trễ,2\r\n';

export const complaintReportRoutes: FastifyPluginAsyncTypebox<{ readonly complaints: Complaints }> = async (
  app,
  { complaints },
) => {
  const t = translateIn('vi');
  app.get(
    '/staff/complaint-report',
    {
      config: { access: 'staff', roles: complaintReaders },
      schema: {
        operationId: 'takeComplaintReport',
        tags: ['staff'],
        summary: 'The report to the authority',
        description:
          'Complaints filed in a month or quarter, a row a business and kind: how they ended, how long it took, which were late and which were reported. It names no shopper.',
        querystring: ReportQuery,
        response: {
          200: {
            description: 'The file',
            content: {
              'text/csv': { schema: Type.String({ description: 'In the format that was asked for' }), example },
            },
          },
          ...refuses(complaintProblems, 'complaint-period-invalid'),
        },
      },
    },
    async (request, reply) => {
      const { format = 'csv', period } = request.query;
      const { name, rows } = await complaints.report(period);
      const bytes = await reportFile(format, name, rows, (kind) => t(kindNames[kind]));
      return (
        reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="khieu-nai-${name}.${format}"`)
          .type(types[format])
          // Bytes pass the serialiser by.
          .send(bytes as never)
      );
    },
  );
};
