import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { refusals } from '#core/problem.ts';
import type { Files } from '#features/files/index.ts';
import { fileProblems } from '#features/files/types.ts';
import { byOf, ownBusinesses } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { type DeskKind, deskLayout, nextInQueue } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { checkbox, csrfField, errorSummary, textarea } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import type { Site, View } from '#web/view.ts';
import { answerRoles, deciderOf, returnOfficers, returnReaders } from './desk-routes.ts';
import { type Fault, faultOf, goodsOf, history, money, photosOf, sayings, standing, statusOf } from './parts.ts';
import { type PhotoParams, ReturnPhotoParams } from './schemas.ts';
import type { Care } from './service.ts';
import { RETURN_VERDICTS, type ReturnVerdict } from './types.ts';
import type { ReturnView } from './views/returns.ts';

export type CareDeskDeps = { readonly site: Site; readonly care: Care; readonly files: Files };
const refuseFile = refusals(fileProblems);
const roots: Readonly<Record<DeskKind, string>> = { seller: '/ban-hang/doi-tra', staff: '/quan-tri/doi-tra' };
const perPage = 24;

const card = (view: View, kind: DeskKind, known: ReturnView): SafeHtml =>
  html`<li class="box stack"><h3><a href="${view.link(`${roots[kind]}/${known.code}`)}">${view.t('care.one', { code: known.code })}</a></h3>${standing(view, known)}
<p class="small soft">${known.businessName} · ${known.orderCode}</p>${goodsOf(known)}${money(view, known)}</li>`;

type Page = Awaited<ReturnType<Care['listReturns']>>;
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
    html`<p class="row"><a class="button quiet" href="${link(root)}"${!called && html` aria-current="page"`}>${t('care.all')}</a><a class="button quiet" href="${link(`${root}?called=1`)}"${called && html` aria-current="page"`}>${t('care.called')}</a></p>`;
  return deskLayout(view, kind, {
    title: t(kind === 'seller' ? 'care.title' : 'care.staffTitle'),
    part: root,
    body: html`${filters}${items.length === 0 && html`<div class="section">${empty(t('care.none'), t('care.noneText'), html``)}</div>`}<ul class="producers section">${items.map((one) => card(view, kind, one))}</ul>
${pager(view, nextCursor && link(`${root}?${query}cursor=${nextCursor}`), isFirst ? null : link(root))}`,
  });
}

type Again = { readonly note: string; readonly faults: readonly Fault[] };
const fresh: Again = { note: '', faults: [] };

/** One thing to be done, with the words that it needs. */
const form = (view: View, kind: DeskKind, known: ReturnView, body: SafeHtml): SafeHtml =>
  html`<form class="box stack" method="post" action="${view.link(`${roots[kind]}/${known.code}`)}">${csrfField(view.csrf)}${body}</form>`;
const press = (name: string, label: string, quiet = false): SafeHtml =>
  html`<button class="button${quiet && ' quiet'}" type="submit" name="do" value="${name}">${label}</button>`;
const words = (label: string, { note, faults }: Again): SafeHtml =>
  textarea({
    name: 'note',
    label,
    value: note,
    error: faults.find(({ name }) => name === 'note')?.message,
    more: html`rows="3" maxlength="2000"`,
  });

function sellerSteps(view: View, known: ReturnView, again: Again): SafeHtml | false {
  const { t } = view;
  const own = (body: SafeHtml): SafeHtml => form(view, 'seller', known, body);
  const contest = own(html`${words(t('care.contestNote'), again)}${press('contest', t('care.contest'), true)}`);
  if (known.state === 'requested')
    return html`${own(html`<p class="row">${press('accept', t('care.accept'))}${press('accept-keep', t('care.acceptKeep'), true)}</p>`)}
${own(html`${words(t('care.refuseNote'), again)}${press('refuse', t('care.refuse'), true)}`)}`;
  if (known.state === 'sent-back')
    return html`${own(html`${checkbox({ name: 'restock', label: t('care.restock'), value: '1', checked: false }, 'restock')}${press('receive', t('care.receive'))}`)}${contest}`;
  return known.state === 'received' && html`${own(press('refund', t('care.refund')))}${contest}`;
}

const verdictNames: Readonly<Record<ReturnVerdict, MessageKey>> = {
  'send-back': 'care.verdict.send-back',
  refund: 'care.verdict.refund',
  reject: 'care.verdict.reject',
};
const isOfficers = ({ state, escalatedAt }: ReturnView): boolean => state === 'appealed' || escalatedAt !== null;
const officerSteps = (view: View, known: ReturnView, again: Again): SafeHtml | false =>
  isOfficers(known) &&
  form(
    view,
    'staff',
    known,
    html`${words(view.t('care.verdictNote'), again)}<p class="row">${RETURN_VERDICTS.filter(
      (verdict) => verdict !== 'send-back' || (known.state !== 'sent-back' && known.restock === null),
    ).map((verdict) => press(verdict, view.t(verdictNames[verdict]), verdict !== 'refund'))}</p>`,
  );

