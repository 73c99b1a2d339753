import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { fileProblems } from '#features/files/types.ts';
import { importProblems } from '#features/imports/types.ts';
import { queueProblems } from '#features/queues/types.ts';
import { byOf } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  CalendarQuery,
  CalendarView,
  ChoicesBody,
  ImportForm,
  ImportParams,
  ImportStarted,
  ImportView,
  ListVerifyBody,
  RecordedView,
  VerifiedView,
} from './list-schemas.ts';
import type { Candidate } from './rules/matching.ts';
import type { Certificates } from './service.ts';
import { certificateProblems, maxEvidenceBytes } from './types.ts';

const certifying = { access: 'staff', roles: ['certifier'] } as const;
const reading = { access: 'staff', roles: ['certifier', 'auditor'] } as const;
const tags = ['staff'];
const catalogue = { ...certificateProblems, ...fileProblems, ...importProblems, ...queueProblems };
type Deps = { readonly certificates: Certificates };

const sendJson = (reply: FastifyReply, body: object): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(JSON.stringify(body));

/** Tax codes stay inside: households have those of persons. */
const shown = ({ productId, sku, name, business }: Candidate) => ({ productId, sku, name, business });

const viewOf = ({ found, rows, certificates }: Awaited<ReturnType<Certificates['getImport']>>) => ({
  importId: found.id,
  issuer: found.issuer,
  decisionNumber: found.decisionNumber,
  issuedOn: found.issuedOn,
  confirmedAt: found.confirmedAt,
  recordedCount: found.recordedCount,
  verified: certificates.filter(({ status }) => status === 'verified').length,
  waiting: certificates.filter(({ status }) => status === 'submitted').length,
  rows: rows.map(({ row, outcome, product, candidates }) => ({
    line: row.line,
    outcome,
    name: row.name,
    star: row.star,
    product: product ? shown(product) : null,
    candidates: candidates.map(shown),
  })),
});

const sendingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  app.post(
    '/staff/certificates/imports',
    {
      config: { ...certifying, upload: { maxBytes: maxEvidenceBytes, maxFiles: 2 } },
      schema: {
        operationId: 'startCertificateImport',
        tags,
        summary: 'Send the list of a decision',
        description: 'Read and looked at; nothing is recorded before it is confirmed.',
        body: ImportForm,
        response: {
          201: ImportStarted,
          ...refuses(
            catalogue,
            'decision-sheet-unreadable',
            'decision-sheet-too-long',
            'archive-bomb',
            'workbook-active',
            'sheet-type-refused',
            'decision-number-invalid',
            'certificate-from-the-future',
            'evidence-required',
          ),
        },
      },
    },
    async (request, reply) => {
      const { list, evidence, ...entry } = request.body;
      return reply.code(201).send({ importId: await certificates.startImport(byOf(request), entry, list, evidence) });
    },
  );
  app.get(
    '/staff/certificates/imports/:importId',
    {
      config: reading,
      schema: {
        operationId: 'getCertificateImport',
        tags,
        summary: 'What a list does',
        description: 'Line by line, by the register as it is now.',
        params: ImportParams,
        response: { 200: ImportView, ...refuses(catalogue, 'certificate-import-not-found') },
      },
    },
    async (request, reply) => sendJson(reply, viewOf(await certificates.getImport(request.params.importId))),
  );
};

const decidingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  app.put(
    '/staff/certificates/imports/:importId/choices',
    {
      config: certifying,
      schema: {
        operationId: 'chooseForCertificateImport',
        tags,
        summary: 'Say which product a line means',
        description: 'For lines that fit several. What is not among their candidates is not taken.',
        params: ImportParams,
        body: ChoicesBody,
        response: {
          200: ImportView,
          ...refuses(catalogue, 'certificate-import-not-found', 'certificate-import-confirmed'),
        },
      },
    },
    async (request, reply) => {
      const { importId } = request.params;
      const choices = Object.fromEntries(request.body.choices.map(({ line, productId }) => [String(line), productId]));
      await certificates.choose(byOf(request), importId, choices);
      return sendJson(reply, viewOf(await certificates.getImport(importId)));
    },
  );
  app.post(
    '/staff/certificates/imports/:importId/confirm',
    {
      config: certifying,
      schema: {
        operationId: 'confirmCertificateImport',
        tags,
        summary: 'Record a list',
        description: 'Every line that is new, all or none. They wait for another certifier.',
        params: ImportParams,
        response: {
          200: RecordedView,
          ...refuses(catalogue, 'certificate-import-not-found', 'certificate-import-confirmed', 'decision-nothing-new'),
        },
      },
    },
    async (request) => ({ recorded: await certificates.confirmImport(byOf(request), request.params.importId) }),
  );
  app.post(
    '/staff/certificates/imports/:importId/verify',
    {
      config: certifying,
      schema: {
        operationId: 'verifyCertificateImport',
        tags,
        summary: 'Verify a whole list',
        description: 'All of it that waits, in one act, by somebody who did not send it.',
        params: ImportParams,
        body: ListVerifyBody,
        response: {
          200: VerifiedView,
          ...refuses(
            catalogue,
            'certificate-import-not-found',
            'certificate-import-not-confirmed',
            'certificate-not-submitted',
            'certificate-four-eyes',
            'claim-required',
            'checklist-incomplete',
          ),
        },
      },
    },
    async (request) => ({
      verified: await certificates.verifyImport(byOf(request), request.params.importId, request.body.checked),
    }),
  );
};

export const certificateListRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { certificates }) => {
  await app.register(sendingRoutes, { certificates });
  await app.register(decidingRoutes, { certificates });
  app.get(
    '/staff/certificates/calendar',
    {
      config: reading,
      schema: {
        operationId: 'listEndingCertificates',
        tags,
        summary: 'What ends when',
        description: 'Certificates in force that end within the months asked for.',
        querystring: CalendarQuery,
        response: { 200: CalendarView, ...refused },
      },
    },
    async (request, reply) => {
      const { months = 12, ...filter } = request.query;
      return sendJson(reply, { items: await certificates.listEnding({ ...filter, months }) });
    },
  );
};
