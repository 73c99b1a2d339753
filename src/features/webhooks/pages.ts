import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import type { Editing } from '#features/products/index.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { checkbox, csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { byOf } from './routes.ts';
import type { Webhooks } from './service.ts';
import { type EndpointId, WEBHOOK_EVENTS, type WebhookEvent } from './types.ts';

export type WebhookPageDeps = {
  readonly site: Site;
  readonly webhooks: Webhooks;
  readonly editing: Pick<Editing, 'listBusinesses'>;
};
type NamedBusiness = Awaited<ReturnType<Editing['listBusinesses']>>[number];
type Endpoint = Awaited<ReturnType<Webhooks['list']>>[number];
type Message = Awaited<ReturnType<Webhooks['log']>>[number];

const url = '/ban-hang/webhook';
const eventNames = {
  'order.paid': 'webhooks.on.order.paid',
  'order.changed': 'webhooks.on.order.changed',
  'product.changed': 'webhooks.on.product.changed',
  'certificate.changed': 'webhooks.on.certificate.changed',
} as const satisfies Readonly<Record<WebhookEvent, MessageKey>>;
const stateNames = {
  queued: 'webhooks.queued',
  delivered: 'webhooks.delivered',
  failed: 'webhooks.failed',
} as const satisfies Readonly<Record<Message['state'], MessageKey>>;

const health = ({ t, format }: View, { failingSince, disabledAt }: Endpoint): string => {
  if (disabledAt) return t('webhooks.off', { time: format.dateTime(disabledAt) });
  return failingSince ? t('webhooks.failing', { time: format.dateTime(failingSince) }) : t('webhooks.works');
};

const logOf = (view: View, id: string, messages: readonly Message[]): SafeHtml => {
  const { t, format, link } = view;
  if (messages.length === 0) return html`<p>${t('webhooks.logNone')}</p>`;
  return html`<div class="table" tabindex="0"><table><thead><tr><th scope="col">${t('webhooks.when')}</th><th scope="col">${t('webhooks.what')}</th><th scope="col">${t('webhooks.outcome')}</th></tr></thead><tbody>
${messages.map(
  (
    message,
  ) => html`<tr><td>${format.dateTime(message.createdAt)}</td><td><code>${message.type}</code></td><td>${t(stateNames[message.state])}${message.status !== null && html` (${message.status})`}
${message.error !== null && html`<br><span class="small soft">${message.error}</span>`}<form method="post" action="${link(url)}">${csrfField(view.csrf)}<input type="hidden" name="endpointId" value="${id}"><input type="hidden" name="messageId" value="${message.messageId}">
<button class="button quiet" type="submit" name="do" value="replay">${t('webhooks.replay')}<span class="hidden"> ${message.type} ${message.messageId}</span></button></form></td></tr>`,
)}</tbody></table></div>`;
};

const endpointCard = (view: View, endpoint: Endpoint, log: readonly Message[]): SafeHtml => {
  const { t, link } = view;
  const act = (name: string, key: MessageKey): SafeHtml =>
    html`<button class="button quiet" type="submit" name="do" value="${name}">${t(key)}<span class="hidden"> ${endpoint.url}</span></button>`;
  return html`<li class="box stack"><h2 class="code">${endpoint.url}</h2><p>${health(view, endpoint)}</p>
<p class="small soft">${endpoint.events.map((one) => t(eventNames[one])).join(' · ')}</p>
<form class="row" method="post" action="${link(url)}">${csrfField(view.csrf)}<input type="hidden" name="endpointId" value="${endpoint.endpointId}">
${act('ping', 'webhooks.ping')}${act('rotate', 'webhooks.rotate')}${endpoint.disabledAt !== null && act('resume', 'webhooks.resume')}${act('close', 'webhooks.close')}</form>
<details><summary>${t('webhooks.log')}</summary>${logOf(view, endpoint.endpointId, log)}</details></li>`;
};

type Shown = {
  readonly endpoints: readonly { readonly endpoint: Endpoint; readonly log: readonly Message[] }[];
  readonly businesses: readonly NamedBusiness[];
  readonly secret?: string;
  /** A form that was refused, as it was typed, and why. */
  readonly refused?: {
    readonly url: string;
    readonly businessId: string;
    readonly events: readonly string[];
    readonly message: string;
  };
};

