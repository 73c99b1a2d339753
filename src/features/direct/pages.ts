import type { FastifyPluginAsync } from 'fastify';
import QRCode from 'qrcode';
import type { Clock } from '#core/clock.ts';
import { type Id, isId, readCode } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { actorOf, ownBusinesses } from '#http/access.ts';
import type { Once } from '#http/idempotency.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml, trusted } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { copyable } from '#web/parts/copyable.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, onceFields } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { ownOf, sellerIn } from './routes.ts';
import { refuse } from './rules.ts';
import type { Direct } from './service.ts';
import type { DirectState } from './types.ts';
import type { Owed, Waiting } from './views.ts';

type Bank = { readonly bin: string; readonly name: string };
export type DirectPageDeps = {
  readonly site: Site;
  readonly direct: Direct;
  readonly once: Once;
  readonly banks: readonly Bank[];
  readonly now: Clock;
};
type Answer = Promise<SafeHtml | typeof SENT>;
type Parts = Awaited<ReturnType<Direct['listParts']>>;

const desk = '/ban-hang/nhan-truc-tiep';
const selling = { access: 'seller', roles: ['owner', 'manager'] } as const;
const owning = { access: 'seller', roles: ['owner'], fresh: true } as const;
const tones: Readonly<Record<DirectState, string>> = {
  pending: 'wait',
  underpaid: 'wait',
  paid: 'good',
  expired: 'away',
  'given-back': 'bad',
};
const stateNames: Readonly<Record<DirectState, MessageKey>> = {
  pending: 'direct.state.pending',
  underpaid: 'direct.state.underpaid',
  paid: 'direct.state.paid',
  expired: 'direct.state.expired',
  'given-back': 'direct.state.given-back',
};
const digits = (text: string): number => Number(text.replace(/[^0-9]/g, '').slice(0, 15) || 0);

const owedLine = ({ t, format }: View, { orderCode, amountVnd, status, dueBy, sentAt }: Owed): SafeHtml =>
  html`<li class="notice ${status === 'sent' ? 'good' : 'wait'}">${
    status === 'sent'
      ? t('direct.sentBack', {
          order: orderCode,
          amount: format.vnd(amountVnd),
          time: format.dateTime(sentAt ?? dueBy),
        })
      : t('direct.owesYou', { order: orderCode, amount: format.vnd(amountVnd), time: format.dateTime(dueBy) })
  }</li>`;

async function partBox(
  view: View,
  {
    part,
    banks,
    now,
    path,
  }: {
    readonly part: Parts['parts'][number];
    readonly banks: readonly Bank[];
    readonly now: Date;
    readonly path: string;
  },
): Promise<SafeHtml> {
  const { t, format } = view;
  const { payload, memo, accountNumber, bankBin, holderName, orderCode, status } = part;
  const waits = status === 'pending' || status === 'underpaid';
  const over = waits && part.expiresAt <= now;
  const due = part.amountVnd - part.receivedVnd;
  const head = html`<h2>${part.business}</h2><p class="row"><b class="price">${format.vnd(part.amountVnd)}</b>${status && html`<span class="tag ${tones[over ? 'expired' : status]}">${t(stateNames[over ? 'expired' : status])}</span>`}</p>
${part.bySeller && html`<p class="small soft">${t('direct.word')}</p>`}`;
  if (status === null)
    return html`<li class="box stack">${head}<form method="post" action="${view.link(path)}">${onceFields(view)}<input type="hidden" name="order" value="${orderCode}"><button class="button wide" type="submit">${t('direct.open')}<span class="hidden"> ${orderCode}</span></button></form></li>`;
  if (!waits || over || payload === null) return html`<li class="box stack">${head}</li>`;
  const svg = await QRCode.toString(payload, { type: 'svg', errorCorrectionLevel: 'M', margin: 1 });
  // The QR library's own markup: rectangles made from our payload, no text of anybody's.
  const picture = trusted(
    svg.slice(svg.indexOf('<svg')).replace('<svg ', `<svg role="img" aria-label="${t('pay.qrLabel')}" `),
  );
  return html`<li class="box stack">${head}<div class="qr">${picture}<b>${format.vnd(due)}</b></div>
<dl>${copyable(view, { label: t('pay.amount'), shown: format.vnd(due), copied: String(due) })}${copyable(view, { label: t('pay.memo'), shown: memo ?? '' })}${copyable(view, { label: t('pay.account'), shown: accountNumber ?? '' })}
<div class="copyable"><dt>${t('pay.bank')}</dt><dd>${banks.find(({ bin }) => bin === bankBin)?.name ?? t('pay.sampleBank')} (${bankBin})</dd></div><div class="copyable"><dt>${t('pay.holder')}</dt><dd>${holderName}</dd></div></dl>
<p class="small">${t('direct.until', { time: format.dateTime(part.expiresAt) })}</p></li>`;
}

