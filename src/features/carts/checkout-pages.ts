import type { FastifyPluginAsync } from 'fastify';
import { type Vnd, vnd } from '#core/money.ts';
import { Problem, refusals } from '#core/problem.ts';
import type { Orders } from '#features/orders/index.ts';
import type { Payments } from '#features/payments/index.ts';
import { METHODS, type Method } from '#features/payments/types.ts';
import type { Places } from '#features/places/index.ts';
import type { FoundWard } from '#features/places/types.ts';
import { actorOf } from '#http/access.ts';
import type { Finish, Once } from '#http/idempotency.ts';
import { writeCartCookie } from '#web/cart-cookie.ts';
import type { SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { leaveFor, type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import type { NoteReferral } from '#web/referral-cookie.ts';
import type { Site, View } from '#web/view.ts';
import { type CheckoutForm, checkoutPage, type Fault, type FormFacts } from './checkout-form.ts';
import { contactFieldOf, findTypedWard, keptContact, sentContact } from './contact.ts';
import { spoilingWords, waysOf } from './delivery-parts.ts';
import type { Carts, CartView } from './service.ts';
import { type Choices, cartProblems } from './types.ts';
import { findVisitorCart } from './visitor-cart.ts';

export type CheckoutPageDeps = {
  readonly site: Site;
  readonly carts: Carts;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly places: Places;
  readonly once: Once;
  /** Pieces of other exchanges, which stay in the cart. */
  readonly countBeside: (cartId: string) => Promise<number>;
  readonly noteReferral: NoteReferral;
};

const refuse = refusals(cartProblems);

const fieldOf: Readonly<Record<string, Fault['name']>> = {
  ...contactFieldOf,
  '/ageConfirmed': 'age',
};

/** What a shopper can do on this page; the catalogue's own sentences speak of the API. */
const wordsFor: Readonly<Record<string, MessageKey>> = {
  'price-changed': 'fault.priceChanged',
  'stock-short': 'fault.stockShort',
  'quantity-outside-limits': 'fault.limits',
  'not-for-sale': 'fault.notForSale',
  'age-not-confirmed': 'age.missing',
  'voucher-used-up': 'voucher.usedUp',
};

/** What refusals of deliveries say: which goods would spoil, and what it costs now. */
function deliveryFault(view: View, code: string, extra: Problem['extra']): string | undefined {
  if (code === 'freight-changed')
    return view.t('delivery.feeChanged', { amount: view.format.vnd(Number(extra.totalVnd)) });
  if (code !== 'goods-would-spoil') return undefined;
  const names = spoilingWords(view, extra.products as Parameters<typeof spoilingWords>[1]);
  return [...names, view.t('delivery.spoilHelp')].join(' ');
}

/** A refusal of the rules, at the field it speaks of; one that speaks of the cart stands at the top alone. */
function faultOf(view: View, { code, entry, extra }: Problem): Fault {
  const own = deliveryFault(view, code, extra);
  if (own !== undefined) return { name: '', message: own };
  const name = typeof extra.pointer === 'string' ? fieldOf[extra.pointer] : undefined;
  const words = wordsFor[code];
  return { name: name ?? '', message: words ? view.t(words) : view.either(entry.vi[0], entry.en[0]) };
}

const emptyForm = (cart: CartView, method: string): CheckoutForm => {
  return {
    ...keptContact(cart),
    method,
    age: '',
    ways: waysOf(cart),
  };
};

/** Of the businesses that are in the cart still: a line taken out in another tab takes its choice along. */
const sentWays = ({ field }: PageContext, cart: CartView): Choices =>
  Object.fromEntries(
    cart.businesses.map(({ businessId }) => [
      businessId,
      field(`way-${businessId}`) === 'pickup' ? ('pickup' as const) : ('standard' as const),
    ]),
  );

const sentForm = (context: PageContext, cart: CartView): CheckoutForm => {
  const { field } = context;
  return {
    ...sentContact(context),
    method: field('method'),
    age: field('age') === '' ? '' : '1',
    ways: sentWays(context, cart),
  };
};

/** What is left blank, or may mean two things. Whether a phone or a ward exists is judged by the rules of the cart. */
function missingIn(
  { t }: View,
  form: CheckoutForm,
  { needsAge }: CartView,
  methods: readonly Method[],
  typedWards: readonly FoundWard[],
): Fault[] {
  const faults: Fault[] = [];
  if (form.name === '') faults.push({ name: 'name', message: t('checkout.nameMissing') });
  if (form.phone === '') faults.push({ name: 'phone', message: t('checkout.phoneMissing') });
  if (form.provinceCode === '') faults.push({ name: 'provinceCode', message: t('checkout.provinceMissing') });
  if (form.wardCode === '' && form.ward === '') faults.push({ name: 'wardCode', message: t('checkout.wardMissing') });
  if (typedWards.length > 0) faults.push({ name: 'ward', message: t('checkout.wardWhich') });
  if (form.line === '') faults.push({ name: 'line', message: t('checkout.lineMissing') });
  if (!methods.some((method) => method === form.method))
    faults.push({ name: 'method', message: t('checkout.methodMissing') });
  if (needsAge && form.age === '') faults.push({ name: 'age', message: t('age.missing') });
  return faults;
}

async function factsOf(
  deps: CheckoutPageDeps,
  cart: CartView,
  provinceCode: string,
  found: readonly FoundWard[] = [],
): Promise<FormFacts> {
  const provinces = await deps.places.listProvinces();
  const known = provinces.some(({ code }) => code === provinceCode);
  const wards = known ? await deps.places.listWards(provinceCode) : [];
  return { cart, provinces, wards, found, methods: deps.payments.methods() };
}

const isOpen = (cart: CartView | undefined): cart is CartView => cart?.status === 'open' && cart.lines.length > 0;

async function showForm(context: PageContext, deps: CheckoutPageDeps): Promise<SafeHtml | typeof SENT> {
  const cart = await findVisitorCart(context, deps.carts);
  if (!isOpen(cart)) return seeOther(context, '/gio-hang');
  const [first = ''] = deps.payments.methods();
  const form = emptyForm(cart, first);
  return checkoutPage(context.view, await factsOf(deps, cart, form.provinceCode), form, []);
}

/** What the button said. Another tab may have changed the cart since, and then nothing is charged unseen. */
function shownTotal({ field }: PageContext): Vnd | undefined {
  const shown = Number(field('total'));
  return field('total') !== '' && Number.isSafeInteger(shown) ? vnd(shown) : undefined;
}

const freightIn = ({ businesses }: CartView): number =>
  businesses.reduce((sum, { shippingVnd }) => sum + shippingVnd, 0);

type Placed = { readonly code: string };

/** Delivery, order, payment. Each step may be repeated: a cart becomes one order, an order has one live payment. */
async function placeOrder(
  context: PageContext,
  deps: CheckoutPageDeps,
  cart: CartView,
  form: CheckoutForm,
  finish: Finish<Placed>,
): Promise<Placed> {
  const { name, phone, email, line, provinceCode, wardCode, ward } = form;
  const actor = actorOf(context.request);
  const sent = await deps.carts.setDelivery(cart.cartId, {
    recipient: { name, phone, ...(email !== '' && { email }) },
    address: { line, provinceCode, ...(wardCode !== '' ? { wardCode } : { ward }) },
    language: context.view.locale,
    choices: cart.businesses.map(({ businessId }) => ({ businessId, method: form.ways[businessId] ?? 'standard' })),
  });
  const expectedTotalVnd = shownTotal(context) ?? cart.totalVnd;
  // Nobody pays a sum that no page has shown.
  if (freightIn(sent) !== freightIn(cart)) throw refuse('freight-changed', { totalVnd: sent.totalVnd });
  const { code } = await deps.orders.checkout({
    cartId: cart.cartId,
    expectedTotalVnd,
    actor,
    ageConfirmed: form.age !== '',
    finish: async (tx, group) => {
      await deps.noteReferral(tx, context.request, group.code);
      await finish(tx, { code: group.code });
    },
  });
  return { code };
}

const AWAY: unique symbol = Symbol('away');

/** A provider that is away does not take the order back: its page says so and offers the other methods. */
async function openPayment(
  context: PageContext,
  { payments }: CheckoutPageDeps,
  groupCode: string,
  form: CheckoutForm,
) {
  const method = METHODS.find((one) => one === form.method);
  if (!method) return;
  try {
    const payment = await payments.pay({ groupCode, method, actor: actorOf(context.request) });
    return payment.redirectUrl;
  } catch (error) {
    if (error instanceof Problem) return AWAY;
    throw error;
  }
}

/** To where it is paid: the same place for a form that comes again. Another tab's payment by another method stays. */
async function leadToPayment(
  context: PageContext,
  deps: CheckoutPageDeps,
  groupCode: string,
  form: CheckoutForm,
): Promise<typeof SENT> {
  const known = await deps.payments.listPaymentsOf(groupCode);
  const live = known.find(({ status }) => status === 'pending' || status === 'underpaid');
  const isOther = live !== undefined && live.method !== form.method;
  const elsewhere = isOther ? undefined : await openPayment(context, deps, groupCode, form);
  if (elsewhere === AWAY) return seeOther(context, `/thanh-toan/${groupCode}?cong=nghi`);
  return elsewhere === undefined ? seeOther(context, `/thanh-toan/${groupCode}`) : leaveFor(context, elsewhere);
}

async function sendForm(context: PageContext, deps: CheckoutPageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, reply, field } = context;
  const cart = await findVisitorCart(context, deps.carts);
  if (!cart) return seeOther(context, '/gio-hang');
  const form = sentForm(context, cart);
  if (cart.groupCode) return leadToPayment(context, deps, cart.groupCode, form);
  if (!isOpen(cart)) return seeOther(context, '/gio-hang');
  const typed = await findTypedWard(deps.places, form);
  const again = async (shown: CartView, faults: readonly Fault[], status = 422) => {
    if (faults.length > 0) void reply.code(status);
    return checkoutPage(view, await factsOf(deps, shown, form.provinceCode, typed), form, faults);
  };
  if (field('do') === 'wards') return again(cart, []);
  const missing = missingIn(view, form, cart, deps.payments.methods(), typed);
  if (missing.length > 0) return again(cart, missing);
  try {
    const { code } = await deps.once<Placed>(context.request, (finish) =>
      placeOrder(context, deps, cart, form, finish),
    );
    // The id stays: a form sent from another tab finds its order by it.
    writeCartCookie(reply, cart.cartId, await deps.countBeside(cart.cartId));
    return await leadToPayment(context, deps, code, form);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    if (error.code === 'cart-already-ordered' && typeof error.extra.groupCode === 'string')
      return leadToPayment(context, deps, error.extra.groupCode, form);
    return again(await deps.carts.getCart(cart.cartId), [faultOf(view, error)], error.status);
  }
}

export const checkoutPages: FastifyPluginAsync<CheckoutPageDeps> = async (app, deps) => {
  const { site } = deps;
  page(app, site, { url: '/thanh-toan', access: 'public' }, (context) => showForm(context, deps));
  page(app, site, { method: 'POST', url: '/thanh-toan', access: 'public' }, (context) => sendForm(context, deps));
};
