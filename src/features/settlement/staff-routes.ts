import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { readCode } from '#core/ids.ts';
import { businessProblems } from '#features/businesses/types.ts';
import { byOf } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { IdOf, refused, refuses } from '#http/schema.ts';
import type { RunRow } from './queries.ts';
import { ENDINGS, type Ending } from './rules.ts';
import { Ended, NoteBody, PayoutParams, RunDetail, RunList, RunParams, RunView } from './schemas.ts';
import type { Settlement } from './service.ts';
import { settlementProblems } from './types.ts';

type Deps = { readonly settlement: Settlement; readonly idempotent: Idempotent };
const reading = { access: 'staff', roles: ['finance', 'auditor'] } as const;
/** Whoever sends money away proves who they are, once more. */
const paying = { access: 'staff', roles: ['finance'], fresh: true } as const;
const tags = ['staff'];
const Done = Type.Null({ description: 'Done' });
const catalogue = { ...settlementProblems, ...businessProblems };

const viewOf = ({ id: runId, skipped: _skipped, draftedBy: _d, proposedBy: _p, approvedBy: _a, ...run }: RunRow) => ({
  runId,
  ...run,
});
const sendJson = (reply: FastifyReply, body: object, status = 200): FastifyReply =>
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(JSON.stringify(body));

const runRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { settlement }) => {
  app.get(
    '/staff/payout-runs',
    {
      config: reading,
      schema: {
        operationId: 'listPayoutRuns',
        tags,
        summary: 'Payout runs',
        description: 'Newest first.',
        response: { 200: RunList, ...refused },
      },
    },
    async (_request, reply) => sendJson(reply, { items: (await settlement.listRuns()).map(viewOf) }),
  );
  app.get(
    '/staff/payout-runs/:runId',
    {
      config: reading,
      schema: {
        operationId: 'getPayoutRun',
        tags,
        summary: 'A run with its payouts, and whom it leaves out',
        description: 'Each payout is the sum of what is due of its orders.',
        params: RunParams,
        response: { 200: RunDetail, ...refuses(catalogue, 'payout-run-not-found') },
      },
    },
    async (request, reply) => {
      const { run, payouts } = await settlement.getRun(request.params.runId);
      const shown = payouts.map(({ runId: _run, holderName: _holder, ...payout }) => payout);
      return sendJson(reply, { ...viewOf(run), skipped: run.skipped, payouts: shown });
    },
  );
  app.post(
    '/staff/payout-runs',
    {
      config: paying,
      schema: {
        operationId: 'draftPayoutRun',
        tags,
        summary: 'Draft a run of what is due',
        description:
          'One payout a business, of orders that were delivered and can no longer be sent back. What a business owes is taken off; who is left out is named with the reason. No money moves.',
        response: { 201: RunView, ...refuses(catalogue, 'payout-run-open', 'payout-run-empty') },
      },
    },
    async (request, reply) => {
      const { run } = await settlement.getRun(await settlement.draft(byOf(request)));
      return sendJson(reply, viewOf(run), 201);
    },
  );
  const step = (verb: 'refresh' | 'propose' | 'abandon', operationId: string, summary: string, description: string) =>
    app.post(
      `/staff/payout-runs/:runId/${verb}`,
      {
        config: paying,
        schema: {
          operationId,
          tags,
          summary,
          description,
          params: RunParams,
          response: {
            204: Done,
            ...refuses(catalogue, 'payout-run-not-found', 'payout-run-state', 'payout-run-empty'),
          },
        },
      },
      async (request, reply) => {
        await settlement[verb](byOf(request), (request.params as { runId: RunRow['id'] }).runId);
        return reply.code(204).send(null);
      },
    );
  step('refresh', 'refreshPayoutRun', 'Draft a run anew', 'From what is due now; whoever proposed must propose again.');
  step('propose', 'proposePayoutRun', 'Propose a run', 'Another officer approves it.');
  step('abandon', 'abandonPayoutRun', 'Abandon a run', 'What it planned is due for the next one.');
};

