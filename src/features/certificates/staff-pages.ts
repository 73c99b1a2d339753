import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import type { Files } from '#features/files/index.ts';
import { nextAfter, type Queues } from '#features/queues/index.ts';
import { actorOf, byOf, signedIn } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import { kindName } from '#web/parts/stars.ts';
import type { Site, View } from '#web/view.ts';
import { type Refused, reviewPage, type Shown } from './review-page.ts';
import { readScore } from './rules/submission.ts';
import type { Certificates } from './service.ts';
import {
  CERTIFICATE_KINDS,
  CERTIFICATE_STATES,
  type CertificateId,
  type CertificateKind,
  type CertificateState,
  certificateProblems,
  REVOCATION_CAUSES,
} from './types.ts';
import { dayName, lastDayOf, sentenceOf, stampOf, stateName, stateTag } from './words.ts';

export type StaffCertificatePageDeps = {
  readonly site: Site;
  readonly certificates: Certificates;
  readonly files: Files;
  readonly queues: Queues;
};

const refuse = refusals(certificateProblems);
const path = '/quan-tri/chung-nhan';
const certifying = { access: 'staff', roles: ['certifier'] } as const;
/** Auditors read what certifiers decide. */
const reading = { access: 'staff', roles: ['certifier', 'auditor'] } as const;
const perPage = 25;

type Filter = { readonly status?: CertificateState | undefined; readonly kind?: CertificateKind | undefined };

const addressOf = ({ link }: View, { status, kind }: Filter, cursor?: string): string => {
  const query = new URLSearchParams({ ...(status && { status }), ...(kind && { kind }), ...(cursor && { cursor }) });
  return link(path) + (query.size > 0 ? `?${query}` : '');
};

function filters(view: View, filter: Filter): SafeHtml {
  const { t } = view;
  const choice = (label: string, to: Filter, isChosen: boolean): SafeHtml =>
    html`<li><a href="${addressOf(view, to)}"${isChosen && html` aria-current="true"`}>${label}</a></li>`;
  const { status, kind } = filter;
  return html`<nav class="stack" aria-label="${t('certStaff.states')}"><ul class="pills">${choice(t('certStaff.all'), { kind }, !status)}${CERTIFICATE_STATES.map(
    (one) => choice(stateName(view, one), { kind, status: one }, one === status),
  )}</ul></nav><nav aria-label="${t('certStaff.kinds')}"><ul class="pills">${choice(t('certStaff.all'), { status }, !kind)}${CERTIFICATE_KINDS.map(
    (one) => choice(kindName(view, one), { status, kind: one }, one === kind),
  )}</ul></nav>`;
}

type Listed = Awaited<ReturnType<Certificates['list']>>;

function listPage(view: View, { items, nextCursor }: Listed, filter: Filter, isFirst: boolean): SafeHtml {
  const { t, link } = view;
  const row = (
    one: Listed['items'][number],
  ): SafeHtml => html`<li class="box stack"><p class="row">${stampOf(view, one)}${stateTag(view, one.status)}</p>
<h2 class="small-title"><a href="${link(`${path}/${one.certificateId}`)}">${one.product.name}</a></h2>
<p class="soft">${one.business.name} · ${one.decisionNumber} · ${one.issuer} · ${dayName(view, one.issuedOn)}</p>
<p class="small">${one.validUntil && `${t('certificate.validUntil')}: `}${lastDayOf(view, one.validUntil)} · <span class="code">${one.code}</span></p></li>`;
  return deskLayout(view, 'staff', {
    title: t('certDesk.title'),
    part: path,
    body: html`<div class="stack"><p class="soft">${t('certStaff.intro')}</p>
<p class="row"><a class="button quiet" href="${link(`${path}/lich`)}">${t('certStaff.calendar')}</a>
<a class="button quiet" href="${link(`${path}/nhap`)}">${t('certStaff.import')}</a></p>${filters(view, filter)}
${items.length === 0 ? empty(t('certStaff.none'), t('certStaff.noneText'), html``) : html`<ul class="stack">${items.map(row)}</ul>`}
${pager(view, nextCursor && addressOf(view, filter, nextCursor), isFirst ? null : addressOf(view, filter))}</div>`,
  });
}

/** The address of a certificate that cannot exist is that of one that does not. */
const idOf = ({ param }: PageContext): CertificateId => {
  const id = param('certificateId');
  if (!isId<'Certificate'>(id)) throw refuse('certificate-not-found');
  return id;
};

const show = async (context: PageContext, certificates: Certificates, more: Pick<Shown, 'done' | 'refused'>) =>
  reviewPage(context.view, {
    ...(await certificates.getReview(idOf(context))),
    actor: actorOf(context.request),
    mayDecide: context.request.caller.kind === 'account' && context.request.caller.staffRole !== 'auditor',
    ...more,
  });

