import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import type { ProductId } from '#features/products/types.ts';
import { ownBusinesses } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField, errorSummary, fileInput, input, select } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { pager } from '#web/parts/pager.ts';
import { kindName } from '#web/parts/stars.ts';
import type { Site, View } from '#web/view.ts';
import { daysLeft } from './rules/reminders.ts';
import { readDay } from './rules/submission.ts';
import { senderOf } from './seller-routes.ts';
import type { Certificates } from './service.ts';
import { CERTIFICATE_KINDS, type CertificateKind, maxEvidenceBytes } from './types.ts';
import type { ListedCertificate } from './views.ts';
import { causeName, dayName, lastDayOf, sentenceOf, stampOf, stateTag } from './words.ts';

export type SellerCertificatePageDeps = {
  readonly site: Site;
  readonly certificates: Certificates;
  readonly now: () => Date;
};

const path = '/ban-hang/chung-nhan';
/** An assistant too, where the household's consent holds its products. */
const inCharge = { access: 'seller', roles: ['owner', 'manager', 'assistant'], scope: 'products' } as const;
const perPage = 25;
/** How soon before its end the days are counted aloud. */
const countedDays = 180;

const whyEnded = (view: View, one: ListedCertificate): string | false => {
  const { t } = view;
  if (one.status === 'rejected') return t('certDesk.because', { reason: one.rejectionReason ?? '' });
  if (one.status !== 'revoked') return false;
  return t('certDesk.because', { reason: `${causeName(view, one.revocationCause)}: ${one.revocationReason ?? ''}` });
};

function certificateRow(view: View, one: ListedCertificate, now: Date): SafeHtml {
  const { t, link } = view;
  const left = one.status === 'verified' && one.validUntil ? daysLeft(one.validUntil, now) : undefined;
  const why = whyEnded(view, one);
  const isPublic = one.status !== 'submitted' && one.status !== 'rejected';
  return html`<li class="box stack"><p class="row">${stampOf(view, one)}${stateTag(view, one.status)}</p>
<h2 class="small-title">${one.product.name}</h2>
<p class="soft">${one.decisionNumber} · ${one.issuer} · ${dayName(view, one.issuedOn)}</p>
<p>${one.validUntil && `${t('certificate.validUntil')}: `}${lastDayOf(view, one.validUntil)}${left !== undefined && left <= countedDays && html` · <b>${t('certDesk.daysLeft', { count: left })}</b>`}</p>
${why && html`<p class="notice bad">${why}</p>`}
${isPublic && html`<p><a href="${link(`/chung-nhan/${one.code}`)}">${t('certDesk.publicPage')} ${one.code}</a></p>`}</li>`;
}

type Listed = Awaited<ReturnType<Certificates['listOwn']>>;

const listPage = (view: View, { items, nextCursor }: Listed, sent: boolean, isFirst: boolean, now: Date): SafeHtml => {
  const { t, link } = view;
  const send = html`<a class="button" href="${link(`${path}/moi`)}">${icon('seal')}${t('certDesk.new')}</a>`;
  return deskLayout(view, 'seller', {
    title: t('certDesk.title'),
    part: path,
    body: html`<div class="narrow stack">${sent && html`<p class="notice good" role="status">${t('certDesk.sent')}</p>`}
<p class="soft">${t('certDesk.intro')}</p>
${items.length === 0 ? empty(t('certDesk.none'), t('certDesk.noneText'), send) : html`<p>${send}</p><ul class="stack">${items.map((one) => certificateRow(view, one, now))}</ul>`}
${pager(view, nextCursor && link(`${path}?cursor=${nextCursor}`), isFirst ? null : link(path))}</div>`,
  });
};

const kindTexts: Readonly<Record<CertificateKind, MessageKey>> = {
  ocop: 'certDesk.ocopText',
  gi: 'certDesk.giText',
  vietgap: 'certDesk.vietgapText',
  organic: 'certDesk.organicText',
  'food-safety': 'certDesk.foodSafetyText',
};

const kindPage = (view: View): SafeHtml => {
  const { t, link } = view;
  return deskLayout(view, 'seller', {
    title: t('certDesk.chooseKind'),
    part: path,
    body: html`<ul class="narrow stack kind-choices">${CERTIFICATE_KINDS.map(
      (kind) =>
        html`<li class="box"><a href="${link(`${path}/moi?kind=${kind}`)}"><b>${kindName(view, kind)}</b></a><p class="soft">${t(kindTexts[kind])}</p></li>`,
    )}</ul>`,
  });
};

const FIELDS = ['productId', 'star', 'issuer', 'decisionNumber', 'issuedOn', 'expiresOn'] as const;
type Form = Readonly<Record<(typeof FIELDS)[number], string>>;
type Fault = { readonly name: string; readonly message: string };
type Products = Awaited<ReturnType<Certificates['listOwnProducts']>>;
type FormPage = {
  readonly kind: CertificateKind;
  readonly form: Form;
  readonly faults: readonly Fault[];
  readonly products: Products;
};

const formOf = (read: (name: string) => string): Form =>
  Object.fromEntries(FIELDS.map((name) => [name, read(name).slice(0, 200).toWellFormed()])) as unknown as Form;

