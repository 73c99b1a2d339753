import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { isId } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField } from '#web/parts/field.ts';
import { productGrid } from '#web/parts/product-card.ts';
import { stars } from '#web/parts/stars.ts';
import type { Site, View } from '#web/view.ts';
import type { Products } from './service.ts';
import type { ProductId } from './types.ts';
import type { ProductCard, ProductDetail } from './views.ts';
import { allergenWords, perKilogram, storageWords } from './words.ts';

export type SavedPageDeps = { readonly site: Site; readonly products: Products; readonly now: Clock };

const cookie = 'da-luu';
/** A cookie holds about 4,000 letters, and an id has 36. */
const mostSaved = 40;
/** More columns than this nobody compares, least of all on a phone. */
const mostCompared = 4;
const keptSeconds = 180 * 86_400;

const savedIn = (request: FastifyRequest): readonly ProductId[] =>
  (request.cookies[cookie] ?? '')
    .split('.')
    .filter((id): id is ProductId => isId<'Product'>(id))
    .slice(0, mostSaved);

/** Kept by the shopper's own browser alone: nobody has to sign in, and we know nothing of it. */
function keep(reply: FastifyReply, ids: readonly ProductId[]): void {
  void reply.setCookie(cookie, ids.join('.'), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: 'auto',
    maxAge: keptSeconds,
  });
}

/** The newest first; the oldest goes when there are too many. */
async function change(context: PageContext, products: Products): Promise<typeof SENT> {
  const { field, request, reply } = context;
  const saved = savedIn(request);
  if (field('do') === 'remove') {
    keep(
      reply,
      saved.filter((id) => id !== field('product')),
    );
    return seeOther(context, '/da-luu');
  }
  const { productId } = await products.getProduct(field('product'));
  keep(reply, [productId, ...saved.filter((id) => id !== productId)].slice(0, mostSaved));
  return seeOther(context, '/da-luu');
}

const pick = (view: View, product: ProductCard): SafeHtml => {
  const { t, either } = view;
  const name = either(product.name, product.nameEn);
  return html`<li class="row"><label class="tick"><input type="checkbox" name="sp" value="${product.slug}" form="compare"> ${name}</label>
<form method="post" action="${view.link('/da-luu')}">${csrfField(view.csrf)}<input type="hidden" name="product" value="${product.productId}">
<button class="link-button" type="submit" name="do" value="remove">${t('saved.remove')}<span class="hidden"> ${name}</span></button></form></li>`;
};

function savedPage(view: View, items: readonly ProductCard[], gone: number, now: Date): SafeHtml {
  const { t, link } = view;
  const some = html`${productGrid(view, items, now)}
<section class="section stack" aria-labelledby="so-sanh"><h2 id="so-sanh">${t('compare.title')}</h2><p class="soft">${t('compare.pick', { count: mostCompared })}</p>
<ul>${items.map((product) => pick(view, product))}</ul>
<form id="compare" method="get" action="${link('/so-sanh')}"><button class="button" type="submit">${t('compare.do')}</button></form></section>`;
  const none = empty(
    t('saved.none'),
    t('saved.noneText'),
    html`<a class="button" href="${link('/tim-kiem')}">${t('nav.all')}</a>`,
  );
  return layout(view, {
    title: t('saved.title'),
    body: html`<h1>${t('saved.title')}</h1><p class="soft">${t('saved.lead', { count: mostSaved })}</p>
${gone > 0 && html`<p class="notice wait">${t('saved.gone', { count: gone })}</p>`}${items.length > 0 ? some : none}`,
  });
}

type Row = readonly [name: string, of: (product: ProductDetail) => string | SafeHtml | false | null];

