import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { refusals } from '#core/problem.ts';
import { actorOf, ownBusinesses } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import { attachment, maxBytes } from './rules/uploads.ts';
import { FileParams, FileSizeParams, SendFileBody, StoredFileView } from './schemas.ts';
import type { Files } from './service.ts';
import { fileProblems, type ShownPicture } from './types.ts';

const refuse = refusals(fileProblems);
/** Papers are for those who answer for the business and for those who help them with them. */
const own = {
  access: 'seller',
  roles: ['owner', 'manager', 'assistant'],
  scope: ['profile', 'products'],
} as const;
const officers = { access: 'staff', roles: ['moderator', 'certifier', 'support', 'auditor'] } as const;
const hidden = { hide: true } as const;

/** What was sent is handed out to be kept, whatever its type says: no browser may show or run it under our name. */
function sendOriginal(reply: FastifyReply, { bytes, name }: { readonly bytes: Buffer; readonly name: string }) {
  return reply
    .type('application/octet-stream')
    .header('content-disposition', attachment(name))
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'private, no-store')
    .send(bytes);
}

function sendShown(reply: FastifyReply, shown: ShownPicture | undefined) {
  if (!shown) throw refuse('file-not-found');
  return reply
    .type(shown.type)
    .header('cache-control', shown.final ? 'private, max-age=86400' : 'private, max-age=5')
    .header('vary', 'accept')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(shown.bytes);
}

/** The files that a business sends, for its own members and for officers. */
export const fileRoutes: FastifyPluginAsyncTypebox<{ files: Files }> = async (app, { files }) => {
  app.post(
    '/seller/files',
    {
      config: { ...own, upload: { maxBytes: maxBytes.picture } },
      schema: {
        operationId: 'sendFile',
        tags: ['seller'],
        summary: 'Send a picture or a document',
        description:
          'Sent before what it belongs to, which then names its `fileId`. The bytes are kept as they are and are never shown: of a picture, sizes are made within seconds, without what the camera wrote into it. A picture that nothing names is forgotten after a week.',
        body: SendFileBody,
        response: {
          201: StoredFileView,
          ...refuses(
            fileProblems,
            'file-too-large',
            'file-type-refused',
            'file-empty',
            'file-incomplete',
            'picture-animated',
            'picture-dimensions',
            'business-not-chosen',
            'storage-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { kind, file, businessId: named } = request.body;
      const mine = ownBusinesses(request);
      const businessId = named ?? (mine.length === 1 ? mine[0] : undefined);
      if (!businessId || !mine.includes(businessId)) throw refuse('business-not-chosen');
      return reply.code(201).send(await files.keep(kind, file, { actor: actorOf(request), businessId }));
    },
  );
  app.get(
    '/seller/files/:fileId',
    {
      config: own,
      schema: {
        operationId: 'getFile',
        tags: ['seller'],
        summary: 'What is known of a file',
        description: 'Its type, size and hash, and of a picture its sides and its colour.',
        params: FileParams,
        response: { 200: StoredFileView, ...refuses(fileProblems, 'file-not-found') },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(await files.find(request.params.fileId, ownBusinesses(request))),
  );
};

/** Outside `/v1`: what pages link to. `/tep` is for the business, `/quan-tri/tep` for officers, whose reading is logged. */
export const filePages: FastifyPluginAsyncTypebox<{ files: Files }> = async (app, { files }) => {
  app.get('/tep/:fileId', { config: own, schema: { ...hidden, params: FileParams } }, async (request, reply) =>
    sendOriginal(reply, await files.read(request.params.fileId, ownBusinesses(request))),
  );
  app.get(
    '/tep/:fileId/:width',
    { config: own, schema: { ...hidden, params: FileSizeParams } },
    async (request, reply) => {
      const { fileId, width } = request.params;
      return sendShown(reply, await files.show(fileId, width, request.headers.accept ?? '', ownBusinesses(request)));
    },
  );
  app.get(
    '/quan-tri/tep/:fileId',
    { config: officers, schema: { ...hidden, params: FileParams } },
    async (request, reply) =>
      sendOriginal(reply, await files.readForOfficer(request.params.fileId, actorOf(request), request.ip)),
  );
  app.get(
    '/quan-tri/tep/:fileId/:width',
    { config: officers, schema: { ...hidden, params: FileSizeParams } },
    async (request, reply) => {
      const { fileId, width } = request.params;
      return sendShown(reply, await files.show(fileId, width, request.headers.accept ?? ''));
    },
  );
};
