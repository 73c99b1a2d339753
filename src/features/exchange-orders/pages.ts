import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import {
  addressFields,
  type Carts,
  type CartView,
  type ContactForm,
  contactFieldOf,
  findTypedWard,
  findVisitorCart,
  keptContact,
  piecesIn,
  recipientFields,
  sentContact,
} from '#features/carts/index.ts';
import { drawQr } from '#features/payments/index.ts';
import type { Places } from '#features/places/index.ts';
import type { FoundWard } from '#features/places/types.ts';
import { httpProblem } from '#http/problems.ts';
import { writeCartCookie } from '#web/cart-cookie.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { leaveFor, type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { csrfField, errorSummary } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { legPage, termsForm, wishedBox } from './leg-parts.ts';
import type { ExchangeOrders } from './service.ts';
import type { Basket } from './shopping.ts';
import { LEG_METHODS, type LegId } from './types.ts';
import type { LegView } from './views.ts';

type ExchangeOrderPageDeps = {
  readonly site: Site;
  readonly exchangeOrders: ExchangeOrders;
  readonly carts: Carts;
  readonly places: Places;
};
type Fault = { readonly name: keyof ContactForm | 'age' | ''; readonly message: string };
const fieldOf: Readonly<Record<string, Fault['name']>> = { ...contactFieldOf, '/ageConfirmed': 'age' };

/** Sentences of the catalogue that speak of the API say here what a shopper can do on this page. */
const wordsFor: Readonly<Record<string, MessageKey>> = {
  'leg-age-not-confirmed': 'age.missing',
};

/** What the exchange has of each thing that it has too little of, by the names that the shopper knows. */
const shortIn = (view: View, { lines }: Basket, short: unknown): string[] =>
  (Array.isArray(short) ? (short as { readonly uri?: unknown; readonly available?: unknown }[]) : []).flatMap(
    ({ uri, available }) => {
      const line = lines.find(({ offerUri }) => offerUri === uri);
      return line ? [view.t('leg.short', { name: line.name, count: Number(available) || 0 })] : [];
    },
  );

const faultsOf = (view: View, { code, entry, extra }: Problem, basket: Basket): readonly Fault[] => {
  const words = wordsFor[code];
  const name = (typeof extra.pointer === 'string' && fieldOf[extra.pointer]) || '';
  const short = code === 'leg-quantity-unavailable' ? shortIn(view, basket, extra.lines) : [];
  const message = words ? view.t(words) : view.either(entry.vi.join('. '), entry.en.join('. '));
  return short.length > 0 ? short.map((one) => ({ name, message: one })) : [{ name, message }];
};

type Shown = {
  readonly basket: Basket;
  readonly form: ContactForm;
  readonly leg?: LegView;
  readonly faults?: readonly Fault[];
  readonly found?: readonly FoundWard[];
};

async function showCheckout(
  { view, reply }: PageContext,
  { places, exchangeOrders }: ExchangeOrderPageDeps,
  { basket, form, leg, faults = [], found = [] }: Shown,
): Promise<SafeHtml> {
  const { t, link } = view;
  const { name, partnerKey } = basket;
  const provinces = await places.listProvinces();
  const known = provinces.some(({ code }) => code === form.provinceCode);
  const wards = known ? await places.listWards(form.provinceCode) : [];
  const errorOf = (field: Fault['name']) => faults.find((fault) => fault.name === field)?.message;
  if (faults.length > 0 && reply.statusCode < 400) void reply.code(422);
  return layout(view, {
    title: t('leg.title', { name }),
    body: html`<div class="narrow stack"><h1>${t('leg.title', { name })}</h1>${errorSummary(t('checkout.faults'), faults)}
${leg ? termsForm(view, leg, exchangeOrders.methods) : wishedBox(view, basket)}
<form class="stack" method="post" action="${link(`/dat-lien-san/${partnerKey}`)}" novalidate>${csrfField(view.csrf)}
${recipientFields(view, form, errorOf)}${addressFields(view, { provinces, wards, found }, form, errorOf)}
<p class="small soft">${t('leg.askNote', { name })}</p>
<button class="button${leg && html` quiet`} wide" type="submit" name="do" value="quote">${leg ? t('leg.edit') : t('leg.ask')}</button></form>
<p><a href="${link('/gio-hang')}">${t('checkout.back')}</a></p></div>`,
  });
}

type Found = { readonly cart: CartView; readonly basket: Basket };
/** The goods of this exchange in the visitor's cart; undefined where there are none. */
async function findBasket(
  context: PageContext,
  { carts, exchangeOrders }: ExchangeOrderPageDeps,
): Promise<Found | undefined> {
  const cart = await findVisitorCart(context, carts);
  const baskets = cart ? await exchangeOrders.listBaskets(cart.cartId) : [];
  const basket = baskets.find(({ partnerKey }) => partnerKey === context.param('partnerKey'));
  return cart && basket && { cart, basket };
}

/** Who and where, as it was typed for this exchange before, or for our own goods. */
async function contactOf(
  { exchangeOrders }: ExchangeOrderPageDeps,
  cart: CartView,
  { partnerKey }: Basket,
): Promise<ContactForm> {
  return keptContact({ delivery: (await exchangeOrders.findDelivery(cart.cartId, partnerKey)) ?? cart.delivery });
}