/** What a shopper pays to businesses, each with its own code and state, and what comes after. */
async function partsPage(
  { view, param }: PageContext,
  { direct, banks, now }: DirectPageDeps,
  faults: readonly Fault[] = [],
): Promise<SafeHtml> {
  const { t, link } = view;
  const code = readCode(param('code'));
  const path = `/thanh-toan/${code}/truc-tiep`;
  const { parts, owed, isMixed } = await direct.listParts(code);
  const boxes = await Promise.all(parts.map((part) => partBox(view, { part, banks, now: now(), path })));
  const isDone = parts.every(({ status }) => status === 'paid');
  return layout(view, {
    title: t('pay.title', { code }),
    body: html`<div class="narrow stack"><h1>${t('pay.title', { code })}</h1><p>${t('direct.lead')}</p>${isMixed && html`<p>${t('direct.restLast')}</p>`}${errorSummary(t('checkout.faults'), faults)}
${owed.length > 0 && html`<ul class="stack">${owed.map((one) => owedLine(view, one))}</ul>`}<ul class="stack">${boxes}</ul>
<p class="row">${isDone ? html`<a class="button" href="${link(`/thanh-toan/${code}`)}">${t('direct.goOn')}</a>` : html`<a class="button quiet" href="${link(path)}">${t('direct.look')}</a>`}</p></div>`,
  });
}

