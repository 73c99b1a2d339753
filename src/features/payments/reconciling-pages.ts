import type { FastifyPluginAsync } from 'fastify';
import { type Id, isId } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import { type Fault, faultsOf } from '#web/faults.ts';
import type { SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import type { Site } from '#web/view.ts';
import {
  type Bank,
  deskPath,
  disputePage,
  proposalPage,
  reconcilingPage,
  refundPage,
  type Shown,
  transferPage,
} from './reconciling-parts.ts';
import type { Payments } from './service.ts';
import { deciding, maxStatementBytes } from './staff-routes.ts';
import { PASSING_PROVIDERS, paymentProblems } from './types.ts';

export type ReconcilingPageDeps = {
  readonly site: Site;
  readonly payments: Payments;
  readonly banks: readonly Bank[];
};
type Answer = Promise<SafeHtml | typeof SENT>;
type Draw = (shown: Shown) => Promise<SafeHtml>;

const refuse = refusals(paymentProblems);
const looking = { access: 'staff', roles: ['finance', 'auditor'] } as const;

type Codes = 'transfer-not-found' | 'refund-not-found' | 'dispute-not-found' | 'proposal-not-found';
const idOf = <Kind extends string>({ param }: PageContext, name: string, code: Codes): Id<Kind> => {
  const id = param(name);
  if (!isId<Kind>(id)) throw refuse(code);
  return id;
};
const shownOf = ({ view, field, query }: PageContext, faults: readonly Fault[] = []): Shown => ({
  faults,
  typed: field,
  notice:
    query('xong') === '1' ? view.t('money.decided') : query('xong') === '2' ? view.t('money.proposed') : undefined,
});

/** Does what the form asks for and leads on; a refusal comes back with all that was typed. */
async function act(context: PageContext, draw: Draw, work: () => Promise<unknown>, done: '1' | '2'): Answer {
  const faults = await faultsOf(context, work);
  return faults ? draw(shownOf(context, faults)) : seeOther(context, `${deskPath}?xong=${done}`);
}

const digits = (text: string): Vnd => vnd(Number(text.replace(/[^0-9]/g, '').slice(0, 15) || 0));
const partsOf = ({ field }: PageContext) =>
  [1, 2, 3].flatMap((count) => {
    const code = field(`code${count}`);
    return code === '' ? [] : [{ code: code.toUpperCase(), amountVnd: digits(field(`amount${count}`)) }];
  });

function transferPages({ payments }: ReconcilingPageDeps) {
  const at = (context: PageContext) => idOf<'BankTransfer'>(context, 'transferId', 'transfer-not-found');
  const draw = (context: PageContext) => async (shown: Shown) =>
    transferPage(context.view, await payments.getTransferCase(at(context)), shown);
  const propose = (context: PageContext): Answer => {
    const draft = { transferId: at(context), allocations: partsOf(context), reason: context.field('reason') };
    return act(context, draw(context), () => payments.proposeMatch(byOf(context.request), draft), '2');
  };
  /** What a provider passed on: the form keeps what was typed, the file is chosen anew. */
  const pass = async (context: PageContext): Answer => {
    const { field } = context;
    const provider = PASSING_PROVIDERS.find((one) => one === field('provider')) ?? 'stripe';
    const sent = context.file('file');
    const file = { bytes: sent?.bytes ?? Buffer.alloc(0), name: sent?.name ?? '' };
    const draft = { transferId: at(context), provider, reference: field('reference'), reason: field('why'), file };
    const faults = await faultsOf(context, () => payments.proposePassed(byOf(context.request), draft));
    // Two forms of this page ask why; this one by another name.
    const shown = faults?.map((fault) => (fault.name === 'reason' ? { ...fault, name: 'why' } : fault));
    return shown ? draw(context)(shownOf(context, shown)) : seeOther(context, `${deskPath}?xong=2`);
  };
  return { draw, propose, pass };
}

function refundPages({ payments, banks }: ReconcilingPageDeps) {
  const at = (context: PageContext) => idOf<'Refund'>(context, 'refundId', 'refund-not-found');
  const draw = (context: PageContext) => async (shown: Shown) =>
    refundPage(context.view, await payments.getRefundCase(byOf(context.request), at(context)), banks, shown);
  const decide = (context: PageContext): Answer => {
    const { field, request } = context;
    const [officer, refundId] = [byOf(request), at(context)];
    const wanted = field('do');
    const payee = { bankBin: field('bankBin'), accountNumber: field('accountNumber'), name: field('holder') };
    const draft = { refundId, payee, reason: field('reason') };
    const work =
      wanted === 'sent'
        ? () => payments.markSent(officer, refundId, field('bankReference'))
        : wanted === 'retry'
          ? () => payments.retryRefund(officer, refundId)
          : () => payments.proposeAccount(officer, draft);
    return act(context, draw(context), work, wanted === 'account' ? '2' : '1');
  };
  return { draw, decide };
}

function disputePages({ payments }: ReconcilingPageDeps) {
  const at = (context: PageContext) => idOf<'Dispute'>(context, 'disputeId', 'dispute-not-found');
  const draw = (context: PageContext) => async (shown: Shown) =>
    disputePage(context.view, await payments.getDisputeCase(at(context)), shown);
  const propose = (context: PageContext): Answer => {
    const { field, request } = context;
    const bearer = field('bearer') === 'exchange' ? 'exchange' : 'orders';
    const draft = { disputeId: at(context), bearer, reason: field('reason') } as const;
    return act(context, draw(context), () => payments.proposeLoss(byOf(request), draft), '2');
  };
  return { draw, propose };
}

function proposalPages({ payments }: ReconcilingPageDeps) {
  const at = (context: PageContext) => idOf<'MoneyProposal'>(context, 'proposalId', 'proposal-not-found');
  const draw = (context: PageContext) => async (shown: Shown) => {
    const { proposal, amountVnd } = await payments.getProposal(at(context));
    const own = proposal.proposedBy === byOf(context.request).actor;
    return proposalPage(context.view, { proposal, amountVnd, own }, shown);
  };
  const decide = (context: PageContext): Answer => {
    const { field, request } = context;
    const [officer, id] = [byOf(request), at(context)];
    const work =
      field('do') === 'approve'
        ? () => payments.approve(officer, id)
        : () => payments.reject(officer, id, field('reason'));
    return act(context, draw(context), work, '1');
  };
  return { draw, decide };
}

/** Finance's desk: what waits, and each case with its ways out. */
export const reconcilingPages: FastifyPluginAsync<ReconcilingPageDeps> = async (app, deps) => {
  const { site, payments } = deps;
  const show = (draw: (context: PageContext) => Draw) => async (context: PageContext) =>
    draw(context)(shownOf(context));
  const desk = (context: PageContext) => async (shown: Shown) =>
    reconcilingPage(context.view, await payments.readDesk(), shown);
  page(app, site, { url: deskPath, ...looking }, show(desk));
  const upload = { maxBytes: maxStatementBytes };
  page(app, site, { method: 'POST', url: deskPath, ...deciding, upload }, (context) => {
    const sent = context.file('statement');
    const bytes = sent?.bytes ?? Buffer.alloc(0);
    const file = { bytes, name: sent?.name ?? '' };
    return act(context, desk(context), () => payments.importStatement(byOf(context.request), file), '1');
  });
  const transfer = transferPages(deps);
  page(app, site, { url: `${deskPath}/:transferId`, ...deciding }, show(transfer.draw));
  page(app, site, { method: 'POST', url: `${deskPath}/:transferId`, ...deciding }, transfer.propose);
  page(app, site, { method: 'POST', url: `${deskPath}/:transferId/cong`, ...deciding, upload }, transfer.pass);
  const refund = refundPages(deps);
  page(app, site, { url: `${deskPath}/hoan/:refundId`, ...deciding }, show(refund.draw));
  page(app, site, { method: 'POST', url: `${deskPath}/hoan/:refundId`, ...deciding }, refund.decide);
  const dispute = disputePages(deps);
  page(app, site, { url: `${deskPath}/doi-lai/:disputeId`, ...deciding }, show(dispute.draw));
  page(app, site, { method: 'POST', url: `${deskPath}/doi-lai/:disputeId`, ...deciding }, dispute.propose);
  const proposal = proposalPages(deps);
  page(app, site, { url: `${deskPath}/de-xuat/:proposalId`, ...deciding }, show(proposal.draw));
  page(app, site, { method: 'POST', url: `${deskPath}/de-xuat/:proposalId`, ...deciding }, proposal.decide);
};