/** The shopper's word on what was shown: another sum than the one beside the button is shown again. */
async function accept(
  context: PageContext,
  deps: ExchangeOrderPageDeps,
  { basket, form }: Shown,
): Promise<SafeHtml | typeof SENT> {
  const { field, view, reply } = context;
  const [total = '', ...code] = field('way').split(' ');
  const legId = field('legId') as LegId;
  try {
    const method = LEG_METHODS.find((one) => one === field('method'));
    const yes = { legId, shippingCode: code.join(' '), totalVnd: Number(total), ageConfirmed: field('age') !== '' };
    const asked = { ...yes, ...(method && { method }) };
    const leg = await deps.exchangeOrders.acceptLeg(asked);
    return leg.redirectUrl === null
      ? seeOther(context, `/mua-lien-san/${leg.legId}`)
      : leaveFor(context, leg.redirectUrl);
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'leg-not-found') throw error;
    void reply.code(error.status);
    const leg = await deps.exchangeOrders.getLeg(legId);
    // The new terms say by themselves that they are new.
    const isShown = error.code === 'leg-terms-changed';
    return showCheckout(context, deps, { basket, form, leg, faults: isShown ? [] : faultsOf(view, error, basket) });
  }
}

async function sendCheckout(context: PageContext, deps: ExchangeOrderPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, view, reply } = context;
  const found = await findBasket(context, deps);
  if (!found) return seeOther(context, '/gio-hang');
  const { cart, basket } = found;
  if (field('do') === 'accept') return accept(context, deps, { basket, form: await contactOf(deps, cart, basket) });
  const form = sentContact(context);
  const typed = await findTypedWard(deps.places, form);
  const which = typed.map(() => ({ name: 'ward', message: view.t('checkout.wardWhich') }) as const).slice(0, 1);
  if (field('do') === 'wards') return showCheckout(context, deps, { basket, form, found: typed });
  if (typed.length > 0) return showCheckout(context, deps, { basket, form, faults: which, found: typed });
  const { name, phone, email, line, provinceCode, wardCode, ward } = form;
  try {
    const leg = await deps.exchangeOrders.quoteLeg({
      cartId: cart.cartId,
      partnerKey: basket.partnerKey,
      language: view.locale,
      recipient: { name, phone, ...(email === '' ? {} : { email }) },
      address: { line, provinceCode, ...(wardCode === '' ? { ward } : { wardCode }) },
    });
    if (leg.state === 'authorising') return seeOther(context, `/mua-lien-san/${leg.legId}`);
    return await showCheckout(context, deps, { basket, form, leg });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    void reply.code(error.status);
    return showCheckout(context, deps, { basket, form, faults: faultsOf(view, error, basket) });
  }
}

/** The header's basket counts what lies in the cart, of ours and of other exchanges. */
async function keepCount({ reply }: PageContext, { exchangeOrders }: ExchangeOrderPageDeps, cart: CartView) {
  const own = cart.status === 'open' ? piecesIn(cart) : 0;
  const count = own + (await exchangeOrders.countPieces(cart.cartId));
  writeCartCookie(reply, cart.cartId, count);
  return count;
}

/** Goods of another exchange go into the same cart, and stay apart in it. */
async function changeLine(context: PageContext, deps: ExchangeOrderPageDeps): Promise<typeof SENT> {
  const { carts, exchangeOrders } = deps;
  const { field } = context;
  const variantId = field('variantId');
  if (!isId<'Variant'>(variantId))
    throw httpProblem('invalid-request', { errors: [{ pointer: '/variantId', detail: 'is not an id' }] });
  const cart = (await findVisitorCart(context, carts)) ?? (await carts.openCart());
  const before = (await exchangeOrders.listBaskets(cart.cartId)).flatMap(({ lines }) => lines);
  const held = before.find((line) => line.variantId === variantId)?.quantity ?? 0;
  const asked = /^\d{1,6}$/.test(field('quantity')) ? Number(field('quantity')) : 0;
  if (field('do') === 'remove') await exchangeOrders.removeLine(cart.cartId, variantId);
  else await exchangeOrders.setLine(cart.cartId, variantId, field('do') === 'add' ? held + asked : asked);
  await keepCount(context, deps, cart);
  return seeOther(context, '/gio-hang');
}

/** What was bought has left the cart: whoever comes from paying sees that at once. */
async function showLeg(context: PageContext, deps: ExchangeOrderPageDeps): Promise<SafeHtml> {
  const leg = await deps.exchangeOrders.refresh(context.param('legId'));
  const cart = await findVisitorCart(context, deps.carts);
  const cartCount = cart ? await keepCount(context, deps, cart) : context.view.cartCount;
  // The shopper may be the first to bring the news: the leg goes on by its job.
  const svg = leg.transfer && (await drawQr(leg.transfer.payload));
  return legPage({ ...context.view, cartCount }, leg, svg ?? undefined);
}

export const exchangeOrderPages: FastifyPluginAsync<ExchangeOrderPageDeps> = async (app, deps) => {
  const { site, exchangeOrders } = deps;
  const access = 'public';
  page(app, site, { method: 'POST', url: '/gio-hang/lien-san', access }, (context) => changeLine(context, deps));
  page(app, site, { url: '/dat-lien-san/:partnerKey', access, alwaysAnew: true }, async (context) => {
    const found = await findBasket(context, deps);
    if (!found) return seeOther(context, '/gio-hang');
    const { cart, basket } = found;
    const leg = await exchangeOrders.findQuoted(cart.cartId, basket);
    return showCheckout(context, deps, { basket, form: await contactOf(deps, cart, basket), ...(leg && { leg }) });
  });
  page(app, site, { method: 'POST', url: '/dat-lien-san/:partnerKey', access }, (context) =>
    sendCheckout(context, deps),
  );
  page(app, site, { url: '/mua-lien-san/:legId', access, alwaysAnew: true }, (context) => showLeg(context, deps));
};
