import type { FastifyPluginAsync } from 'fastify';
import { readCode } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { ownBusinesses, sellerOf } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { addressLine } from '#web/parts/address.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { pager } from '#web/parts/pager.ts';
import { statusTag } from '#web/parts/status.ts';
import { sums, vatNote } from '#web/parts/sums.ts';
import type { Site, View } from '#web/view.ts';
import type { Seller } from './cancelling.ts';
import { lineList, parcelList } from './order-parts.ts';
import { openOf, pieceForm, readPieceFields } from './piece-forms.ts';
import { mayShipmentMove } from './rules/moves.ts';
import type { Orders } from './service.ts';
import { SHIPMENT_STATES, type ShipmentState } from './types.ts';
import type { SellerOrder } from './views.ts';

export type SellerPageDeps = { readonly site: Site; readonly orders: Orders };

const desk = '/ban-hang/don-hang';
const perPage = 50;

/** Where an order stands in a seller's day. */
type Stage = 'toConfirm' | 'toSend' | 'sent';
const stageOf = ({ status, fulfilmentStatus }: SellerOrder): Stage => {
  if (status === 'placed') return 'toConfirm';
  return status === 'confirmed' && ['none', 'packed'].includes(fulfilmentStatus) ? 'toSend' : 'sent';
};
const stages: readonly (readonly [Stage, MessageKey])[] = [
  ['toConfirm', 'seller.toConfirm'],
  ['toSend', 'seller.toSend'],
  ['sent', 'seller.sent'],
];

const step = (view: View, code: string, act: string, label: string, more?: SafeHtml): SafeHtml =>
  html`<form class="row" method="post" action="${view.link(desk)}">${csrfField(view.csrf)}<input type="hidden" name="code" value="${code}">
${more}<button class="button${more ? '' : ' wide'}" type="submit" name="do" value="${act}">${label}<span class="hidden"> ${code}</span></button></form>`;

const parcel = ({ t }: View, code: string): SafeHtml =>
  html`<span class="field"><label for="carrier-${code}">${t('seller.carrier')}</label><input id="carrier-${code}" name="carrier" type="text" maxlength="100" autocomplete="off"></span>
<span class="field"><label for="parcel-${code}">${t('seller.tracking')}</label><input id="parcel-${code}" name="trackingNumber" type="text" maxlength="100" autocomplete="off"></span>`;

/** What the seller can do next with an order; nothing when it is done or called off. */
function nextSteps(view: View, order: SellerOrder): SafeHtml | false {
  const { t, format } = view;
  if (order.status === 'placed')
    return html`${order.confirmBy && html`<p class="small">${icon('clock')} ${t('seller.confirmBy', { time: format.dateTime(order.confirmBy) })}</p>`}
${step(view, order.code, 'confirm', t('seller.confirm'))}`;
  if (order.status !== 'confirmed') return false;
  const { sendBy } = order;
  if (sendBy && order.fulfilmentStatus !== 'shipped')
    return html`<p class="small">${icon('clock')} ${t('seller.sendBy', { time: format.dateTime(sendBy) })}</p>${sendSteps(view, order)}`;
  return sendSteps(view, order);
}

function sendSteps(view: View, order: SellerOrder): SafeHtml | false {
  const { t } = view;
  if (order.fulfilmentStatus === 'none')
    return html`${step(view, order.code, 'pack', t('seller.pack'))}${step(view, order.code, 'ship', t('seller.ship'), parcel(view, order.code))}`;
  if (order.fulfilmentStatus === 'packed')
    return step(view, order.code, 'ship', t('seller.ship'), parcel(view, order.code));
  return order.fulfilmentStatus === 'shipped' && step(view, order.code, 'deliver', t('seller.delivered'));
}

/** What the business gets of a price, and what becomes of the rest. */
function earnings(view: View, order: SellerOrder): SafeHtml {
  const { t } = view;
  const fee = order.commissionVnd + order.commissionVatVnd;
  return html`<details class="small"><summary>${t('price.yours')}: ${view.format.vnd(order.totalVnd + order.promotionVnd - fee)}</summary>${sums(
    view,
    [
      { label: t('cart.subtotal'), amountVnd: order.subtotalVnd },
      ...(order.discountVnd > 0 ? [{ label: t('voucher.discount'), amountVnd: -order.discountVnd }] : []),
      ...(order.promotionVnd > 0 ? [{ label: t('price.promotion'), amountVnd: order.promotionVnd }] : []),
      { label: t('cart.shipping'), amountVnd: order.shippingVnd },
      { label: t('price.fee'), amountVnd: -fee },
      { label: t('price.yours'), amountVnd: order.totalVnd + order.promotionVnd - fee, total: true },
    ],
  )}${vatNote(view, order.vatVnd)}</details>`;
}