/** Payout runs: drafted, proposed by one officer, approved by another, and carried out at the bank. */
export const staffSettlementRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { settlement, idempotent }) => {
  const deps = { settlement, idempotent };
  await app.register(runRoutes, deps);
  app.post(
    '/staff/payout-runs/:runId/approve',
    {
      config: { ...paying, idempotencyKey: true },
      schema: {
        operationId: 'approvePayoutRun',
        tags,
        summary: 'Approve a run that another officer proposed',
        description: 'From now on its payouts are owed no more and are on their way. Requires `Idempotency-Key`.',
        params: RunParams,
        response: {
          200: Type.Object({
            runId: IdOf('PayoutRun', 'The run'),
            status: Type.Literal('approved', { description: 'Its state' }),
          }),
          ...refuses(catalogue, 'payout-run-not-found', 'payout-run-state', 'payout-four-eyes', 'payout-run-stale'),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const { runId } = request.params;
        const approved = { runId, status: 'approved' as const };
        await settlement.approve(byOf(request), runId, (tx) => finish(tx, approved));
        return approved;
      }),
  );
  app.post(
    '/staff/payout-runs/:runId/bank-file',
    {
      config: paying,
      schema: {
        operationId: 'takeBankFile',
        tags,
        summary: 'The file for the bank',
        description:
          'CSV of the approved payouts that have not ended, one line each without diacritics. Account numbers are opened for it and each opening is written down.',
        params: RunParams,
        response: { ...refuses(catalogue, 'payout-run-not-found', 'payout-run-state') },
      },
    },
    async (request, reply) => {
      const { name, bytes } = await settlement.bankFile(byOf(request), request.params.runId);
      return reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .type('text/csv; charset=utf-8')
        .send(bytes);
    },
  );
  await app.register(endingRoutes, deps);
};

const endingTexts: Readonly<Record<Ending, readonly [operationId: string, summary: string, description: string]>> = {
  paid: ['markPayoutPaid', 'The bank has paid it', 'With the bank’s reference.'],
  failed: ['markPayoutFailed', 'The bank did not take it', 'It is owed again and comes with the next run.'],
  returned: ['markPayoutReturned', 'It came back', 'A paid one; it is owed again and comes with the next run.'],
};

/** What happened at the bank. */
const endingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { settlement, idempotent }) => {
  for (const ending of ENDINGS) {
    const [operationId, summary, description] = endingTexts[ending];
    app.post(
      `/staff/payouts/:code/${ending}`,
      {
        config: { ...paying, idempotencyKey: true },
        schema: {
          operationId,
          tags,
          summary,
          description: `${description} The same told again changes nothing. Requires \`Idempotency-Key\`.`,
          params: PayoutParams,
          body: NoteBody,
          response: {
            200: Ended,
            ...refuses(catalogue, 'payout-not-found', 'payout-state', 'payout-note-missing'),
          },
        },
      },
      (request, reply) =>
        idempotent(request, reply, 200, async (finish) => {
          const { code } = request.params as { code: string };
          const ended = { code: readCode(code), status: ending };
          const { note } = request.body as { note: string };
          await settlement.endPayout(byOf(request), code, ending, note, (tx) => finish(tx, ended));
          return ended;
        }),
    );
  }
  app.post(
    '/staff/businesses/:businessId/bank-account/confirm',
    {
      config: paying,
      schema: {
        operationId: 'confirmBankAccount',
        tags,
        summary: 'Confirm a changed bank account',
        description: 'After the owner said so by a telephone number known before. A confirmed account need not rest.',
        params: Type.Object({ businessId: IdOf('Business', 'Whose account it is') }),
        body: NoteBody,
        response: { 204: Done, ...refuses(catalogue, 'bank-account-unknown', 'payout-note-missing') },
      },
    },
    async (request, reply) => {
      await settlement.confirmAccount(byOf(request), request.params.businessId, request.body.note);
      return reply.code(204).send(null);
    },
  );
};
