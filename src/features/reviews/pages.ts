import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import { maxPhotoBytes, proofKeys, shopperOf } from '#features/care/index.ts';
import { fileProblems } from '#features/files/types.ts';
import type { Guarded } from '#features/identity/index.ts';
import type { Products } from '#features/products/index.ts';
import type { ProductId } from '#features/products/types.ts';
import { readCursor } from '#http/paging.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { breadcrumb } from '#web/parts/breadcrumb.ts';
import { checkbox, csrfField, errorSummary, input, textarea } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import { pictureField } from '#web/parts/picture-field.ts';
import { pointsTag, ratingBox, reviewBox } from '#web/parts/points.ts';
import type { Site, View } from '#web/view.ts';
import { maxPhotos, maxWords } from './rules.ts';
import { type PhotoParams, ReviewPhotoParams } from './schemas.ts';
import type { Reviews } from './service.ts';
import { REVIEW_SORTS, type ReviewSort } from './types.ts';

export type ReviewPageDeps = {
  readonly site: Site;
  readonly reviews: Reviews;
  readonly guarded: Guarded;
  readonly products: Pick<Products, 'getProduct'>;
};
type Looked = Awaited<ReturnType<Reviews['lookUp']>>;
type Good = Looked['goods'][number];
const refuseFile = refusals(fileProblems);
const root = '/danh-gia';
const perPage = 24;

const hidden = (name: string, value: string): SafeHtml => html`<input type="hidden" name="${name}" value="${value}">`;

