import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { readCode } from '#core/ids.ts';
import { fileProblems } from '#features/files/types.ts';
import type { Guarded } from '#features/identity/index.ts';
import { identityProblems } from '#features/identity/types.ts';
import { orderProblems } from '#features/orders/types.ts';
import { actorOf } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import type { Shopper } from './returning.ts';
import {
  AppealBody,
  CareOrderParams,
  PhotoBody,
  ProofBody,
  ReturnBody,
  ReturnDocument,
  ReturnParams,
  SendBackBody,
  TrackReturnBody,
} from './schemas.ts';
import type { Care } from './service.ts';
import { returnProblems } from './types.ts';
import type { ReturnView } from './views/returns.ts';

type Deps = { readonly care: Care; readonly guarded: Guarded };
const problems = { ...orderProblems, ...identityProblems, ...fileProblems, ...returnProblems };
const config = { access: 'public' } as const;
const tags = ['orders'];
const done = { 204: Type.Null({ description: 'Done' }) } as const;
const unproved = ['tracking-mismatch', 'too-many-attempts'] as const;
/** Bytes of one photo at the most. */
export const maxPhotoBytes = 20 * 1_048_576;

export const shopperOf = (request: FastifyRequest, phone: string | undefined): Shopper => ({
  actor: actorOf(request),
  phone,
  accountId: request.caller.kind === 'account' ? request.caller.accountId : undefined,
});

/** As where an order is tracked: guesses of a code's phone number in a quarter of an hour, by code and by address. */
export const proofKeys = (request: FastifyRequest, code: string) =>
  [
    [`track:${request.ip}`, 120],
    [`track:${readCode(code).slice(0, 14)}`, 20],
  ] as const;

export const toDocument = ({
  businessId,
  businessName,
  photos,
  events,
  createdAt,
  dueAt,
  escalatedAt,
  ...view
}: ReturnView) => ({
  code: view.code,
  orderCode: view.orderCode,
  business: { businessId, name: businessName },
  state: view.state,
  reason: view.reason,
  note: view.note,
  lines: view.lines,
  photoCount: photos.length,
  expectedVnd: view.expectedVnd,
  refundVnd: view.refundVnd,
  dueAt: dueAt?.toISOString() ?? null,
  escalatedAt: escalatedAt?.toISOString() ?? null,
  sellerNote: view.sellerNote,
  appealNote: view.appealNote,
  officerNote: view.officerNote,
  carrier: view.carrier,
  trackingNumber: view.trackingNumber,
  restock: view.restock,
  createdAt: createdAt.toISOString(),
  events: events.map(({ type, at }) => ({ type, at: at.toISOString() })),
});

/** What a shopper does about a return that is under way. */
const stepRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { care, guarded }) => {
  app.post(
    '/returns/:code/appeal',
    {
      config,
      schema: {
        operationId: 'appealReturn',
        tags,
        summary: 'Turn to an officer',
        description:
          'Against a refusal of the seller, while its time (`dueAt`) runs. An officer of the exchange then decides.',
        params: ReturnParams,
        body: AppealBody,
        response: { ...done, ...refuses(problems, ...unproved, 'return-not-movable', 'return-words-missing') },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, note } = request.body;
      await guarded(proofKeys(request, code), () => care.appeal(code, shopperOf(request, phone), note));
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/returns/:code/send-back',
    {
      config,
      schema: {
        operationId: 'sendBackReturn',
        tags,
        summary: 'Say that the goods are on their way back',
        description: 'After the return was accepted, while its time (`dueAt`) runs.',
        params: ReturnParams,
        body: SendBackBody,
        response: { ...done, ...refuses(problems, ...unproved, 'return-not-movable') },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, carrier = '', trackingNumber = '' } = request.body;
      await guarded(proofKeys(request, code), () =>
        care.sendBack(code, shopperOf(request, phone), { carrier, trackingNumber }),
      );
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/returns/:code/withdraw',
    {
      config,
      schema: {
        operationId: 'withdrawReturn',
        tags,
        summary: 'Call a return off',
        description: 'Until the goods are on their way back. They can then be asked back again.',
        params: ReturnParams,
        body: ProofBody,
        response: { ...done, ...refuses(problems, ...unproved, 'return-not-movable') },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      await guarded(proofKeys(request, code), () => care.withdraw(code, shopperOf(request, request.body.phone)));
      return reply.code(204).send(null);
    },
  );
};

const photoRoute: FastifyPluginAsyncTypebox<Deps> = async (app, { care, guarded }) => {
  app.post(
    '/returns/:code/photos',
    {
      config: { ...config, upload: { maxBytes: maxPhotoBytes } },
      schema: {
        operationId: 'addReturnPhoto',
        tags,
        summary: 'Add a photo to a return',
        description:
          'Of what is wrong, until it is decided. Shown to the seller and to officers without what the camera wrote into it.',
        params: ReturnParams,
        body: PhotoBody,
        response: {
          ...done,
          ...refuses(
            problems,
            ...unproved,
            'return-not-movable',
            'return-photos-full',
            'file-too-large',
            'file-type-refused',
            'file-empty',
            'file-incomplete',
            'picture-animated',
            'picture-dimensions',
            'storage-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, photo } = request.body;
      await guarded(proofKeys(request, code), () => care.addPhoto(code, shopperOf(request, phone), photo));
      return reply.code(204).send(null);
    },
  );
};

export const returnRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { care, guarded }) => {
  app.post(
    '/orders/:code/returns',
    {
      config,
      schema: {
        operationId: 'requestReturn',
        tags,
        summary: 'Ask to give something back',
        description:
          'Of pieces that were delivered, within the published days. The seller answers in time, or an officer does; what was paid for the pieces then goes back by the way it came.',
        params: CareOrderParams,
        body: ReturnBody,
        response: {
          201: ReturnDocument,
          ...refuses(
            problems,
            ...unproved,
            'line-not-of-order',
            'pieces-not-returnable',
            'return-window-over',
            'perishable-not-returnable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, ...wanted } = request.body;
      const made = await guarded(proofKeys(request, code), () =>
        care.requestReturn(code, shopperOf(request, phone), wanted),
      );
      return reply.code(201).send(toDocument(made));
    },
  );
  app.post(
    '/returns/track',
    {
      config,
      schema: {
        operationId: 'trackReturn',
        tags,
        summary: 'Where a return stands',
        description: 'Everything of a return for whoever knows its code and the phone number of its order.',
        body: TrackReturnBody,
        response: { 200: ReturnDocument, ...refuses(problems, ...unproved) },
      },
    },
    async (request, reply) => {
      const { code, phone } = request.body;
      const known = await guarded(proofKeys(request, code), () => care.getReturn(code, shopperOf(request, phone)));
      return reply.header('cache-control', 'no-store').send(toDocument(known));
    },
  );
  await app.register(photoRoute, { care, guarded });
  await app.register(stepRoutes, { care, guarded });
};
