import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Id } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { actorOf, onBehalfOf, ownBusinesses } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import { firstReason } from './rules/judging.ts';
import {
  ConfirmBody,
  ImportList,
  ImportParams,
  ImportView,
  MappingBody,
  ResultQuery,
  RowList,
  RowsQuery,
  Started,
  UploadBody,
} from './schemas.ts';
import type { Import, Importer, Imports } from './service.ts';
import { entryOf, type ImportId, importProblems, isRejection, type Reason, type SheetKind, saidOf } from './types.ts';

const refuse = refusals(importProblems);
/** Whoever packs parcels neither sets prices nor lists goods. */
export const importAccess = { access: 'seller', roles: ['owner', 'manager', 'assistant'], scope: 'products' } as const;
const reads = { ...importAccess, keyScope: 'products:read' } as const;
const writes = { ...importAccess, keyScope: 'products:write' } as const;

export const importerOf = (request: FastifyRequest): Importer => ({
  actor: actorOf(request),
  businessIds: ownBusinesses(request),
  onBehalfOf: (businessId) => onBehalfOf(request, businessId),
  address: request.ip,
});

/** The business that was named, or the only one there is. */
export function businessOf({ businessIds }: Importer, named: string | undefined): Id<'Business'> {
  const [only, another] = businessIds;
  const chosen = named ? businessIds.find((id) => id === named) : another ? undefined : only;
  if (!chosen) throw refuse('import-business-unclear');
  return chosen;
}

const saying = (code: Reason['code']) => {
  const [vi, en] = saidOf(code);
  return { vi, en };
};

const problemOf = ({ problem, problemFacts }: Import) => {
  if (problem === null) return null;
  const entry = entryOf(problem);
  const messages = { vi: (entry?.vi ?? [problem]).join('. '), en: (entry?.en ?? [problem]).join('. ') };
  return { ...problemFacts, code: problem, messages };
};

const toView = (found: Import) => ({
  importId: found.id,
  businessId: found.businessId,
  fileName: found.fileName,
  state: found.state,
  version: found.version,
  sheet: found.facts,
  mapping: found.mapping as Record<string, number> | null,
  counts: found.counts,
  done: found.done,
  mode: found.mode,
  outdated: found.outdated,
  problem: problemOf(found),
  written: {
    new: found.written['written-new'] ?? 0,
    changed: found.written['written-changed'] ?? 0,
    waiting: (found.written['waiting-new'] ?? 0) + (found.written['waiting-changed'] ?? 0),
    rejected: (found.written['rejected-new'] ?? 0) + (found.written['rejected-changed'] ?? 0),
  },
  createdAt: found.createdAt.toISOString(),
  finishedAt: found.finishedAt?.toISOString() ?? null,
});

const toRow = ({
  importId: _import,
  productKey: _key,
  variantId: _variant,
  reasons,
  ...row
}: Awaited<ReturnType<Imports['rows']>>['items'][number]) => ({
  ...row,
  reasonCode: firstReason(reasons)?.code ?? null,
  reasons: reasons.map(({ field, code }) => ({ field, code, rejects: isRejection(code), messages: saying(code) })),
});