/** Where a buyer shows that the order is theirs. */
const proofPage = (view: View, code: string, phone: string, faults: readonly Fault[] = []): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('reviews.write'),
    canonical: root,
    body: html`<div class="narrow stack"><h1>${t('reviews.write')}</h1><p>${t('reviews.intro')}</p>${errorSummary(t('reviews.faults'), faults)}
<form class="box stack" method="post" action="${link(root)}">${csrfField(view.csrf)}
${input({ name: 'code', label: t('reviews.code'), value: code, required: true, more: html`type="text" maxlength="20" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
${input({ name: 'phone', label: t('care.phone'), value: phone, required: view.visitor === null, error: errorAt(faults, 'phone'), more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"` })}
<button class="button" type="submit">${t('reviews.open')}</button></form></div>`,
  });
};

/** What the buyer is told of a review that is not simply shown. */
function ownState({ t }: View, { own }: Good): SafeHtml | false {
  if (!own) return false;
  if (own.state === 'waiting') return html`<p class="notice wait">${t('reviews.waiting')}</p>`;
  return own.state === 'hidden' && html`<p class="notice bad">${t('reviews.hidden', { reason: own.reason ?? '' })}</p>`;
}

const goodRow = (view: View, looked: Looked, good: Good, phone: string): SafeHtml => {
  const { t, link } = view;
  const { own } = good;
  const ask = own ? t('reviews.change') : t('reviews.give');
  return html`<li class="box stack"><h2>${good.name}</h2><p class="soft">${good.label}</p>
${own && html`<p>${pointsTag(view, own.points)}</p>${own.text !== '' && html`<p class="words">${own.text}</p>`}`}${ownState(view, good)}
${good.delivered === 0 && html`<p class="soft">${t('reviews.notYet')}</p>`}
${good.open && html`<form method="post" action="${link(root)}">${csrfField(view.csrf)}${hidden('code', looked.code)}${hidden('phone', phone)}${hidden('product', good.productId)}<button class="button${own && ' quiet'}" type="submit">${ask}<span class="hidden"> ${good.name}</span></button></form>`}</li>`;
};

const orderPage = (view: View, looked: Looked, phone: string): SafeHtml => {
  const { t } = view;
  const title = t('reviews.ofOrder', { code: looked.code });
  const rows = looked.goods.map((good) => goodRow(view, looked, good, phone));
  return layout(view, {
    title,
    body: html`<div class="narrow stack"><h1>${title}</h1><p class="soft">${looked.businessName}</p><p>${t('reviews.once')}</p><ul class="reviews stack">${rows}</ul></div>`,
  });
};

type Typed = { readonly phone: string; readonly points: string; readonly text: string; readonly unnamed: boolean };
const pointNames: readonly MessageKey[] = ['points.1', 'points.2', 'points.3', 'points.4', 'points.5'];

function pointChoice({ t }: View, chosen: string, fault: string | undefined): SafeHtml {
  const error = fault !== undefined && html`<p class="wrong" id="points-error">${fault}</p>`;
  return html`<fieldset class="stack"><legend>${t('reviews.points')}</legend><p class="hint">${t('reviews.pointsHint')}</p><div class="give">${[
    1, 2, 3, 4, 5,
  ].map(
    (points) =>
      html`<label><input type="radio"${points === 1 && html` id="points"`} name="points" value="${points}" required${chosen === String(points) && html` checked`}${fault && html` aria-describedby="points-error"`}> ${t(pointNames[points - 1] ?? 'points.1')}</label>`,
  )}</div>${error}</fieldset>`;
}

const ownPhotos = ({ t }: View, own: Good['own']): SafeHtml | false =>
  own !== undefined &&
  own.photos.length > 0 &&
  html`<fieldset class="stack"><legend>${t('reviews.ownPhotos')}</legend><ul class="shown">${own.photos.map(
    (fileId, index) =>
      html`<li>${own.state === 'published' && html`<img src="${root}/anh/${fileId}/320" alt="${t('points.photo', { number: index + 1 })}" width="160" height="160" loading="lazy">`}${checkbox({ name: 'without', label: t('reviews.dropPhoto', { number: index + 1 }), value: fileId, checked: false }, `without-${index}`)}</li>`,
  )}</ul></fieldset>`;

function formPage(view: View, looked: Looked, good: Good, typed: Typed, faults: readonly Fault[] = []): SafeHtml {
  const { t, link } = view;
  const title = t('reviews.of', { product: good.name });
  const named = looked.name === '' ? t('points.someone') : looked.name;
  return layout(view, {
    title,
    body: html`<div class="narrow stack"><h1>${title}</h1>${ownState(view, good)}${errorSummary(t('reviews.faults'), faults)}
<form class="box stack" method="post" enctype="multipart/form-data" action="${link(`${root}/gui`)}">${csrfField(view.csrf)}${hidden('code', looked.code)}${hidden('phone', typed.phone)}${hidden('product', good.productId)}
${pointChoice(view, typed.points, errorAt(faults, 'points'))}
${textarea({ name: 'text', label: t('reviews.text'), hint: t('reviews.textHint'), value: typed.text, error: errorAt(faults, 'text'), more: html`rows="5" maxlength="${maxWords}"` })}
${ownPhotos(view, good.own)}${pictureField(view, { name: 'photos', label: t('reviews.photos', { count: maxPhotos }), multiple: true, error: errorAt(faults, 'photos') })}
${checkbox({ name: 'unnamed', label: t('reviews.unnamed', { name: named }), value: '1', checked: typed.unnamed }, 'unnamed')}
<button class="button" type="submit">${t('reviews.send')}</button></form></div>`,
  });
}

const typedOf = ({ own }: Good, phone: string): Typed => ({
  phone,
  points: own ? String(own.points) : '',
  text: own?.text ?? '',
  unnamed: own !== undefined && own.shownName === '',
});

/** Opens the order, or the one product that was chosen of it. */
async function lookUp(context: PageContext, deps: ReviewPageDeps, code: string, phone: string): Promise<SafeHtml> {
  const { view, request, reply, field, query } = context;
  const product = field('product') || query('sp');
  try {
    const looked = await deps.guarded(proofKeys(request, code), () =>
      deps.reviews.lookUp(code, shopperOf(request, phone === '' ? undefined : phone)),
    );
    const good = looked.goods.find(({ productId, open }) => open && productId === product);
    return good ? formPage(view, looked, good, typedOf(good, phone)) : orderPage(view, looked, phone);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    void reply.code(error.status);
    const { vi, en } = error.entry;
    return proofPage(view, code, phone, [{ name: 'phone', message: view.either(vi.join('. '), en.join('. ')) }]);
  }
}

async function send(context: PageContext, { reviews, guarded }: ReviewPageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, request, field, fields } = context;
  const [code, phone, product] = [field('code'), field('phone'), field('product')];
  const shopper = shopperOf(request, phone === '' ? undefined : phone);
  const looked = await guarded(proofKeys(request, code), () => reviews.lookUp(code, shopper));
  const good = looked.goods.find(({ productId }) => productId === product);
  if (!good) return seeOther(context, `${root}?ma=${encodeURIComponent(code)}`);
  const typed = {
    phone,
    points: field('points'),
    text: field('text').toWellFormed(),
    unnamed: field('unnamed') === '1',
  };
  const photos = context.files('photos').map(({ bytes, name }) => ({ bytes, name }));
  const withoutPhotos = fields('without').filter((id) => isId<'StoredFile'>(id));
  let state = 'waiting';
  const faults = await faultsOf(context, async () => {
    const said = { points: Number(typed.points || 0), text: typed.text, named: !typed.unnamed, photos, withoutPhotos };
    ({ state } = await reviews.review(code, shopper, product as ProductId, said));
  });
  if (faults) return formPage(view, looked, good, typed, faults);
  return seeOther(context, state === 'published' ? `/san-pham/${good.slug}${root}?cam-on=1` : `${root}/da-gui`);
}

/** Where one is told that an officer looks first. */
const sentPage = (view: View): SafeHtml =>
  layout(view, {
    title: view.t('reviews.sent'),
    body: html`<div class="narrow stack"><h1>${view.t('reviews.sent')}</h1><p class="notice wait">${view.t('reviews.waiting')}</p><p><a href="${view.link(root)}">${view.t('reviews.write')}</a></p></div>`,
  });

const sortNames: Readonly<Record<ReviewSort, MessageKey>> = {
  newest: 'reviews.sort.newest',
  detailed: 'reviews.sort.detailed',
};

async function showAll({ view, param, query }: PageContext, deps: ReviewPageDeps): Promise<SafeHtml> {
  const { t, link, either } = view;
  const product = await deps.products.getProduct(param('slug'));
  const sort = REVIEW_SORTS.find((one) => one === query('sort')) ?? 'newest';
  const cursor = readCursor(query('cursor') || undefined);
  const { items, rating, nextCursor } = await deps.reviews.listOfProduct(product.productId, {
    limit: perPage,
    sort,
    cursor,
  });
  const name = either(product.name, product.nameEn);
  const path = `/san-pham/${product.slug}${root}`;
  const address = (to: ReviewSort, next?: string) =>
    link(`${path}?sort=${to}${next === undefined ? '' : `&cursor=${next}`}`);
  const sorts = html`<nav class="sorts" aria-label="${t('sort.label')}"><span aria-hidden="true">${t('sort.label')}</span>${REVIEW_SORTS.map(
    (to) =>
      html`<a href="${address(to)}" rel="nofollow"${to === sort && html` aria-current="true"`}>${t(sortNames[to])}</a>`,
  )}</nav>`;
  return layout(view, {
    title: t('reviews.of', { product: name }),
    canonical: path,
    body: html`${breadcrumb(view, [{ label: name, path: `/san-pham/${product.slug}` }])}<div class="stack"><h1>${t('reviews.of', { product: name })}</h1>
${query('cam-on') === '1' && html`<p class="notice good" role="status">${t('reviews.thanks')}</p>`}${ratingBox(view, rating)}
${items.length > 0 && html`${sorts}<ul class="reviews">${items.map((one) => reviewBox(view, one, product.business.name))}</ul>`}
${pager(view, nextCursor && address(sort, nextCursor), cursor ? address(sort) : null)}<p><a class="button quiet" href="${link(root)}">${t('reviews.write')}</a></p></div>`,
  });
}

export const reviewPages: FastifyPluginAsync<ReviewPageDeps> = async (app, deps) => {
  const { site, reviews } = deps;
  const spec = { access: 'public' } as const;
  page(app, site, { ...spec, url: root }, async (context) => {
    const { view, query, request } = context;
    const code = query('ma');
    // Whoever is signed in with the proved number of the order need not type it.
    if (code === '' || request.caller.kind !== 'account') return proofPage(view, code, '');
    return lookUp(context, deps, code, '');
  });
  page(app, site, { ...spec, method: 'POST', url: root }, (context) =>
    lookUp(context, deps, context.field('code'), context.field('phone')),
  );
  const upload = { maxBytes: maxPhotoBytes, maxFiles: 10 };
  page(app, site, { ...spec, method: 'POST', url: `${root}/gui`, upload }, (context) => send(context, deps));
  page(app, site, { ...spec, url: `${root}/da-gui` }, async ({ view }) => sentPage(view));
  page(app, site, { ...spec, url: `/san-pham/:slug${root}` }, (context) => showAll(context, deps));
  app.get<{ Params: PhotoParams }>(
    `${root}/anh/:fileId/:width`,
    { config: spec, schema: { hide: true, params: ReviewPhotoParams } },
    async (request, reply) => {
      const { fileId, width } = request.params;
      const shown = await reviews.showPhoto(fileId, width, request.headers.accept ?? '');
      if (!shown) throw refuseFile('file-not-found');
      return reply
        .type(shown.type)
        .header('cache-control', shown.final ? 'public, max-age=3600' : 'public, max-age=5')
        .header('vary', 'accept')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(shown.bytes);
    },
  );
};