const orderCard = (view: View, order: SellerOrder, said: Said | undefined): SafeHtml => {
  const { t, format } = view;
  const { recipient, address } = order.delivery;
  return html`<li class="box stack"><div><h3 class="code">${order.code}</h3>
<p class="row">${statusTag(view, 'order', order.status)}${statusTag(view, 'fulfilment', order.fulfilmentStatus)}<span class="small soft">${format.dateTime(order.createdAt)}</span></p></div>
${order.partner !== null && html`<p><span class="tag">${t('partnerOrders.through', { exchange: order.partner.name })}</span></p>`}
<p class="small soft">${order.business.name}</p>${lineList(view, order.lines)}
<p class="row"><b>${t('cart.total')}</b><b class="price">${format.vnd(order.totalVnd)}</b></p>${earnings(view, order)}
${order.pickupPoint !== null && html`<p class="tag wait">${t('delivery.buyerCollects', { place: order.pickupPoint.name })}</p>`}
<p>${icon('place')} <b>${recipient.name}</b> · <a href="tel:${recipient.phone}">${recipient.phone}</a><br>${addressLine(address)}</p>
${parcelList(view, order, (one) => parcelSteps(view, order, one))}
${nextSteps(view, order)}${rareSteps(view, order, said?.code === order.code ? said : undefined)}</li>`;
};

/** What was refused of an order's form, with what was typed. */
type Said = { readonly code: string; readonly bad: string; readonly reason: string };

type SentParcel = SellerOrder['shipments'][number];
/** What a seller saw of a parcel that no courier reports on. */
function parcelSteps(view: View, { code }: SellerOrder, { code: shipment, state }: SentParcel): SafeHtml | false {
  const { t } = view;
  const choices: readonly (readonly [ShipmentState, MessageKey])[] =
    state === 'created'
      ? [['cancelled', 'seller.parcelUnpack']]
      : (
          [
            ['delivered', 'seller.parcelArrived'],
            ['returned', 'seller.parcelBack'],
            ['lost_damaged', 'seller.parcelLost'],
          ] as const
        ).filter(([to]) => mayShipmentMove(state, to));
  return (
    choices.length > 0 &&
    html`<form class="row" method="post" action="${view.link(desk)}">${csrfField(view.csrf)}<input type="hidden" name="code" value="${code}"><input type="hidden" name="shipment" value="${shipment}"><input type="hidden" name="do" value="parcel">
${choices.map(([to, name]) => html`<button class="button quiet small" type="submit" name="state" value="${to}">${t(name)}<span class="hidden"> ${shipment}</span></button>`)}</form>`
  );
}

/** What is seldom wanted, out of the way: a parcel of some pieces, and calling pieces off. */
function rareSteps(view: View, order: SellerOrder, said: Said | undefined): SafeHtml {
  const { t } = view;
  const common = { action: desk, hidden: { code: order.code } };
  const pieces = order.lines.reduce((sum, line) => sum + openOf(order, line, false), 0);
  const splits = order.status === 'confirmed' && pieces > 1;
  const cancels = order.status === 'placed' || order.status === 'confirmed';
  return html`${said && html`<p class="notice bad" role="alert">${said.bad}</p>`}${
    splits &&
    pieceForm(view, order, {
      ...common,
      do: 'packPart',
      title: t('seller.packPart'),
      text: t('seller.packPartText'),
      button: t('seller.packThese'),
      packed: false,
    })
  }${
    cancels &&
    pieceForm(view, order, {
      ...common,
      do: 'cancel',
      title: t('cancel.sellerTitle'),
      text: t('cancel.sellerText'),
      button: t('cancel.button'),
      packed: true,
      reason: { value: said?.reason ?? '' },
      open: said !== undefined,
    })
  }`;
}

type Listed = { readonly items: readonly SellerOrder[]; readonly next: string | null; readonly isFirst: boolean };

