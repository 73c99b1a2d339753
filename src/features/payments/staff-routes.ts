import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { queueProblems } from '#features/queues/types.ts';
import { byOf } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { Limit, refused, refuses } from '#http/schema.ts';
import type { Payments } from './service.ts';
import {
  DisputeParams,
  Done,
  LossBody,
  MatchBody,
  PassedBody,
  PayeeBody,
  ProposalParams,
  Proposed,
  RefundParams,
  Refunds,
  RefuseBody,
  SentBody,
  StatementBody,
  StatementView,
  TransferParams,
  Transfers,
} from './staff-schemas.ts';
import { paymentProblems } from './types.ts';

const Query = Type.Object({ limit: Type.Optional(Limit) });
const looking = { access: 'staff' } as const;
/** What moves money, or says where it goes: a session that was stolen must not be enough. */
export const deciding = { access: 'staff', roles: ['finance'], fresh: true } as const;
export const maxStatementBytes = 5 * 1_048_576;
const moving = { ...deciding, idempotencyKey: true } as const;
const tags = ['staff'];
const problems = { ...paymentProblems, ...queueProblems };

type Deps = { readonly payments: Payments; readonly idempotent: Idempotent };

const listRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { payments }) => {
  app.get(
    '/staff/refunds',
    {
      config: looking,
      schema: {
        operationId: 'listRefunds',
        tags,
        summary: 'Refunds that wait',
        description:
          'What is owed to shoppers and has not been sent, or came back. Card refunds are sent by a job, bank transfers by a person.',
        querystring: Query,
        response: { 200: Refunds, ...refused },
      },
    },
    async (request) => ({
      items: (await payments.listRefunds(request.query.limit ?? 24)).map(
        ({ id, amountVnd, reason, status, way, failure, createdAt, orderId }) => {
          const about = { id, amountVnd, reason, status, way, failure, orderId };
          return { ...about, createdAt: createdAt.toISOString() };
        },
      ),
    }),
  );
  app.get(
    '/staff/unmatched-transfers',
    {
      config: looking,
      schema: {
        operationId: 'listUnmatchedTransfers',
        tags,
        summary: 'Transfers that belong to nobody yet',
        description:
          'No code in the text, two codes, or another account. The money is in suspense until a person decides.',
        querystring: Query,
        response: { 200: Transfers, ...refused },
      },
    },
    async (request) => ({
      items: (await payments.listUnmatched(request.query.limit ?? 24)).map((transfer) => ({
        ...transfer,
        receivedAt: transfer.receivedAt.toISOString(),
      })),
    }),
  );
};

const proposalRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { payments, idempotent }) => {
  app.post(
    '/staff/unmatched-transfers/:transferId/match',
    {
      config: deciding,
      schema: {
        operationId: 'proposeMatch',
        tags,
        summary: 'Say whose a transfer is',
        description: 'Part by part, or without parts that it goes back. Another officer approves.',
        params: TransferParams,
        body: MatchBody,
        response: {
          201: Proposed,
          ...refuses(
            problems,
            'transfer-not-found',
            'transfer-settled',
            'match-unknown-code',
            'match-malformed',
            'match-too-much',
            'money-reason-required',
            'proposal-open',
            'item-claimed',
          ),
        },
      },
    },
    async (request, reply) => {
      const draft = { transferId: request.params.transferId, ...request.body };
      return reply.code(201).send({ proposalId: await payments.proposeMatch(byOf(request), draft) });
    },
  );
  app.post(
    '/staff/money-proposals/:proposalId/approve',
    {
      config: moving,
      schema: {
        operationId: 'approveMoneyProposal',
        tags,
        summary: 'Approve what another officer proposed',
        description: 'It happens at once. Requires `Idempotency-Key`.',
        params: ProposalParams,
        response: {
          200: Done,
          ...refuses(
            problems,
            'proposal-not-found',
            'proposal-decided',
            'money-four-eyes',
            'transfer-settled',
            'refund-settled',
            'provider-lines-settled',
            'item-claimed',
          ),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const done = { done: true };
        await payments.approve(byOf(request), request.params.proposalId, (tx) => finish(tx, done));
        return done;
      }),
  );
};

/** What is refused, and what nobody can get back. */
const refusalRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { payments }) => {
  app.post(
    '/staff/money-proposals/:proposalId/reject',
    {
      config: deciding,
      schema: {
        operationId: 'rejectMoneyProposal',
        tags,
        summary: 'Refuse a proposal, or take one’s own back',
        description: 'What it was about waits again.',
        params: ProposalParams,
        body: RefuseBody,
        response: {
          200: Done,
          ...refuses(problems, 'proposal-not-found', 'proposal-decided', 'money-reason-required', 'item-claimed'),
        },
      },
    },
    async (request) => {
      await payments.reject(byOf(request), request.params.proposalId, request.body.reason);
      return { done: true };
    },
  );
  app.post(
    '/staff/disputes/:disputeId/loss',
    {
      config: deciding,
      schema: {
        operationId: 'proposeLoss',
        tags,
        summary: 'Say who bears what the bank took back',
        description: 'The orders whose money it was, or the exchange. Another officer approves.',
        params: DisputeParams,
        body: LossBody,
        response: {
          201: Proposed,
          ...refuses(problems, 'dispute-not-found', 'money-reason-required', 'proposal-open', 'item-claimed'),
        },
      },
    },
    async (request, reply) => {
      const { bearer, reason } = request.body;
      const draft = {
        disputeId: request.params.disputeId,
        bearer: bearer === 'orders' ? bearer : 'exchange',
        reason,
      } as const;
      return reply.code(201).send({ proposalId: await payments.proposeLoss(byOf(request), draft) });
    },
  );
};

const refundRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { payments, idempotent }) => {
  app.post(
    '/staff/refunds/:refundId/account',
    {
      config: deciding,
      schema: {
        operationId: 'proposeRefundAccount',
        tags,
        summary: 'Say to which account a refund is transferred',
        description: 'For money that came by transfer, and for what a provider refused. Another officer approves.',
        params: RefundParams,
        body: PayeeBody,
        response: {
          201: Proposed,
          ...refuses(
            problems,
            'refund-not-found',
            'refund-settled',
            'payee-malformed',
            'money-reason-required',
            'proposal-open',
            'item-claimed',
          ),
        },
      },
    },
    async (request, reply) => {
      const { reason, ...payee } = request.body;
      const draft = { refundId: request.params.refundId, payee, reason };
      return reply.code(201).send({ proposalId: await payments.proposeAccount(byOf(request), draft) });
    },
  );
  app.post(
    '/staff/refunds/:refundId/sent',
    {
      config: moving,
      schema: {
        operationId: 'markRefundSent',
        tags,
        summary: 'The refund was transferred at the bank',
        description:
          'To the account that two officers have looked at. The feed confirms it. Requires `Idempotency-Key`.',
        params: RefundParams,
        body: SentBody,
        response: {
          200: Done,
          ...refuses(
            problems,
            'refund-not-found',
            'refund-settled',
            'refund-not-approved',
            'bank-reference-required',
            'item-claimed',
          ),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const done = { done: true };
        const { refundId } = request.params;
        await payments.markSent(byOf(request), refundId, request.body.bankReference, (tx) => finish(tx, done));
        return done;
      }),
  );
  app.post(
    '/staff/refunds/:refundId/retry',
    {
      config: moving,
      schema: {
        operationId: 'retryRefund',
        tags,
        summary: 'Ask the provider once more',
        description: 'For a refund that it refused, or that came back. Requires `Idempotency-Key`.',
        params: RefundParams,
        response: { 200: Done, ...refuses(problems, 'refund-not-found', 'refund-settled', 'item-claimed') },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const done = { done: true };
        await payments.retryRefund(byOf(request), request.params.refundId, (tx) => finish(tx, done));
        return done;
      }),
  );
};

const passedRoute: FastifyPluginAsyncTypebox<Deps> = async (app, { payments }) => {
  app.post(
    '/staff/unmatched-transfers/:transferId/provider-payout',
    {
      config: { ...deciding, upload: { maxBytes: maxStatementBytes } },
      schema: {
        operationId: 'proposeProviderPayout',
        tags,
        summary: 'Say that a transfer is what a provider had collected',
        description:
          'By the provider’s own file: its amounts less its fees must be the transfer, and each line what the books say. Another officer approves; then the money is no longer at the provider.',
        params: TransferParams,
        body: PassedBody,
        response: {
          201: Proposed,
          ...refuses(
            problems,
            'transfer-not-found',
            'transfer-settled',
            'provider-file-unreadable',
            'provider-payout-reference',
            'provider-net-differs',
            'provider-lines-differ',
            'money-reason-required',
            'proposal-open',
            'item-claimed',
          ),
        },
      },
    },
    async (request, reply) => {
      const { provider, reference, reason, file } = request.body;
      const draft = { transferId: request.params.transferId, provider, reference, reason, file };
      return reply.code(201).send({ proposalId: await payments.proposePassed(byOf(request), draft) });
    },
  );
};

/** Money that waits for a person. */
export const paymentStaffRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { payments, idempotent }) => {
  const deps = { payments, idempotent };
  await app.register(listRoutes, deps);
  await app.register(proposalRoutes, deps);
  await app.register(refusalRoutes, deps);
  await app.register(refundRoutes, deps);
  await app.register(passedRoute, deps);
  app.post(
    '/staff/bank-statements',
    {
      config: { ...deciding, upload: { maxBytes: maxStatementBytes } },
      schema: {
        operationId: 'importBankStatement',
        tags,
        summary: 'Read a statement of the bank',
        description:
          'Each line is matched once with what webhooks told; what they left out is taken in, and what they told without the bank is named.',
        body: StatementBody,
        response: { 200: StatementView, ...refuses(problems, 'statement-unreadable', 'statement-known') },
      },
    },
    async (request) => {
      const { bytes, name } = request.body.statement;
      return await payments.importStatement(byOf(request), { bytes, name });
    },
  );
};