const onePage = (view: View, kind: DeskKind, known: ReturnView, again: Again = fresh): SafeHtml =>
  deskLayout(view, kind, {
    title: view.t('care.one', { code: known.code }),
    part: roots[kind],
    body: html`<div class="narrow stack">${errorSummary(view.t('care.faults'), again.faults)}${standing(view, known)}<p class="soft">${known.businessName} · ${view.t('care.order')} ${known.orderCode}</p>
<section class="box stack">${goodsOf(known)}${money(view, known)}${sayings(view, known)}${photosOf(view, known, kind === 'seller' ? `${roots.seller}/${known.code}/anh` : '/quan-tri/tep')}</section>
${kind === 'seller' ? sellerSteps(view, known, again) : officerSteps(view, known, again)}${history(view, known.events)}${kind === 'staff' && nextInQueue(view, 'complaints')}</div>`,
  });

/** Does what was pressed; a refusal gives the page back with what was typed. */
async function take(
  context: PageContext,
  kind: DeskKind,
  read: () => Promise<ReturnView>,
  steps: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<SafeHtml | typeof SENT> {
  const { view, field, reply } = context;
  const known = await read();
  const wanted = field('do');
  const step = Object.hasOwn(steps, wanted) ? steps[wanted] : undefined;
  try {
    await step?.();
    return seeOther(context, `${roots[kind]}/${known.code}`);
  } catch (error) {
    const fault = faultOf(view, error);
    void reply.code(statusOf(error));
    return onePage(view, kind, known, { note: field('note'), faults: [fault] });
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

const sellerDesk: FastifyPluginAsync<CareDeskDeps> = async (app, { site, care, files }) => {
  const root = roots.seller;
  const read = { access: 'seller' } as const;
  page(app, site, { ...read, url: root }, async ({ view, request, query }) => {
    const cursor = readCursor(query('cursor') || undefined);
    const list = await care.listOwnReturns(ownBusinesses(request), { limit: perPage, cursor });
    return listPage(view, 'seller', list, { isFirst: !cursor, called: false });
  });
  page(app, site, { ...read, url: `${root}/:code` }, async ({ view, request, param }) =>
    onePage(view, 'seller', await care.getOwnReturn(ownBusinesses(request), param('code'))),
  );
  page(app, site, { ...read, roles: answerRoles, method: 'POST', url: `${root}/:code` }, (context) => {
    const { request, field, param } = context;
    const code = param('code');
    const who = deciderOf(request);
    return take(context, 'seller', () => care.getOwnReturn(who.businessIds, code), {
      accept: () => care.accept(code, who, { keepGoods: false }),
      'accept-keep': () => care.accept(code, who, { keepGoods: true }),
      refuse: () => care.refuse(code, who, field('note').toWellFormed()),
      receive: () => care.receive(code, who, { restock: field('restock') === '1' }),
      refund: () => care.refund(code, who),
      contest: () => care.contest(code, who, field('note').toWellFormed()),
    });
  });
  app.get<{ Params: PhotoParams }>(
    `${root}/:code/anh/:fileId/:width`,
    { config: read, schema: { hide: true, params: ReturnPhotoParams } },
    async (request, reply) => {
      const { code, fileId, width } = request.params;
      const { photos } = await care.getOwnReturn(ownBusinesses(request), code);
      if (!photos.includes(fileId)) throw refuseFile('file-not-found');
      return sendShown(reply, await files.show(fileId, width, request.headers.accept ?? ''));
    },
  );
};

const staffDesk: FastifyPluginAsync<CareDeskDeps> = async (app, { site, care }) => {
  const root = roots.staff;
  const read = { access: 'staff', roles: returnReaders } as const;
  page(app, site, { ...read, url: root }, async ({ view, query }) => {
    const cursor = readCursor(query('cursor') || undefined);
    const called = query('called') === '1';
    const list = await care.listReturns({ limit: perPage, cursor, called });
    return listPage(view, 'staff', list, { isFirst: !cursor, called });
  });
  page(app, site, { ...read, url: `${root}/:code` }, async ({ view, param }) =>
    onePage(view, 'staff', await care.getReturnForOfficer(param('code'))),
  );
  page(app, site, { access: 'staff', roles: returnOfficers, method: 'POST', url: `${root}/:code` }, (context) => {
    const code = context.param('code');
    const decide = (verdict: ReturnVerdict) => () =>
      care.decide(code, byOf(context.request), { verdict, note: context.field('note').toWellFormed() });
    const steps = Object.fromEntries(RETURN_VERDICTS.map((verdict) => [verdict, decide(verdict)]));
    return take(context, 'staff', () => care.getReturnForOfficer(code), steps);
  });
};

export const careDeskPages: FastifyPluginAsync<CareDeskDeps> = async (app, deps) => {
  await app.register(sellerDesk, deps);
  await app.register(staffDesk, deps);
};
