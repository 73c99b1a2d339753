import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { whyNotNames } from '#features/vouchers/index.ts';
import { httpProblem } from '#http/problems.ts';
import { writeCartCookie } from '#web/cart-cookie.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField, input } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { breakdown, sums, vatNote } from '#web/parts/sums.ts';
import type { Site, View } from '#web/view.ts';
import { freightHints, spoilingNotice } from './delivery-parts.ts';
import type { Carts, CartView } from './service.ts';
import { findVisitorCart, piecesIn } from './visitor-cart.ts';

/** What else lies in a cart: goods of other exchanges, which are bought apart. */
type Beside = {
  readonly show: (view: View, cartId: string) => Promise<{ readonly box: SafeHtml | false; readonly pieces: number }>;
  readonly countPieces: (cartId: string) => Promise<number>;
  /** They stay with a shopper whose own goods were ordered and who begins a new cart. */
  readonly carry: (fromCartId: string, toCartId: string) => Promise<void>;
};
export type CartPageDeps = { readonly site: Site; readonly carts: Carts; readonly beside: Beside };

/** A voucher that was typed and is none. */
type VoucherFault = { readonly typed: string };
type Line = CartView['lines'][number];
type Shop = CartView['businesses'][number];

/** The open cart of this browser. One that was ordered or swept away is as good as none, and the shopper starts anew. */
async function findOpenCart(context: PageContext, carts: Carts): Promise<CartView | undefined> {
  const cart = await findVisitorCart(context, carts);
  return cart?.status === 'open' ? cart : undefined;
}

const warning = ({ t }: View, line: Line): SafeHtml | false => {
  if (!line.forSale) return html`<p class="tag bad">${t('cart.unavailable')}</p>`;
  return (
    line.available < line.quantity && html`<p class="tag wait">${t('cart.notEnough', { count: line.available })}</p>`
  );
};

const lineRow = (view: View, line: Line): SafeHtml => {
  const { t, format, link } = view;
  const field = `quantity-${line.variantId}`;
  return html`<li class="line">${line.image ? html`<img src="${line.image}" alt="" width="160" height="160">` : html`<span></span>`}
<div><a href="${link(`/san-pham/${line.productSlug}`)}">${line.name}</a><p class="small soft">${line.label} · ${t('cart.each', { price: format.vnd(line.priceVnd) })}</p>${warning(view, line)}</div>
<p class="amount">${format.vnd(line.totalVnd)}</p>
<form class="row" method="post" action="${link('/gio-hang')}" data-hx-post="${link('/gio-hang')}" data-hx-target="#cart" data-hx-select="#cart" data-hx-select-oob="#cart-count" data-hx-swap="outerHTML">${csrfField(view.csrf)}
<input type="hidden" name="variantId" value="${line.variantId}">
<span class="quantity"><label class="hidden" for="${field}">${t('cart.quantityOf', { name: line.name })}</label>
<input id="${field}" name="quantity" type="number" inputmode="numeric" value="${line.quantity}" min="${line.minOrder}" max="${line.maxOrder}" required></span>
<button class="button quiet" type="submit" name="do" value="set">${t('cart.update')}<span class="hidden"> ${line.name}</span></button>
<button class="link-button" type="submit" name="do" value="remove" formnovalidate>${t('cart.remove')}<span class="hidden"> ${line.name}</span></button></form></li>`;
};

const shopBox = (view: View, shop: Shop, lines: readonly Line[]): SafeHtml => {
  const { link } = view;
  return html`<section class="box shop"><h2>${icon('boat')}<a href="${link(`/co-so/${shop.slug}`)}">${shop.name}</a></h2>
<ul>${lines.filter(({ businessId }) => businessId === shop.businessId).map((line) => lineRow(view, line))}</ul>
${breakdown(view, shop)}${freightHints(view, shop)}</section>`;
};

type Offer = CartView['vouchersNotApplied'][number];

const whyNot = ({ t, format }: View, { reason, missingVnd }: Offer): string =>
  t(whyNotNames[reason], { amount: format.vnd(missingVnd) });