async function openPart(context: PageContext, deps: DirectPageDeps): Answer {
  const { request, reply, field, param, view } = context;
  try {
    await deps.once<{ paymentId: string }>(request, (finish) =>
      deps.direct.pay(field('order').slice(0, 40), actorOf(request), (tx, { paymentId }) => finish(tx, { paymentId })),
    );
    return seeOther(context, `/thanh-toan/${readCode(param('code'))}/truc-tiep`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    void reply.code(error.status);
    const message = view.either(error.entry.vi.join('. '), error.entry.en.join('. '));
    return partsPage(context, deps, [{ name: '', message }]);
  }
}

type Shown = { readonly faults: readonly Fault[]; readonly typed: (name: string) => string };

const act = (view: View, verb: string, subject: string, body: SafeHtml): SafeHtml =>
  html`<form class="stack" method="post" action="${view.link(desk)}">${onceFields(view)}<input type="hidden" name="do" value="${verb}"><input type="hidden" name="subject" value="${subject}">${body}</form>`;
const reference = (view: View, id: string, { faults, typed }: Shown, required: boolean): SafeHtml =>
  input({
    name: `bankReference-${id}`,
    label: view.t('direct.reference'),
    ...(!required && { hint: view.t('direct.referenceHint') }),
    value: typed(`bankReference-${id}`),
    error: errorAt(faults, `bankReference-${id}`),
    ...(required && { required }),
    more: html`type="text" maxlength="60" autocomplete="off"`,
  });

function waitingBox(view: View, row: Waiting, shown: Shown): SafeHtml {
  const { t, format } = view;
  const { orderCode, memo, amountVnd, receivedVnd, expiresAt, status } = row;
  const name = `amountVnd-${orderCode}`;
  return html`<li class="box stack"><h3 class="code">${orderCode}</h3><p class="row"><b class="price">${format.vnd(amountVnd)}</b><span class="tag ${tones[status]}">${t(stateNames[status])}</span></p>
<p class="small">${t('direct.memo', { memo })} · ${t('direct.until', { time: format.dateTime(expiresAt) })}${receivedVnd > 0 && html` · ${t('direct.soFar', { amount: format.vnd(receivedVnd) })}`}</p>
${act(
  view,
  'received',
  orderCode,
  html`${input({ name, label: t('direct.amount'), value: shown.typed(name) || String(Math.max(0, amountVnd - receivedVnd)), error: errorAt(shown.faults, name), required: true, more: html`type="text" inputmode="numeric" maxlength="20" autocomplete="off"` })}
${reference(view, orderCode, shown, false)}<button class="button" type="submit">${t('direct.received')}<span class="hidden"> ${orderCode}</span></button>`,
)}</li>`;
}

const owedBox = (view: View, { refundId, orderCode, amountVnd, dueBy }: Owed, shown: Shown): SafeHtml =>
  html`<li class="box stack"><h3 class="code">${orderCode}</h3><p class="row"><b class="price">${view.format.vnd(amountVnd)}</b><span class="small">${view.t('direct.dueBy', { time: view.format.dateTime(dueBy) })}</span></p>
${act(view, 'sent', refundId, html`${reference(view, refundId, shown, true)}<button class="button" type="submit">${view.t('direct.sent')}<span class="hidden"> ${orderCode}</span></button>`)}</li>`;

const nothingTyped: Shown = { faults: [], typed: () => '' };

async function drawDesk(
  { view, request }: PageContext,
  { direct }: DirectPageDeps,
  shown = nothingTyped,
): Promise<SafeHtml> {
  const { t, link } = view;
  const own = ownBusinesses(request);
  const [{ waiting, owed }, modes] = await Promise.all([
    direct.listOwn(own),
    Promise.all(own.map(async (businessId) => ({ businessId, ...(await direct.getMode(businessId)) }))),
  ]);
  const mode = ({ businessId, name, mode: now, lapsed }: (typeof modes)[number]): SafeHtml =>
    html`<li class="box stack"><h3>${name}</h3><p>${t(lapsed ? 'direct.lapsed' : now === 'direct' ? 'direct.isDirect' : 'direct.isCollected')}</p><p><a href="${link(`${desk}/${businessId}`)}">${t('direct.change')}<span class="hidden"> ${name}</span></a></p></li>`;
  return deskLayout(view, 'seller', {
    title: t('direct.title'),
    part: desk,
    body: html`<div class="narrow stack"><p class="soft">${t('direct.deskLead')}</p>${errorSummary(t('checkout.faults'), shown.faults)}
<h2>${t('direct.waiting')}</h2>${waiting.length === 0 ? html`<p>${t('direct.noneWaits')}</p>` : html`<ul class="stack">${waiting.map((row) => waitingBox(view, row, shown))}</ul>`}
<h2>${t('direct.owed')}</h2>${owed.length === 0 ? html`<p>${t('direct.noneOwed')}</p>` : html`<ul class="stack">${owed.map((row) => owedBox(view, row, shown))}</ul>`}
<h2>${t('direct.mode')}</h2><ul class="stack">${modes.map(mode)}</ul></div>`,
  });
}

async function sendDesk(context: PageContext, deps: DirectPageDeps): Answer {
  const { request, field } = context;
  const { direct, once } = deps;
  const [seller, subject] = [sellerIn(request), field('subject').slice(0, 40)];
  const bankReference = field(`bankReference-${subject}`);
  const done = { done: 1 };
  const faults = await faultsOf(context, () =>
    once<{ done: number }>(request, async (finish) => {
      if (field('do') === 'received') {
        const said = { amountVnd: digits(field(`amountVnd-${subject}`)), bankReference };
        await direct.receiveBySeller(seller, subject, said, (tx) => finish(tx, done));
        return done;
      }
      if (!isId<'DirectRefund'>(subject)) throw refuse('direct-refund-not-found');
      await direct.markSent(seller, subject, bankReference, (tx) => finish(tx, done));
      return done;
    }),
  );
  if (!faults) return seeOther(context, desk);
  const named = faults.map(({ name, message }) => ({ name: name && `${name}-${subject}`, message }));
  return drawDesk(context, deps, { faults: named, typed: field });
}

type Chosen = { readonly mode: string; readonly holdHours: string; readonly faults: readonly Fault[] };

async function drawMode(
  { view, request, param }: PageContext,
  { direct }: DirectPageDeps,
  chosen?: Chosen,
): Promise<SafeHtml> {
  const { t, link, csrf } = view;
  const businessId: Id<'Business'> = ownOf(request, param('businessId'));
  const { mode, holdHours, account, name } = await direct.getMode(businessId);
  const faults = chosen?.faults ?? [];
  const picked = chosen?.mode ?? mode;
  const choice = (value: string, label: string): SafeHtml =>
    html`<label class="choice"><input type="radio" name="mode" value="${value}"${picked === value && html` checked`}><span>${label}</span></label>`;
  return deskLayout(view, 'seller', {
    title: t('direct.mode'),
    part: desk,
    body: html`<div class="narrow stack"><h2>${name}</h2><p>${t('direct.modeLead')}</p>${errorSummary(t('checkout.faults'), faults)}
${account ? html`<p class="notice ${account.confirmed ? 'good' : 'wait'}">${t(account.confirmed ? 'direct.checked' : 'direct.unchecked', { last: account.last4, holder: account.holderName })}</p>` : html`<p class="notice wait">${t('direct.noAccount')}<br><a href="${link(`/ban-hang/co-so/${businessId}`)}">${t('direct.nameAccount')}</a></p>`}
<form class="box stack" method="post" action="${link(`${desk}/${businessId}`)}">${csrfField(csrf)}<fieldset><legend>${t('direct.mode')}</legend>${choice('collected', t('direct.chooseCollected'))}${choice('direct', t('direct.chooseDirect'))}</fieldset>
${input({ name: 'holdHours', label: t('direct.holdHours'), hint: t('direct.holdHint'), value: chosen?.holdHours ?? String(holdHours), error: errorAt(faults, 'holdHours'), required: true, more: html`type="text" inputmode="numeric" maxlength="2" autocomplete="off"` })}
<button class="button" type="submit">${t('direct.choose')}</button></form></div>`,
  });
}

async function sendMode(context: PageContext, deps: DirectPageDeps): Answer {
  const { request, field, param } = context;
  const businessId = ownOf(request, param('businessId'));
  const typed = { mode: field('mode'), holdHours: field('holdHours') };
  const mode = typed.mode === 'direct' ? 'direct' : 'collected';
  const faults = await faultsOf(context, () =>
    deps.direct.chooseMode(sellerIn(request), businessId, { mode, holdHours: Number(typed.holdHours || Number.NaN) }),
  );
  return faults ? drawMode(context, deps, { ...typed, faults }) : seeOther(context, desk);
}

/** Money that goes past the exchange: the shopper's codes, and what the seller says of them. */
export const directPages: FastifyPluginAsync<DirectPageDeps> = async (app, deps) => {
  const { site } = deps;
  const parts = '/thanh-toan/:code/truc-tiep';
  page(app, site, { url: parts, access: 'public' }, (context) => partsPage(context, deps));
  page(app, site, { method: 'POST', url: parts, access: 'public' }, (context) => openPart(context, deps));
  page(app, site, { url: desk, ...selling }, (context) => drawDesk(context, deps));
  page(app, site, { method: 'POST', url: desk, ...selling }, (context) => sendDesk(context, deps));
  page(app, site, { url: `${desk}/:businessId`, ...owning }, (context) => drawMode(context, deps));
  page(app, site, { method: 'POST', url: `${desk}/:businessId`, ...owning }, (context) => sendMode(context, deps));
};