function rowsOf(view: View): readonly Row[] {
  const { t, format, link } = view;
  return [
    [
      t('compare.price'),
      ({ variants: [first] }) =>
        first !== undefined && html`${format.vnd(first.priceVnd)} <span class="soft">/ ${first.label}</span>`,
    ],
    [
      t('compare.perKilo'),
      ({ variants: [first] }) => {
        const each = first && perKilogram(first);
        return each !== undefined && format.vnd(each);
      },
    ],
    [t('compare.star'), ({ star }) => star !== null && stars(view, star)],
    [t('compare.maker'), ({ business }) => html`<a href="${link(`/co-so/${business.slug}`)}">${business.name}</a>`],
    [t('fact.ingredients'), ({ ingredientsVi }) => ingredientsVi],
    [t('fact.allergens'), ({ allergens }) => allergenWords(view, allergens)],
    [t('fact.weight'), ({ netWeightG }) => netWeightG > 0 && format.weight(netWeightG)],
    [t('fact.storage'), ({ storage }) => storageWords(view, storage)],
    [t('fact.shelfLife'), ({ shelfLifeDays }) => shelfLifeDays !== null && t('fact.days', { count: shelfLifeDays })],
    [
      t('compare.stock'),
      ({ variants }) => (variants.some(({ available }) => available > 0) ? t('compare.inStock') : t('product.soldOut')),
    ],
  ];
}

/** A row that says nothing of any of them is left out. */
function comparison(view: View, products: readonly ProductDetail[]): SafeHtml {
  const { t, either, link } = view;
  const rows = rowsOf(view)
    .map(([name, of]) => [name, products.map(of)] as const)
    .filter(([, cells]) => cells.some((cell) => cell));
  return html`<section class="table" tabindex="0" aria-label="${t('compare.title')}"><table><thead><tr><td></td>${products.map(
    ({ slug, name, nameEn }) =>
      html`<th scope="col"><a href="${link(`/san-pham/${slug}`)}">${either(name, nameEn)}</a></th>`,
  )}</tr></thead><tbody>${rows.map(
    ([name, cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell || '–'}</td>`)}</tr>`,
  )}</tbody></table></section>`;
}

function comparePage(view: View, products: readonly ProductDetail[], missing: number): SafeHtml {
  const { t, link } = view;
  const ways = html`<a class="button" href="${link('/da-luu')}">${t('saved.title')}</a>`;
  return layout(view, {
    title: t('compare.title'),
    body: html`<h1>${t('compare.title')}</h1>${missing > 0 && html`<p class="notice wait">${t('compare.missing', { count: missing })}</p>`}
${products.length > 0 ? html`${comparison(view, products)}<p class="section">${ways}</p>` : empty(t('compare.none'), t('compare.noneText', { count: mostCompared }), ways)}`,
  });
}

/** A product that is gone is left out of a comparison; the page says how many were. */
async function findAll(products: Products, slugs: readonly string[]): Promise<ProductDetail[]> {
  const found = await Promise.all(
    slugs.map((slug) =>
      products.getProduct(slug).catch((error: unknown) => {
        if (error instanceof Problem && error.status < 500) return undefined;
        throw error;
      }),
    ),
  );
  return found.filter((one) => one !== undefined);
}

/** What a shopper wants to look at again, and side by side; without an account. */
export const savedPages: FastifyPluginAsync<SavedPageDeps> = async (app, { site, products, now }) => {
  page(app, site, { url: '/da-luu', access: 'public', alwaysAnew: true }, async ({ view, request }) => {
    const ids = savedIn(request);
    const items = await products.listCards(ids);
    return savedPage(view, items, ids.length - items.length, now());
  });
  page(app, site, { method: 'POST', url: '/da-luu', access: 'public' }, (context) => change(context, products));
  page(app, site, { url: '/so-sanh', access: 'public' }, async ({ view, queries }) => {
    const slugs = [...new Set(queries('sp').filter((slug) => slug !== ''))].slice(0, mostCompared);
    const found = await findAll(products, slugs);
    return comparePage(view, found, slugs.length - found.length);
  });
};
