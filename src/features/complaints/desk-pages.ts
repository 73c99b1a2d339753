import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { isId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { readMoney } from '#core/read-money.ts';
import type { Files } from '#features/files/index.ts';
import { fileProblems } from '#features/files/types.ts';
import { byOf, ownBusinesses } from '#http/access.ts';
import type { Once } from '#http/idempotency.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { type DeskKind, deskLayout, nextInQueue } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { checkbox, errorSummary, input, onceFields, select, textarea } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import type { Site, View } from '#web/view.ts';
import type { Decision } from './deciding.ts';
import { answerRoles, complaintOfficers, complaintReaders, deciderOf } from './desk-routes.ts';
import { aboutOf, type Fault, factsOf, faultOf, history, kindName, standing, statusOf, thread } from './parts.ts';
import { isOver } from './rules/complaints.ts';
import { ComplaintPhotoParams, type PhotoParams } from './schemas.ts';
import type { Complaints } from './service.ts';
import { COMPLAINT_VERDICTS, type ComplaintVerdict, OFFER_KINDS, type OfferKind } from './types.ts';
import type { ComplaintView, Head } from './views/complaints.ts';
import { offerKindNames, verdictNames } from './words.ts';

export type ComplaintDeskDeps = {
  readonly site: Site;
  readonly complaints: Complaints;
  readonly files: Files;
  readonly once: Once;
};
type Scope = Awaited<ReturnType<Complaints['scopeOf']>>;
const refuseFile = refusals(fileProblems);
const roots: Readonly<Record<DeskKind, string>> = { seller: '/ban-hang/khieu-nai', staff: '/quan-tri/khieu-nai' };
const perPage = 24;

const card = (view: View, kind: DeskKind, known: Head): SafeHtml =>
  html`<li class="box stack"><h3><a href="${view.link(`${roots[kind]}/${known.code}`)}">${view.t('complaint.one', { code: known.code })}</a></h3>${standing(view, known)}
<p>${kindName(view, known.kind)}</p><p class="small soft">${aboutOf(view, known)}</p></li>`;

type Page = Awaited<ReturnType<Complaints['listComplaints']>>;
function listPage(
  view: View,
  kind: DeskKind,
  { items, nextCursor }: Page,
  { isFirst, called }: { isFirst: boolean; called: boolean },
): SafeHtml {
  const { t, link } = view;
  const root = roots[kind];
  const query = called ? 'called=1&' : '';
  const filters =
    kind === 'staff' &&
    html`<p class="row"><a class="button quiet" href="${link(root)}"${!called && html` aria-current="page"`}>${t('complaint.all')}</a><a class="button quiet" href="${link(`${root}?called=1`)}"${called && html` aria-current="page"`}>${t('complaint.called')}</a></p>`;
  return deskLayout(view, kind, {
    title: t(kind === 'seller' ? 'complaint.title' : 'complaint.staffTitle'),
    part: root,
    body: html`${filters}${items.length === 0 && html`<div class="section">${empty(t('complaint.none'), t('complaint.noneText'), html``)}</div>`}<ul class="producers section">${items.map((one) => card(view, kind, one))}</ul>
${pager(view, nextCursor && link(`${root}?${query}cursor=${nextCursor}`), isFirst ? null : link(root))}`,
  });
}

/** What came back with a fault: which form it was, and what stood in it. */
type Again = {
  readonly did: string;
  readonly field: (name: string) => string;
  readonly faults: readonly Fault[];
};
const fresh: Again = { did: '', field: () => '', faults: [] };

/** One thing to be done; what was typed comes back into the form from which it came. Ids are told apart by what the form does. */
function formOf(view: View, kind: DeskKind, code: string, does: string, again: Again) {
  const own = again.did === does ? again : fresh;
  const errorAt = (name: string) => own.faults.find((fault) => fault.name === name)?.message;
  const around = (body: SafeHtml, label: string, quiet = false): SafeHtml =>
    html`<form class="box stack" method="post" action="${view.link(`${roots[kind]}/${code}`)}">${onceFields(view)}${body}<button class="button${quiet && ' quiet'}" type="submit" name="do" value="${does}">${label}</button></form>`;
  const words = (name: string, label: string): SafeHtml =>
    textarea({ name, label, value: own.field(name), error: errorAt(name), more: html`rows="3" maxlength="4000"` });
  const amount = (hint: string): SafeHtml =>
    input({
      name: 'amountVnd',
      label: view.t('complaint.amount'),
      hint,
      value: own.field('amountVnd'),
      error: errorAt('amountVnd'),
      more: html`type="text" inputmode="numeric" maxlength="20" autocomplete="off"`,
    });
  return { own, errorAt, around, words, amount };
}
const leftHint = ({ t, format }: View, { leftVnd }: Scope): string =>
  t('complaint.left', { amount: format.vnd(leftVnd ?? 0) });

function sellerSteps(view: View, known: ComplaintView, scope: Scope, again: Again): SafeHtml {
  const { t } = view;
  const offer = formOf(view, 'seller', known.code, 'offer', again);
  const kinds = OFFER_KINDS.filter((kind) => kind !== 'refund' || (scope.leftVnd ?? 0) > 0);
  const offerForm = offer.around(
    html`<h2>${t('complaint.offer')}</h2>${select(
      {
        name: 'kind',
        label: t('complaint.offerKind'),
        value: offer.own.field('kind'),
        required: true,
        error: offer.errorAt('kind'),
      },
      t('complaint.choose'),
      kinds.map((kind) => ({ value: kind, label: t(offerKindNames[kind]) })),
    )}${(scope.leftVnd ?? 0) > 0 && offer.amount(leftHint(view, scope))}${offer.words('text', t('complaint.offerText'))}`,
    t('complaint.offerSend'),
  );
  const one = (does: string, label: string, button: string): SafeHtml => {
    const { around, words } = formOf(view, 'seller', known.code, does, again);
    return around(words(`${does}Text`, label), button, true);
  };
  const say = one('say', t('complaint.sayShopper'), t('complaint.sayButton'));
  if (known.state === 'open')
    return html`${offerForm}${one('refuse', t('complaint.refuseText'), t('complaint.refuse'))}${say}`;
  if (known.state === 'decided') return one('appeal', t('complaint.appealNote'), t('complaint.appeal'));
  return html`${!isOver(known.state) && say}`;
}

function officerSteps(view: View, known: ComplaintView, scope: Scope, again: Again): SafeHtml | false {
  const { t } = view;
  const isReview = known.state === 'appealed';
  const { own, errorAt, around, words, amount } = formOf(view, 'staff', known.code, 'decide', again);
  const verdicts = COMPLAINT_VERDICTS.filter(
    (verdict) => (verdict !== 'uphold' || isReview) && (verdict !== 'refund' || (scope.leftVnd ?? 0) > 0),
  );
  const decide = around(
    html`<h2>${t(isReview ? 'complaint.review' : 'complaint.decide')}</h2>${select(
      {
        name: 'verdict',
        label: t('complaint.verdict'),
        value: own.field('verdict'),
        required: true,
        error: errorAt('verdict'),
      },
      t('complaint.choose'),
      verdicts.map((verdict) => ({ value: verdict, label: t(verdictNames[verdict]) })),
    )}${(scope.leftVnd ?? 0) > 0 && amount(leftHint(view, scope))}${words('text', t('complaint.decideText'))}
${checkbox({ name: 'warn', label: t('complaint.warn'), value: '1', checked: own.field('warn') === '1' }, 'warn')}
${
  scope.products.length > 0 &&
  select(
    { name: 'takeDown', label: t('complaint.takeDown'), value: own.field('takeDown'), error: errorAt('takeDown') },
    t('complaint.takeDownNone'),
    scope.products.map(({ productId, name }) => ({ value: productId, label: name })),
  )
}${input({ name: 'reportTo', label: t('complaint.reportTo'), value: own.field('reportTo'), more: html`type="text" maxlength="200" autocomplete="off"` })}`,
    t('complaint.decide'),
  );
  const say = formOf(view, 'staff', known.code, 'say', again);
  if (isOver(known.state)) return false;
  return html`${(isReview || known.state === 'escalated') && decide}${say.around(say.words('sayText', t('complaint.sayBoth')), t('complaint.sayButton'), true)}`;
}

type One = { readonly known: ComplaintView; readonly scope: Scope };
function onePage(view: View, kind: DeskKind, { known, scope }: One, again: Again = fresh): SafeHtml {
  const photos = kind === 'seller' ? `${roots.seller}/${known.code}/anh` : '/quan-tri/tep';
  return deskLayout(view, kind, {
    title: view.t('complaint.one', { code: known.code }),
    part: roots[kind],
    body: html`<div class="narrow stack">${errorSummary(view.t('complaint.faults'), again.faults)}${standing(view, known)}
<section class="box stack">${factsOf(view, known)}</section>${thread(view, known, photos)}
${kind === 'seller' ? sellerSteps(view, known, scope, again) : officerSteps(view, known, scope, again)}${history(view, known.events)}${kind === 'staff' && nextInQueue(view, 'complaints')}</div>`,
  });
}

type Steps = Readonly<Record<string, { readonly text: string; readonly run: () => Promise<unknown> }>>;

/** Does what was pressed; a refusal gives the page back with what was typed. */
async function take(
  context: PageContext,
  kind: DeskKind,
  { once, read, steps }: { readonly once: Once; readonly read: () => Promise<One>; readonly steps: Steps },
): Promise<SafeHtml | typeof SENT> {
  const { view, request, field, reply } = context;
  const one = await read();
  const did = field('do');
  const step = Object.hasOwn(steps, did) ? steps[did] : undefined;
  try {
    if (step)
      await once(request, async () => {
        await step.run();
        return { did };
      });
    return seeOther(context, `${roots[kind]}/${one.known.code}`);
  } catch (error) {
    const { name, message } = faultOf(view, error);
    void reply.code(statusOf(error));
    // The words of each form have a name of their own on the page.
    const fault = { name: name === 'text' ? (step?.text ?? name) : name, message };
    return onePage(view, kind, await read(), { did, field: (typed) => field(typed).toWellFormed(), faults: [fault] });
  }
}

function sendShown(reply: FastifyReply, shown: Awaited<ReturnType<Files['show']>>) {
  if (!shown) throw refuseFile('file-not-found');
  return reply
    .type(shown.type)
    .header('cache-control', shown.final ? 'private, max-age=86400' : 'private, max-age=5')
    .header('vary', 'accept')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(shown.bytes);
}

/** What was typed as an amount; nothing where it is none, which the rules then say. */
const amountIn = ({ field }: PageContext): Vnd | undefined => {
  const amount = readMoney(field('amountVnd'));
  return typeof amount === 'number' ? amount : undefined;
};

const sellerDesk: FastifyPluginAsync<ComplaintDeskDeps> = async (app, { site, complaints, files, once }) => {
  const root = roots.seller;
  const read = { access: 'seller' } as const;
  page(app, site, { ...read, url: root }, async ({ view, request, query }) => {
    const cursor = readCursor(query('cursor') || undefined);
    const list = await complaints.listOwnComplaints(ownBusinesses(request), { limit: perPage, cursor });
    return listPage(view, 'seller', list, { isFirst: !cursor, called: false });
  });
  const readOne = async ({ request, param }: PageContext): Promise<One> => {
    const known = await complaints.getOwnComplaint(ownBusinesses(request), param('code'));
    return { known, scope: await complaints.scopeOf(known) };
  };
  page(app, site, { ...read, url: `${root}/:code` }, async (context) =>
    onePage(context.view, 'seller', await readOne(context)),
  );
  page(app, site, { ...read, roles: answerRoles, method: 'POST', url: `${root}/:code` }, (context) => {
    const { request, param } = context;
    const code = param('code');
    const who = deciderOf(request);
    const text = (name: string): string => context.field(name).toWellFormed();
    const kind = OFFER_KINDS.find((one) => one === context.field('kind')) ?? ('explanation' satisfies OfferKind);
    const steps: Steps = {
      offer: {
        text: 'text',
        run: () => complaints.offer(code, who, { kind, amountVnd: amountIn(context), text: text('text') }),
      },
      refuse: { text: 'refuseText', run: () => complaints.refuseComplaint(code, who, text('refuseText')) },
      say: { text: 'sayText', run: () => complaints.sayAsBusiness(code, who, text('sayText')) },
      appeal: { text: 'appealText', run: () => complaints.appealAsBusiness(code, who, text('appealText')) },
    };
    return take(context, 'seller', { once, read: () => readOne(context), steps });
  });
  app.get<{ Params: PhotoParams }>(
    `${root}/:code/anh/:fileId/:width`,
    { config: read, schema: { hide: true, params: ComplaintPhotoParams } },
    async (request, reply) => {
      const { code, fileId, width } = request.params;
      const { messages } = await complaints.getOwnComplaint(ownBusinesses(request), code);
      if (!messages.some(({ photos }) => photos.includes(fileId))) throw refuseFile('file-not-found');
      return sendShown(reply, await files.show(fileId, width, request.headers.accept ?? ''));
    },
  );
};

const verdictIn = ({ field }: PageContext): ComplaintVerdict =>
  COMPLAINT_VERDICTS.find((one) => one === field('verdict')) ?? 'uphold';
function decisionIn(context: PageContext): Decision {
  const { field } = context;
  const product = field('takeDown');
  return {
    verdict: verdictIn(context),
    amountVnd: amountIn(context),
    text: field('text').toWellFormed(),
    warn: field('warn') === '1',
    takeDown: isId<'Product'>(product) ? product : undefined,
    reportTo: field('reportTo').toWellFormed(),
  };
}

const staffDesk: FastifyPluginAsync<ComplaintDeskDeps> = async (app, { site, complaints, once }) => {
  const root = roots.staff;
  const read = { access: 'staff', roles: complaintReaders } as const;
  page(app, site, { ...read, url: root }, async ({ view, query }) => {
    const cursor = readCursor(query('cursor') || undefined);
    const called = query('called') === '1';
    const list = await complaints.listComplaints({ limit: perPage, cursor, called });
    return listPage(view, 'staff', list, { isFirst: !cursor, called });
  });
  const readOne = async ({ param }: PageContext): Promise<One> => {
    const known = await complaints.getComplaintForOfficer(param('code'));
    return { known, scope: await complaints.scopeOf(known) };
  };
  page(app, site, { ...read, url: `${root}/:code` }, async (context) =>
    onePage(context.view, 'staff', await readOne(context)),
  );
  page(app, site, { access: 'staff', roles: complaintOfficers, method: 'POST', url: `${root}/:code` }, (context) => {
    const { request, param, field } = context;
    const code = param('code');
    const steps: Steps = {
      decide: { text: 'text', run: () => complaints.decide(code, byOf(request), decisionIn(context)) },
      say: {
        text: 'sayText',
        run: () => complaints.sayAsOfficer(code, byOf(request), field('sayText').toWellFormed()),
      },
    };
    return take(context, 'staff', { once, read: () => readOne(context), steps });
  });
};

export const complaintDeskPages: FastifyPluginAsync<ComplaintDeskDeps> = async (app, deps) => {
  await app.register(sellerDesk, deps);
  await app.register(staffDesk, deps);
};