const acts = ['verify', 'reject', 'revoke'] as const;
type Act = (typeof acts)[number];
const doneOf: Readonly<Record<Act, string>> = { verify: 'xac-nhan', reject: 'tra-lai', revoke: 'thu-hoi' };

function decide(certificates: Certificates, context: PageContext, act: Act): Promise<void> {
  const { request, field, fields } = context;
  const officer = byOf(request);
  const id = idOf(context);
  if (act === 'verify') {
    const scoreTenths = readScore(field('score'));
    return certificates.verify(officer, id, { checked: fields('checked'), scoreTenths });
  }
  if (act === 'reject') return certificates.reject(officer, id, field('reason'));
  const cause = REVOCATION_CAUSES.find((one) => one === field('cause'));
  if (!cause) throw refuse('revocation-incomplete');
  return certificates.revoke(officer, id, {
    cause,
    reason: field('reason'),
    decisionNumber: field('decisionNumber'),
    decidedOn: field('decidedOn'),
  });
}

/** What was typed, for the form to come back with. */
const typedIn = ({ field, fields }: PageContext): Refused['typed'] => ({
  checked: fields('checked'),
  next: field('next'),
  score: field('score').slice(0, 20),
  reason: field('reason').slice(0, 600),
  cause: field('cause'),
  decisionNumber: field('decisionNumber').slice(0, 100),
  decidedOn: field('decidedOn').slice(0, 20),
});

/** Takes what waits, so that no other certifier decides it meanwhile. 409 when it does not wait, or somebody holds it. */
export async function claimOf(
  { request }: PageContext,
  queues: Queues,
  claim: { readonly itemId: string } | undefined,
): Promise<void> {
  const { accountId, staffRole } = signedIn(request);
  if (!claim) throw refuse('certificate-not-submitted');
  await queues.claim({ accountId, staffRole }, claim.itemId);
}

async function act(
  context: PageContext,
  { certificates, queues }: StaffCertificatePageDeps,
): Promise<SafeHtml | typeof SENT> {
  if (context.field('do') === 'claim') {
    await claimOf(context, queues, (await certificates.getReview(idOf(context))).claim);
    return seeOther(context, `${path}/${context.param('certificateId')}`);
  }
  const chosen = acts.find((one) => one === context.field('do'));
  if (!chosen) throw refuse('certificate-not-submitted');
  try {
    await decide(certificates, context, chosen);
    if (chosen !== 'revoke' && context.field('next') !== '')
      return seeOther(
        context,
        await nextAfter(queues, context.request, 'certificates', chosen === 'verify' ? 'approved' : 'rejected'),
      );
    return seeOther(context, `${path}/${context.param('certificateId')}?xong=${doneOf[chosen]}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500 || error.status === 404) throw error;
    void context.reply.code(error.status);
    const message = sentenceOf(context.view, error);
    return show(context, certificates, { refused: { act: chosen, message, typed: typedIn(context) } });
  }
}

/** The copy goes down as a file: what somebody sent is never shown inside a page of ours. */
async function sendPaper(
  context: PageContext,
  { certificates, files }: StaffCertificatePageDeps,
): Promise<typeof SENT> {
  const { certificate } = await certificates.getReview(idOf(context));
  if (!certificate.evidence) throw refuse('certificate-not-found');
  const { request } = context;
  const { fileId } = certificate.evidence;
  const { bytes, mediaType } = await files.readForOfficer(fileId, actorOf(request), request.ip);
  const extension = mediaType.split('/').at(-1) ?? 'bin';
  void context.reply
    .type(mediaType)
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${certificate.code}.${extension}"`)
    .send(bytes);
  return SENT;
}

export const staffCertificatePages: FastifyPluginAsync<StaffCertificatePageDeps> = async (app, deps) => {
  const { site, certificates } = deps;
  page(app, site, { url: path, ...reading }, async ({ view, query }) => {
    const cursor = readCursor(query('cursor') || undefined);
    const filter = {
      status: CERTIFICATE_STATES.find((one) => one === query('status')),
      kind: CERTIFICATE_KINDS.find((one) => one === query('kind')),
    };
    return listPage(view, await certificates.list(filter, { limit: perPage, cursor }), filter, !cursor);
  });
  page(app, site, { url: `${path}/:certificateId`, ...reading }, (context) => {
    const done = acts.find((one) => doneOf[one] === context.query('xong'));
    return show(context, certificates, { done });
  });
  page(app, site, { method: 'POST', url: `${path}/:certificateId`, ...certifying }, (context) => act(context, deps));
  page(app, site, { url: `${path}/:certificateId/giay`, ...reading }, (context) => sendPaper(context, deps));
};