/** What vouchers do for this cart, and the place to type one. Their conditions are one step away, before ordering. */
function voucherBox(view: View, cart: CartView, fault: VoucherFault | undefined): SafeHtml {
  const { t, format, link } = view;
  const action = link('/gio-hang');
  return html`<section class="stack" aria-label="${t('voucher.title')}">${
    cart.vouchers.length > 0 &&
    html`<ul class="stack">${cart.vouchers.map(({ name, amountVnd }) => html`<li class="tag good">${t('voucher.applied', { name, amount: format.vnd(amountVnd) })}</li>`)}</ul>`
  }${
    cart.vouchersNotApplied.length > 0 &&
    html`<ul class="small">${cart.vouchersNotApplied.map((offer) => html`<li><b>${offer.code ?? offer.name}</b>: ${whyNot(view, offer)}</li>`)}</ul>`
  }<form class="stack" method="post" action="${action}">${csrfField(view.csrf)}
${input({ name: 'voucherCode', label: t('voucher.enter'), value: fault?.typed ?? cart.voucherCode ?? '', error: fault && t('voucher.unknown'), more: html`type="text" maxlength="40" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
<p class="row"><button class="button quiet" type="submit" name="do" value="voucher">${t('voucher.use')}</button>
${cart.voucherCode !== null && html`<button class="link-button" type="submit" name="do" value="no-voucher">${t('voucher.takeOff')}</button>`}
<a href="${link('/uu-dai')}">${t('voucher.all')}</a></p></form></section>`;
}

/** Nothing of ours. Who has goods of other exchanges in the cart is not told that it is empty. */
const noGoods = ({ t, link }: View, hasOthers: boolean): SafeHtml => {
  const browse = html`<a class="button${hasOthers ? ' quiet' : ''}" href="${link('/tim-kiem')}">${t('home.browse')}</a>`;
  const body = hasOthers ? html`<p>${browse}</p>` : empty(t('cart.empty'), t('cart.emptyText'), browse);
  return html`<div id="cart"><h1>${t('cart.title')}</h1>${body}</div>`;
};

function cartBody(view: View, cart: CartView | undefined, hasOthers: boolean, fault?: VoucherFault): SafeHtml {
  const { t, format, link } = view;
  if (!cart || cart.lines.length === 0) return noGoods(view, hasOthers);
  return html`<div id="cart"><h1>${t('cart.title')}</h1><p class="soft">${t('cart.note')}</p>${spoilingNotice(view, cart)}
<div class="two section"><div>${cart.businesses.map((shop) => shopBox(view, shop, cart.lines))}</div>
<aside class="box stack stay" aria-label="${t('cart.total')}">
${sums(view, [
  ...cart.businesses.map(({ name, totalVnd }) => ({ label: name, amountVnd: totalVnd })),
  { label: t('cart.total'), amountVnd: cart.totalVnd, total: true },
])}${vatNote(view, cart.vatVnd)}
<a class="button wide" href="${link('/thanh-toan')}">${t('cart.checkout')} · ${format.vnd(cart.totalVnd)}</a>
<a class="button quiet wide" href="${link('/tim-kiem')}">${t('cart.more')}</a>${voucherBox(view, cart, fault)}</aside></div></div>`;
}

async function cartPage(
  { view }: PageContext,
  { beside }: CartPageDeps,
  known: CartView | undefined,
  fault?: VoucherFault,
): Promise<SafeHtml> {
  const cart = known?.status === 'open' ? known : undefined;
  const { box, pieces } = known ? await beside.show(view, known.cartId) : { box: false as const, pieces: 0 };
  const counted = { ...view, cartCount: (cart ? piecesIn(cart) : 0) + pieces };
  return layout(counted, {
    title: view.t('cart.title'),
    body: html`${cartBody(counted, cart, pieces > 0, fault)}${box}`,
    htmx: true,
  });
}

/** A code that is none comes back as it was typed, with what is wrong. */
async function sendVoucher(context: PageContext, deps: CartPageDeps, typed: string): Promise<SafeHtml | typeof SENT> {
  const { carts } = deps;
  const cart = await findOpenCart(context, carts);
  if (!cart) return seeOther(context, '/gio-hang');
  try {
    await carts.setVoucher(cart.cartId, typed);
    return seeOther(context, '/gio-hang');
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'voucher-unknown') throw error;
    void context.reply.code(error.status);
    return cartPage(context, deps, cart, { typed });
  }
}

const quantityIn = (text: string): number => {
  const quantity = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (quantity < 1)
    throw httpProblem('invalid-request', { errors: [{ pointer: '/quantity', detail: 'must be 1 or more' }] });
  return quantity;
};

const variantIn = ({ field }: PageContext) => {
  const variantId = field('variantId');
  if (!isId<'Variant'>(variantId))
    throw httpProblem('invalid-request', { errors: [{ pointer: '/variantId', detail: 'is not an id' }] });
  return variantId;
};

const keepCount = async ({ reply }: PageContext, { beside }: CartPageDeps, cart: CartView): Promise<void> =>
  writeCartCookie(reply, cart.cartId, piecesIn(cart) + (await beside.countPieces(cart.cartId)));

/** The visitor's open cart, or a new one into which the goods of other exchanges come along. */
async function openCart(context: PageContext, { carts, beside }: CartPageDeps): Promise<CartView> {
  const known = await findVisitorCart(context, carts);
  if (known?.status === 'open') return known;
  const cart = await carts.openCart();
  if (known) await beside.carry(known.cartId, cart.cartId);
  return cart;
}

/** Adds to what is there already: pressing "add" twice means two, as it does in a market. */
async function addLine(context: PageContext, deps: CartPageDeps): Promise<typeof SENT> {
  const variantId = variantIn(context);
  const more = quantityIn(context.field('quantity'));
  const cart = await openCart(context, deps);
  const held = cart.lines.find((line) => line.variantId === variantId)?.quantity ?? 0;
  await keepCount(context, deps, await deps.carts.setLine(cart.cartId, variantId, held + more));
  return seeOther(context, '/gio-hang');
}

async function changeLine(context: PageContext, deps: CartPageDeps): Promise<SafeHtml | typeof SENT> {
  const { carts } = deps;
  if (context.field('do') === 'add') return addLine(context, deps);
  if (context.field('do') === 'voucher')
    return sendVoucher(context, deps, context.field('voucherCode').slice(0, 40).toWellFormed());
  if (context.field('do') === 'no-voucher') return sendVoucher(context, deps, '');
  const cart = await findOpenCart(context, carts);
  if (!cart) return seeOther(context, '/gio-hang');
  const variantId = variantIn(context);
  const changed =
    context.field('do') === 'remove'
      ? await carts.removeLine(cart.cartId, variantId)
      : await carts.setLine(cart.cartId, variantId, quantityIn(context.field('quantity')));
  await keepCount(context, deps, changed);
  return seeOther(context, '/gio-hang');
}

export const cartPages: FastifyPluginAsync<CartPageDeps> = async (app, deps) => {
  const { site, carts } = deps;
  page(app, site, { url: '/gio-hang', access: 'public', alwaysAnew: true }, async (context) =>
    cartPage(context, deps, await findVisitorCart(context, carts)),
  );
  page(app, site, { method: 'POST', url: '/gio-hang', access: 'public' }, (context) => changeLine(context, deps));
};