const openForm = (view: View, businesses: readonly NamedBusiness[], refused: Shown['refused']): SafeHtml => {
  const { t, link } = view;
  const events: readonly string[] = refused?.events ?? WEBHOOK_EVENTS.filter((one) => one.startsWith('order'));
  const [only] = businesses;
  return html`<form class="box stack" method="post" action="${link(url)}">${csrfField(view.csrf)}<h2>${t('webhooks.add')}</h2>
${
  only && businesses.length === 1
    ? html`<input type="hidden" name="businessId" value="${only.businessId}">`
    : select(
        { name: 'businessId', label: t('webhooks.business'), value: refused?.businessId ?? '', required: true },
        '…',
        businesses.map(({ businessId, name }) => ({ value: businessId, label: name })),
      )
}
${input({ name: 'url', label: t('webhooks.url'), value: refused?.url ?? '', error: refused?.message, required: true, more: html`type="url" inputmode="url" maxlength="500" autocomplete="off"` })}
<fieldset><legend>${t('webhooks.events')}</legend>${WEBHOOK_EVENTS.map((one) =>
    checkbox(
      { name: 'events', label: t(eventNames[one]), value: one, checked: events.includes(one) },
      `event-${one.replace('.', '-')}`,
    ),
  )}</fieldset><button class="button" type="submit" name="do" value="open">${t('webhooks.open')}</button></form>`;
};

const webhookPage = (view: View, { endpoints, businesses, secret, refused }: Shown): SafeHtml => {
  const { t } = view;
  return deskLayout(view, 'seller', {
    title: t('webhooks.title'),
    part: url,
    body: html`<div class="narrow stack"><p>${t('webhooks.lead')}</p>${errorSummary(t('checkout.faults'), refused ? [{ name: 'url', message: refused.message }] : [])}
${secret !== undefined && html`<div class="notice good" role="status"><h2>${t('webhooks.secret')}</h2><p><code>${secret}</code></p><p>${t('webhooks.secretText')}</p></div>`}
${endpoints.length === 0 ? html`<p>${t('webhooks.none')}</p>` : html`<ul class="stack">${endpoints.map(({ endpoint, log }) => endpointCard(view, endpoint, log))}</ul>`}
${openForm(view, businesses, refused)}</div>`,
  });
};

async function shownFor({ request }: PageContext, { webhooks, editing }: WebhookPageDeps): Promise<Shown> {
  const by = byOf(request);
  const endpoints = await Promise.all(
    (await webhooks.list(by)).map(async (endpoint) => ({
      endpoint,
      log: await webhooks.log(by, endpoint.endpointId),
    })),
  );
  return { endpoints, businesses: await editing.listBusinesses(by) };
}

/** The acts on one endpoint; each gives the new secret or nothing. */
async function act({ request, field }: PageContext, webhooks: Webhooks, id: EndpointId): Promise<string | undefined> {
  const by = byOf(request);
  const messageId = field('messageId');
  if (field('do') === 'rotate') return (await webhooks.rotate(by, id)).secret;
  if (field('do') === 'ping') await webhooks.ping(by, id);
  if (field('do') === 'resume') await webhooks.resume(by, id);
  if (field('do') === 'close') await webhooks.close(by, id);
  if (field('do') === 'replay' && isId<'WebhookMessage'>(messageId)) await webhooks.replay(by, id, messageId);
  return undefined;
}

async function change(context: PageContext, webhooks: Webhooks): Promise<string | undefined> {
  const { request, field, fields } = context;
  const businessId = field('businessId');
  const endpointId = field('endpointId');
  if (field('do') === 'open' && isId<'Business'>(businessId)) {
    const events = WEBHOOK_EVENTS.filter((one) => fields('events').includes(one));
    return (await webhooks.open(byOf(request), { businessId, url: field('url'), events })).secret;
  }
  if (isId<'WebhookEndpoint'>(endpointId)) return act(context, webhooks, endpointId);
  throw httpProblem('invalid-request', { errors: [{ pointer: '/do', detail: 'is not a step' }] });
}

/** A form that is refused comes back with what was typed. Whatever else fails is a page of its own. */
function refusalOf({ view, reply, field, fields }: PageContext, error: unknown): NonNullable<Shown['refused']> {
  if (field('do') !== 'open' || !(error instanceof Problem)) throw error;
  void reply.code(error.status);
  return {
    url: field('url'),
    businessId: field('businessId'),
    events: fields('events'),
    message: view.either(error.entry.vi.join('. '), error.entry.en.join('. ')),
  };
}

export const webhookPages: FastifyPluginAsync<WebhookPageDeps> = async (app, deps) => {
  const { site, webhooks } = deps;
  const owners = { access: 'seller', roles: ['owner'] } as const;
  page(app, site, { url, ...owners }, async (context) => webhookPage(context.view, await shownFor(context, deps)));
  page(app, site, { method: 'POST', url, ...owners }, async (context): Promise<SafeHtml | typeof SENT> => {
    const done = await change(context, webhooks).catch((error: unknown) => refusalOf(context, error));
    if (done === undefined) return seeOther(context, url);
    // Shown in the answer itself: a redirect would have to carry it.
    void context.reply.header('cache-control', 'no-store');
    return webhookPage(context.view, {
      ...(await shownFor(context, deps)),
      ...(typeof done === 'string' ? { secret: done } : { refused: done }),
    });
  });
};
