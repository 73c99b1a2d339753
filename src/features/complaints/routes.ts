import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { maxPhotoBytes, proofKeys, shopperOf } from '#features/care/index.ts';
import { fileProblems } from '#features/files/types.ts';
import type { Guarded } from '#features/identity/index.ts';
import { identityProblems } from '#features/identity/types.ts';
import { refuses } from '#http/schema.ts';
import type { Shopper } from './deps.ts';
import {
  ComplaintAskBody,
  ComplaintBody,
  ComplaintDocument,
  ComplaintParams,
  ComplaintPhotoBody,
  ComplaintProofBody,
  ComplaintSayBody,
  TrackComplaintBody,
} from './schemas.ts';
import type { Complaints } from './service.ts';
import { complaintProblems } from './types.ts';
import type { ComplaintView, Head } from './views/complaints.ts';

type Deps = { readonly complaints: Complaints; readonly guarded: Guarded };
const problems = { ...identityProblems, ...fileProblems, ...complaintProblems };
const config = { access: 'public' } as const;
const tags = ['orders'];
const done = { 204: Type.Null({ description: 'Done' }) } as const;
const unproved = ['complaint-not-proved', 'too-many-attempts'] as const;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
export const toHead = (known: Head) => ({
  code: known.code,
  subject: known.subject,
  orderCode: known.orderCode,
  productId: known.productId,
  business: { businessId: known.businessId, name: known.businessName },
  kind: known.kind,
  wish: known.wish,
  wishVnd: known.wishVnd,
  state: known.state,
  answerBy: iso(known.answerBy),
  answeredAt: iso(known.answeredAt),
  dueAt: iso(known.dueAt),
  escalatedAt: iso(known.escalatedAt),
  overdue: known.overdue,
  offerKind: known.offerKind,
  offerVnd: known.offerVnd,
  verdict: known.verdict,
  refundVnd: known.refundVnd,
  warned: known.warned,
  reportedTo: known.reportedTo,
  createdAt: known.createdAt.toISOString(),
});
export const toDocument = (known: ComplaintView) => ({
  ...toHead(known),
  messages: known.messages.map(({ author, text, photos, at }) => ({
    author,
    text,
    photoCount: photos.length,
    at: at.toISOString(),
  })),
  events: known.events.map(({ type, at }) => ({ type, at: at.toISOString() })),
});

const fileRefusals = [
  'file-too-large',
  'file-type-refused',
  'file-empty',
  'file-incomplete',
  'picture-animated',
  'picture-dimensions',
  'storage-unavailable',
] as const;

const talkRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints, guarded }) => {
  app.post(
    '/complaints/:code/messages',
    {
      config,
      schema: {
        operationId: 'sayInComplaint',
        tags,
        summary: 'Say more',
        description: 'Read by the business and by officers, until the complaint has ended.',
        params: ComplaintParams,
        body: ComplaintSayBody,
        response: { ...done, ...refuses(problems, ...unproved, 'complaint-over', 'complaint-words-missing') },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, text } = request.body;
      await guarded(proofKeys(request, code), () => complaints.sayAsShopper(code, shopperOf(request, phone), text));
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/complaints/:code/photos',
    {
      config: { ...config, upload: { maxBytes: maxPhotoBytes } },
      schema: {
        operationId: 'addComplaintPhoto',
        tags,
        summary: 'Say more with a photo',
        description: 'Shown to the business and to officers without what the camera wrote into it.',
        params: ComplaintParams,
        body: ComplaintPhotoBody,
        response: {
          ...done,
          ...refuses(problems, ...unproved, 'complaint-over', 'complaint-words-missing', ...fileRefusals),
        },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, text, photo } = request.body;
      await guarded(proofKeys(request, code), () =>
        complaints.sayAsShopper(code, shopperOf(request, phone), text, [photo]),
      );
      return reply.code(204).send(null);
    },
  );
};

/** The steps of whoever complained. */
const stepRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints, guarded }) => {
  const step = (
    verb: 'accept' | 'withdraw',
    operationId: string,
    summary: string,
    description: string,
    run: (code: string, shopper: Shopper) => Promise<void>,
  ): void => {
    app.post(
      `/complaints/:code/${verb}`,
      {
        config,
        schema: {
          operationId,
          tags,
          summary,
          description,
          params: ComplaintParams,
          body: ComplaintProofBody,
          response: { ...done, ...refuses(problems, ...unproved, 'complaint-not-movable') },
        },
      },
      async (request, reply) => {
        const { code } = request.params as { code: string };
        const { phone } = request.body as { phone?: string };
        await guarded(proofKeys(request, code), () => run(code, shopperOf(request, phone)));
        return reply.code(204).send(null);
      },
    );
  };
  step(
    'accept',
    'acceptComplaintOffer',
    'Take what is offered',
    'While its time (`dueAt`) runs. Money that is offered goes back at once, by the way it came.',
    complaints.acceptOffer,
  );
  step('withdraw', 'withdrawComplaint', 'Withdraw a complaint', 'Until an officer has decided.', complaints.withdraw);
  app.post(
    '/complaints/:code/escalate',
    {
      config,
      schema: {
        operationId: 'askComplaintOfficer',
        tags,
        summary: 'Have an officer decide',
        description: 'Instead of waiting for an answer, or against what is offered.',
        params: ComplaintParams,
        body: ComplaintAskBody,
        response: { ...done, ...refuses(problems, ...unproved, 'complaint-not-movable') },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, text = '' } = request.body;
      await guarded(proofKeys(request, code), () => complaints.askOfficer(code, shopperOf(request, phone), text));
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/complaints/:code/appeal',
    {
      config,
      schema: {
        operationId: 'appealComplaint',
        tags,
        summary: 'Have a decision reviewed',
        description: 'Once, while its time (`dueAt`) runs, by another officer than the one who decided.',
        params: ComplaintParams,
        body: ComplaintSayBody,
        response: { ...done, ...refuses(problems, ...unproved, 'complaint-not-movable', 'complaint-words-missing') },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { phone, text } = request.body;
      await guarded(proofKeys(request, code), () => complaints.appeal(code, shopperOf(request, phone), text));
      return reply.code(204).send(null);
    },
  );
};

export const complaintRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { complaints, guarded }) => {
  app.post(
    '/complaints',
    {
      config,
      schema: {
        operationId: 'fileComplaint',
        tags,
        summary: 'Complain',
        description:
          'Of an order that was paid (shown to be yours by its phone number or your account), of a business or of a product. The business answers until `answerBy`; otherwise an officer decides. Of what may make somebody ill an officer hears at once.',
        body: ComplaintBody,
        response: {
          201: ComplaintDocument,
          ...refuses(
            problems,
            ...unproved,
            'complaint-subject-missing',
            'complaint-order-unpaid',
            'complaint-too-late',
            'complaint-open-already',
            'complaint-phone-invalid',
            'complaint-words-missing',
            'complaint-wish-refused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { phone, ...filing } = request.body;
      const made = await guarded(proofKeys(request, filing.about), () =>
        complaints.fileComplaint(shopperOf(request, phone), filing),
      );
      return reply.code(201).send(toDocument(made));
    },
  );
  app.post(
    '/complaints/track',
    {
      config,
      schema: {
        operationId: 'trackComplaint',
        tags,
        summary: 'Where a complaint stands',
        description: 'Everything of a complaint for whoever knows its code and its phone number.',
        body: TrackComplaintBody,
        response: { 200: ComplaintDocument, ...refuses(problems, ...unproved) },
      },
    },
    async (request, reply) => {
      const { code, phone } = request.body;
      const known = await guarded(proofKeys(request, code), () =>
        complaints.getComplaint(code, shopperOf(request, phone)),
      );
      return reply.header('cache-control', 'no-store').send(toDocument(known));
    },
  );
  await app.register(talkRoutes, { complaints, guarded });
  await app.register(stepRoutes, { complaints, guarded });
};