function formFields(view: View, { kind, form, faults, products }: FormPage): SafeHtml {
  const { t } = view;
  const errorOf = (name: string) => faults.find((fault) => fault.name === name)?.message;
  const field = (name: keyof Form, label: string, more: { hint?: string; required?: boolean; more?: SafeHtml }) =>
    input({ name, label, value: form[name], error: errorOf(name), required: true, ...more });
  const day = html`type="date" max="2099-12-31"`;
  const isOcop = kind === 'ocop';
  return html`${select(
    {
      name: 'productId',
      label: t('certDesk.product'),
      value: form.productId,
      error: errorOf('productId'),
      required: true,
    },
    t('certDesk.productChoose'),
    products.map(({ productId, name, sku }) => ({ value: productId, label: `${name} (${sku})` })),
  )}
${
  isOcop &&
  select(
    { name: 'star', label: t('certDesk.star'), value: form.star, error: errorOf('star'), required: true },
    t('certDesk.starChoose'),
    ['3', '4', '5'].map((value) => ({ value, label: t('certDesk.starOf', { star: value }) })),
  )
}
${field('issuer', t('certDesk.issuer'), { hint: t('certDesk.issuerHint'), more: html`type="text" maxlength="200" autocomplete="off"` })}
${field('decisionNumber', t(isOcop ? 'certificate.decision' : 'certificate.number'), { hint: t(isOcop ? 'certDesk.numberHint' : 'certDesk.numberOtherHint'), more: html`type="text" maxlength="60" autocomplete="off" spellcheck="false"` })}
${field('issuedOn', t('certificate.issuedOn'), { hint: t('certDesk.issuedHint'), more: day })}
${!isOcop && field('expiresOn', t('certDesk.expiresOn'), { ...(kind === 'gi' ? { hint: t('certDesk.expiresEndless'), required: false } : {}), more: day })}
${fileInput(
  {
    name: 'evidence',
    label: t('certDesk.evidence'),
    hint: t('certDesk.evidenceHint'),
    error: errorOf('evidence') ?? (faults.length > 0 ? t('certDesk.fileAgain') : undefined),
    required: true,
  },
  'image/jpeg,image/png,image/webp,application/pdf',
)}`;
}

function formPage(view: View, shown: FormPage): SafeHtml {
  const { t, link } = view;
  return deskLayout(view, 'seller', {
    title: `${t('certDesk.new')}: ${kindName(view, shown.kind)}`,
    part: path,
    body: html`<form class="narrow stack" method="post" enctype="multipart/form-data" action="${link(`${path}/moi`)}">${csrfField(view.csrf)}
<input type="hidden" name="kind" value="${shown.kind}">${errorSummary(t('checkout.faults'), shown.faults)}
${formFields(view, shown)}<button class="button wide" type="submit">${t('certDesk.send')}</button></form>`,
  });
}

const fieldOf: Readonly<Record<string, string>> = {
  'product-not-found': 'productId',
  'star-invalid': 'star',
  'issuer-not-competent': 'issuer',
  'certificate-issuer-invalid': 'issuer',
  'decision-number-invalid': 'decisionNumber',
  'decision-already-recorded': 'decisionNumber',
  'certificate-from-the-future': 'issuedOn',
  'certificate-lapsed': 'issuedOn',
  'certificate-expiry-invalid': 'expiresOn',
  'evidence-required': 'evidence',
};

/** The field that a refusal speaks of; whatever is said of a file is said beside the file. */
const faultOf = (view: View, problem: Problem): Fault => {
  const name =
    problem.code === 'certificate-date-invalid'
      ? 'expiresOn' in problem.extra
        ? 'expiresOn'
        : 'issuedOn'
      : fieldOf[problem.code];
  return { name: name ?? 'evidence', message: sentenceOf(view, problem) };
};

const kindOf = (text: string): CertificateKind | undefined => CERTIFICATE_KINDS.find((kind) => kind === text);

async function send(context: PageContext, certificates: Certificates): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply, field, file } = context;
  const kind = kindOf(field('kind')) ?? 'ocop';
  const businessIds = ownBusinesses(request);
  const form = formOf(field);
  const productId = (
    isId<'Product'>(form.productId) ? form.productId : '00000000-0000-0000-0000-000000000000'
  ) as ProductId;
  const submission = {
    kind,
    productId,
    issuer: form.issuer,
    decisionNumber: form.decisionNumber,
    issuedOn: readDay(form.issuedOn) ?? form.issuedOn,
    // Whatever was sent in place of a star is looked at, not passed over.
    star: form.star === '' ? null : Number(form.star),
    expiresOn: form.expiresOn === '' ? null : (readDay(form.expiresOn) ?? form.expiresOn),
  };
  try {
    await certificates.send(senderOf(request), submission, file('evidence'));
    return seeOther(context, `${path}?gui=1`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    void reply.code(error.status);
    const products = await certificates.listOwnProducts(businessIds);
    return formPage(view, { kind, form, faults: [faultOf(view, error)], products });
  }
}

export const sellerCertificatePages: FastifyPluginAsync<SellerCertificatePageDeps> = async (app, deps) => {
  const { site, certificates, now } = deps;
  page(app, site, { url: path, ...inCharge }, async ({ view, request, query }) => {
    const cursor = readCursor(query('cursor') || undefined);
    const listed = await certificates.listOwn(ownBusinesses(request), {}, { limit: perPage, cursor });
    return listPage(view, listed, query('gui') === '1', !cursor, now());
  });
  page(app, site, { url: `${path}/moi`, ...inCharge }, async ({ view, request, query }) => {
    const kind = kindOf(query('kind'));
    if (!kind) return kindPage(view);
    const products = await certificates.listOwnProducts(ownBusinesses(request));
    return formPage(view, { kind, form: formOf(query), faults: [], products });
  });
  page(
    app,
    site,
    { method: 'POST', url: `${path}/moi`, ...inCharge, upload: { maxBytes: maxEvidenceBytes } },
    (context) => send(context, certificates),
  );
};