export const mediaTypes: Readonly<Record<SheetKind, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export const importRoutes: FastifyPluginAsyncTypebox<{ imports: Imports }> = async (app, { imports }) => {
  app.post(
    '/seller/imports',
    {
      config: { ...writes, upload: { maxBytes: imports.maxBytes } },
      schema: {
        operationId: 'startImport',
        tags: ['seller'],
        summary: 'Send a sheet of goods',
        description:
          'It is read by a worker; ask for the import until it is `ready`, look at its rows, then confirm it. Nothing of the catalogue changes before that. The same bytes sent twice while the first is open are one import.',
        consumes: ['multipart/form-data'],
        body: UploadBody,
        response: { 202: Started, ...refuses(importProblems, 'import-business-unclear', 'sheet-missing') },
      },
    },
    async (request, reply) => {
      const importer = importerOf(request);
      const { file, businessId } = request.body;
      const importId = await imports.start(importer, businessOf(importer, businessId), file);
      return reply.code(202).header('location', `/v1/seller/imports/${importId}`).send({ importId });
    },
  );
  app.get(
    '/seller/imports',
    {
      config: reads,
      schema: {
        operationId: 'listImports',
        tags: ['seller'],
        summary: 'Imports of my businesses',
        description: 'The last fifty, newest first. They are kept for 90 days.',
        response: { 200: ImportList, ...refused },
      },
    },
    async (request, reply) => {
      const items = await imports.list(importerOf(request));
      return reply
        .header('cache-control', 'no-store')
        .send({ items: items.map((found) => toView({ ...found, written: {} })) });
    },
  );
  app.get(
    '/seller/imports/:importId',
    {
      config: reads,
      schema: {
        operationId: 'getImport',
        tags: ['seller'],
        summary: 'An import and its progress',
        description: 'The step at which it stands, how the file was read, and what the preview found.',
        params: ImportParams,
        response: { 200: ImportView, ...refuses(importProblems, 'import-not-found') },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send(toView(await imports.get(importerOf(request), request.params.importId))),
  );
  app.get(
    '/seller/imports/:importId/rows',
    {
      config: reads,
      schema: {
        operationId: 'listImportRows',
        tags: ['seller'],
        summary: 'Rows of a preview',
        description: 'Each with what was read, what would be done, and why, in Vietnamese and English.',
        params: ImportParams,
        querystring: RowsQuery,
        response: { 200: RowList, ...refuses(importProblems, 'import-not-found') },
      },
    },
    async (request, reply) => {
      const { verdict, after = 0, limit = 100 } = request.query;
      const { items, next } = await imports.rows(importerOf(request), request.params.importId, {
        verdict,
        after,
        limit,
      });
      return reply.header('cache-control', 'no-store').send({ items: items.map(toRow), next });
    },
  );
  await app.register(stepRoutes, { imports });
  await app.register(resultRoute, { imports });
};

const done = { 204: Type.Null({ description: 'Done' }) };

/** What moves an import on. */
const stepRoutes: FastifyPluginAsyncTypebox<{ imports: Imports }> = async (app, { imports }) => {
  app.put(
    '/seller/imports/:importId/mapping',
    {
      config: writes,
      schema: {
        operationId: 'setImportMapping',
        tags: ['seller'],
        summary: 'Say what the columns mean',
        description: 'The sheet is read again by it, and the next sheet with the same headings at once.',
        params: ImportParams,
        body: MappingBody,
        response: {
          ...done,
          ...refuses(
            importProblems,
            'import-not-found',
            'import-mapping-invalid',
            'import-outdated',
            'import-state-refused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { version, mapping } = request.body;
      await imports.setMapping(importerOf(request), request.params.importId as ImportId, version, mapping);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/seller/imports/:importId/confirmation',
    {
      config: writes,
      schema: {
        operationId: 'confirmImport',
        tags: ['seller'],
        summary: 'Have a preview written',
        description:
          'By a worker: every row or none (`all`), or those that are valid (`valid`). The same confirmation again changes nothing. Where the goods have changed since, `all` writes nothing and makes another preview, and `valid` leaves those rows out.',
        params: ImportParams,
        body: ConfirmBody,
        response: {
          202: Type.Null({ description: 'It is being written' }),
          ...refuses(
            importProblems,
            'import-not-found',
            'import-has-errors',
            'import-outdated',
            'import-state-refused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { version, mode } = request.body;
      await imports.confirm(importerOf(request), request.params.importId as ImportId, version, mode);
      return reply.code(202).send(null);
    },
  );
  app.delete(
    '/seller/imports/:importId',
    {
      config: writes,
      schema: {
        operationId: 'cancelImport',
        tags: ['seller'],
        summary: 'Call an import off',
        description:
          'In `all` nothing is written then; in `valid` what was written before stays, and the result says which rows.',
        params: ImportParams,
        response: { ...done, ...refuses(importProblems, 'import-not-found', 'import-state-refused') },
      },
    },
    async (request, reply) => {
      await imports.cancel(importerOf(request), request.params.importId as ImportId);
      return reply.code(204).send(null);
    },
  );
};

const resultExample = 'Kết quả / Result,Lý do / Reason,Mã hàng\r\nThêm mới / New,,DS-001\r\n';

const resultRoute: FastifyPluginAsyncTypebox<{ imports: Imports }> = async (app, { imports }) => {
  app.get(
    '/seller/imports/:importId/result',
    {
      config: reads,
      schema: {
        operationId: 'getImportResult',
        tags: ['seller'],
        summary: 'The sheet with a reason beside each cell',
        description:
          'As it was sent, with what became of each row and, to the right of a cell that was refused or put right, why.',
        params: ImportParams,
        querystring: ResultQuery,
        response: {
          200: {
            description: 'CSV or XLSX',
            content: { 'text/csv': { schema: Type.String({ description: 'The sheet' }), example: resultExample } },
          },
          ...refuses(importProblems, 'import-not-found'),
        },
      },
    },
    async (request, reply) => {
      const { format = 'csv' } = request.query;
      const bytes = await imports.result(importerOf(request), request.params.importId, format);
      return (
        reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="ket-qua.${format}"`)
          .type(mediaTypes[format])
          // Bytes pass the serialiser by.
          .send(bytes as never)
      );
    },
  );
};
