import type { Method } from '#features/payments/types.ts';
import type { FoundWard, Province, Ward } from '#features/places/types.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { errorSummary, input, onceFields, select } from '#web/parts/field.ts';
import { methodChoices } from '#web/parts/method-choices.ts';
import { sums, vatNote } from '#web/parts/sums.ts';
import type { View } from '#web/view.ts';
import { wayChoices } from './delivery-parts.ts';
import type { CartView } from './service.ts';
import type { Choices } from './types.ts';

/** Who receives it and where. `asTyped`: the name of a ward that stays as it was typed, whatever else it may mean. */
export type ContactForm = Readonly<
  Record<'name' | 'phone' | 'email' | 'provinceCode' | 'wardCode' | 'ward' | 'asTyped' | 'line', string>
>;
/** The form as it was typed; nothing of it is lost when it comes back. */
export type CheckoutForm = ContactForm &
  Readonly<Record<'method' | 'age', string>> & {
    /** How the goods of each business are to be had. */
    readonly ways: Choices;
  };
/** What is wrong, and at which field; `''` is the order as a whole. */
export type Fault = { readonly name: keyof CheckoutForm | ''; readonly message: string };
export type FormFacts = {
  readonly cart: CartView;
  readonly provinces: readonly Province[];
  /** Of the chosen province, as far as they are loaded; the ward is typed where it is none of them. */
  readonly wards: readonly Ward[];
  /** What the name that was typed may mean. */
  readonly found?: readonly FoundWard[];
  readonly methods: readonly Method[];
};

/** How one hears of the order. Only what this exchange can do is promised. */
const toldBy = {
  phone: 'checkout.toldByPhone',
  mail: 'checkout.toldByMail',
  nothing: 'checkout.toldByNothing',
} as const;

type ErrorOf = (name: keyof ContactForm) => string | undefined;

export const recipientFields = (view: View, form: ContactForm, errorOf: ErrorOf): SafeHtml => {
  const { t } = view;
  return html`<fieldset class="box"><legend class="hidden">${t('checkout.who')}</legend><h2>${t('checkout.who')}</h2>
${input({ name: 'name', label: t('checkout.name'), value: form.name, error: errorOf('name'), required: true, more: html`type="text" autocomplete="name" maxlength="200"` })}
${input({ name: 'phone', label: t('checkout.phone'), hint: t('checkout.phoneHint'), value: form.phone, error: errorOf('phone'), required: true, more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"` })}
${input({ name: 'email', label: t('checkout.email'), hint: t(toldBy[view.site.tells]), value: form.email, error: errorOf('email'), more: html`type="email" autocomplete="email" maxlength="200"` })}</fieldset>`;
};

/** One press on the ward of today, whose old name was typed; or the name stays as it is. */
const foundWards = ({ t }: View, found: readonly FoundWard[]): SafeHtml =>
  html`<fieldset class="field" id="foundWard"><legend class="hidden">${t('checkout.wardWhich')}</legend><ul class="plain stack">${found.map(
    ({
      ward,
      by,
      matched,
    }) => html`<li class="check"><input type="radio" id="w-${ward.code}" name="foundWard" value="${ward.code}">
<label for="w-${ward.code}"><b>${ward.fullName}</b>${by !== 'ward' && html` <span class="small soft">${t('apply.formerly', { name: matched })}</span>`}</label></li>`,
  )}<li class="check"><input type="radio" id="w-typed" name="foundWard" value="typed"><label for="w-typed">${t('checkout.wardAsTyped')}</label></li></ul></fieldset>`;

/** A select of the wards that are loaded, and a line for any other, by its name of today or of before July 2025. */
export function addressFields(
  view: View,
  facts: Pick<FormFacts, 'provinces' | 'wards' | 'found'>,
  form: ContactForm,
  errorOf: ErrorOf,
): SafeHtml {
  const { t, locale } = view;
  const listed = facts.wards.length > 0;
  return html`<fieldset class="box"><legend class="hidden">${t('checkout.where')}</legend><h2>${t('checkout.where')}</h2>