function sellerPage(view: View, { items: orders, next, isFirst }: Listed, said?: Said): SafeHtml {
  const { t, format, link } = view;
  const byStage = new Map(stages.map(([stage]) => [stage, orders.filter((order) => stageOf(order) === stage)]));
  const shelf = ([stage, name]: (typeof stages)[number]): SafeHtml | false => {
    const own = byStage.get(stage) ?? [];
    return (
      own.length > 0 &&
      html`<section class="section" aria-labelledby="${stage}"><h2 class="section-head" id="${stage}">${t(name)}</h2><ul class="producers">${own.map((order) => orderCard(view, order, said))}</ul></section>`
    );
  };
  return deskLayout(view, 'seller', {
    title: t('seller.orders'),
    part: desk,
    body: html`<ul class="tiles section">${stages.map(([stage, name]) => html`<li class="tile"><b>${format.integer(byStage.get(stage)?.length ?? 0)}</b>${t(name)}</li>`)}</ul>
${orders.length === 0 && html`<div class="section">${empty(t('seller.none'), t('seller.noneText'), html`<a class="button" href="${link('/ban-hang/san-pham')}">${t('seller.toProducts')}</a><a class="button quiet" href="${link('/ban-hang/kho')}">${t('seller.stock')}</a>`, 'du-lich')}</div>`}
${stages.map(shelf)}${pager(view, next && link(`${desk}?cursor=${next}`), isFirst ? null : link(desk))}`,
  });
}

async function takeStep(context: PageContext, orders: Orders): Promise<SafeHtml | typeof SENT> {
  const code = context.field('code');
  const seller = sellerOf(context.request);
  const [carrier, trackingNumber] = [
    context.field('carrier').slice(0, 100).toWellFormed(),
    context.field('trackingNumber').slice(0, 100).toWellFormed(),
  ];
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    confirm: () => orders.confirmOrder(code, seller),
    pack: () => orders.packOrder(code, seller),
    ship: () =>
      orders.shipOrder(code, seller, {
        ...(carrier !== '' && { carrier }),
        ...(trackingNumber !== '' && { trackingNumber }),
      }),
    deliver: () => orders.deliverOrder(code, seller),
    packPart: () => orders.packOrder(code, seller, readPieceFields(context)),
    parcel: () => orders.moveShipment(code, seller, context.field('shipment'), readState(context.field('state'))),
  };
  const wanted = context.field('do');
  if (wanted === 'cancel') return cancelPieces(context, orders, seller);
  const act = Object.hasOwn(acts, wanted) ? acts[wanted] : undefined;
  if (!act) throw httpProblem('invalid-request', { errors: [{ pointer: '/do', detail: 'is not a step' }] });
  await act();
  return seeOther(context, desk);
}

function readState(text: string): ShipmentState {
  const state = SHIPMENT_STATES.find((one) => one === text);
  if (!state)
    throw httpProblem('invalid-request', { errors: [{ pointer: '/state', detail: 'is no state of a parcel' }] });
  return state;
}

/** Calls pieces off; what was refused comes back with what was typed. */
async function cancelPieces(context: PageContext, orders: Orders, seller: Seller): Promise<SafeHtml | typeof SENT> {
  const { view, reply, field } = context;
  const code = readCode(field('code'));
  const reason = field(`ly-do-${code}`).slice(0, 500).toWellFormed();
  const lines = readPieceFields(context);
  const again = async (status: number, bad: string): Promise<SafeHtml> => {
    void reply.code(status);
    return sellerPage(view, await listed(context, orders), { code, bad, reason });
  };
  if (lines.length === 0) return again(422, view.t('cancel.nothing'));
  if (reason === '') return again(422, view.t('cancel.noReason'));
  try {
    await orders.cancelOrder(code, seller, { reason, lines, version: Number(field('version')) || 0 });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    return again(409, view.either(error.entry.vi.join('. '), error.entry.en.join('. ')));
  }
  return seeOther(context, desk);
}

async function listed({ request, query }: PageContext, orders: Orders): Promise<Listed> {
  const cursor = readCursor(query('cursor') || undefined);
  const businessIds = ownBusinesses(request);
  const { items, nextCursor } = await orders.listOrders({ businessIds, limit: perPage, cursor });
  return { items, next: nextCursor, isFirst: !cursor };
}

export const sellerPages: FastifyPluginAsync<SellerPageDeps> = async (app, { site, orders }) => {
  page(app, site, { url: desk, access: 'seller' }, async (context) =>
    sellerPage(context.view, await listed(context, orders)),
  );
  page(app, site, { method: 'POST', url: desk, access: 'seller' }, (context) => takeStep(context, orders));
};