${select(
  {
    name: 'provinceCode',
    label: t('checkout.province'),
    value: form.provinceCode,
    error: errorOf('provinceCode'),
    required: true,
    more: html`data-wards="/v1/places/provinces/{code}/wards" autocomplete="address-level1"`,
  },
  t('checkout.chooseProvince'),
  facts.provinces.map(({ code, name, nameEn }) => ({ value: code, label: locale === 'en' ? nameEn : name })),
)}
<p data-ward-next><button class="button quiet" type="submit" name="do" value="wards" formnovalidate>${t('checkout.loadWards')}</button></p>
<div class="field" data-ward-list${!listed && html` hidden`}>${select(
    {
      name: 'wardCode',
      label: t('checkout.ward'),
      value: form.wardCode,
      error: listed ? errorOf('wardCode') : undefined,
    },
    t('checkout.chooseWard'),
    facts.wards.map(({ code, fullName }) => ({ value: code, label: fullName })),
  )}</div>
${input({ name: 'ward', label: t('checkout.wardText'), hint: t('checkout.wardHint'), value: form.ward, error: errorOf('ward') ?? (listed ? undefined : errorOf('wardCode')), more: html`type="text" maxlength="100" autocomplete="address-level2"` })}
${form.asTyped !== '' && html`<input type="hidden" name="asTyped" value="${form.asTyped}">`}${facts.found && facts.found.length > 0 && foundWards(view, facts.found)}
${input({ name: 'line', label: t('checkout.line'), value: form.line, error: errorOf('line'), required: true, more: html`type="text" autocomplete="address-line1" maxlength="300"` })}</fieldset>`;
}

const summary = (view: View, cart: CartView): SafeHtml => {
  const { t, format, link } = view;
  return html`<aside class="box stack stay" aria-labelledby="summary"><h2 id="summary">${t('checkout.summary')}</h2>
<ul class="goods">${cart.lines.map(({ quantity, name, label, totalVnd }) => html`<li><span>${quantity} × ${name} <small class="soft">${label}</small></span><span class="number">${format.vnd(totalVnd)}</span></li>`)}</ul>
${sums(view, [
  ...cart.vouchers.map(({ name, amountVnd }) => ({ label: name, amountVnd: -amountVnd })),
  ...cart.businesses.map(({ name, shippingVnd }) => ({
    label: `${t('cart.shipping')} – ${name}`,
    amountVnd: shippingVnd,
  })),
  { label: t('cart.total'), amountVnd: cart.totalVnd, total: true },
])}${vatNote(view, cart.vatVnd)}
<p><a href="${link('/gio-hang')}">${t('checkout.back')}</a></p></aside>`;
};

/** Never ticked beforehand: the answer is the buyer's own, and the order keeps it. */
const ageBox = ({ t }: View, form: CheckoutForm, error: string | undefined): SafeHtml =>
  html`<div class="box"><p>${t('age.why')}</p><label class="tick"><input id="age" type="checkbox" name="age" value="1"${form.age !== '' && html` checked`}${error !== undefined && html` aria-invalid="true" aria-describedby="age-error"`}> ${t('age.ask')}</label>
${error !== undefined && html`<p class="wrong" id="age-error">${error}</p>`}</div>`;

export function checkoutPage(view: View, facts: FormFacts, form: CheckoutForm, faults: readonly Fault[]): SafeHtml {
  const { t, format, link } = view;
  const errorOf = (name: Fault['name']) => faults.find((fault) => fault.name === name)?.message;
  const methodError = errorOf('method');
  return layout(view, {
    title: t('checkout.title'),
    body: html`<h1>${t('checkout.title')}</h1><div class="two section">
<form class="stack" method="post" action="${link('/thanh-toan')}" novalidate>${onceFields(view)}<input type="hidden" name="total" value="${facts.cart.totalVnd}">
${errorSummary(t('checkout.faults'), faults)}
${recipientFields(view, form, errorOf)}${addressFields(view, facts, form, errorOf)}${wayChoices(view, facts.cart, form.ways)}
<fieldset class="box" id="method"><legend class="hidden">${t('checkout.how')}</legend><h2>${t('checkout.how')}</h2>
${methodError !== undefined && html`<p class="wrong">${methodError}</p>`}${methodChoices(view, facts.methods, form.method)}</fieldset>
${facts.cart.needsAge && ageBox(view, form, errorOf('age'))}<p class="small soft">${t('checkout.consent')}</p>
<button class="button wide" type="submit" name="do" value="order">${t('checkout.order', { amount: format.vnd(facts.cart.totalVnd) })}</button>
<p class="small soft">${t('checkout.hold')}</p></form>${summary(view, facts.cart)}</div>`,
  });
}
