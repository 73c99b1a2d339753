import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '#core/problem.ts';
import { readMoney } from '#core/read-money.ts';
import type { Products } from '#features/products/index.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, textarea } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { bundleRoles } from './routes.ts';
import type { Bundles, BundleView } from './service.ts';
import type { BundleItem } from './types.ts';

export type StaffBundlePageDeps = { readonly site: Site; readonly bundles: Bundles; readonly products: Products };

const url = '/quan-tri/hop-qua';
const names = ['nameVi', 'nameEn', 'descriptionVi', 'price', 'items'] as const;
type Typed = Readonly<Record<(typeof names)[number], string>>;
const blank: Typed = { nameVi: '', nameEn: '', descriptionVi: '', price: '', items: '' };

function staffPage(view: View, boxes: readonly BundleView[], typed: Typed, refused?: string): SafeHtml {
  const { t, format, link, csrf } = view;
  return deskLayout(view, 'staff', {
    title: t('bundle.staffTitle'),
    part: url,
    body: html`${errorSummary(t('checkout.faults'), refused === undefined ? [] : [{ name: 'items', message: refused }])}
<form class="box stack" method="post" action="${link(url)}"><h2>${t('bundle.new')}</h2>${csrfField(csrf)}
${input({ name: 'nameVi', label: t('bundle.nameVi'), value: typed.nameVi, required: true, more: html`type="text" maxlength="200"` })}
${input({ name: 'nameEn', label: t('bundle.nameEn'), value: typed.nameEn, more: html`type="text" maxlength="200"` })}
${textarea({ name: 'descriptionVi', label: t('bundle.description'), value: typed.descriptionVi, more: html`rows="3" maxlength="2000"` })}
${textarea({ name: 'items', label: t('bundle.items'), hint: t('bundle.itemsHint'), value: typed.items, required: true, more: html`rows="4" maxlength="4000"` })}
${input({ name: 'price', label: t('bundle.price'), value: typed.price, required: true, more: html`type="text" inputmode="numeric" maxlength="20"` })}
<button class="button" type="submit" name="do" value="create">${t('bundle.create')}</button></form>
<ul class="producers section">${boxes.map(
      (box) =>
        html`<li class="box stack"><h2>${box.nameVi}</h2><p class="small">${format.list(box.items.map(({ quantity, name, business }) => `${quantity} × ${name} (${business.name})`))}</p>
<p class="row"><b class="price">${format.vnd(box.priceVnd)}</b><span class="small soft">${t('bundle.goods')} ${format.vnd(box.goodsVnd)}</span><span class="small">${t('bundle.left', { count: box.available })}</span></p>${
          box.status === 'listed'
            ? html`<form method="post" action="${link(url)}">${csrfField(csrf)}<input type="hidden" name="bundle" value="${box.bundleId}"><button class="button quiet" type="submit" name="do" value="withdraw">${t('bundle.withdraw')}<span class="hidden"> ${box.nameVi}</span></button></form>`
            : html`<p><span class="tag away">${t('bundle.withdrawn')}</span></p>`
        }</li>`,
    )}</ul>`,
  });
}

/** Lines of `<name in the address of the product> <pieces>`; the first size of each. */
async function readItems(text: string, products: Products): Promise<readonly BundleItem[] | undefined> {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const items: BundleItem[] = [];
  for (const line of lines.slice(0, 20)) {
    const [, slug = '', pieces = '1'] = /^(?:\S*\/)?([\w-]+)(?:\s+(\d{1,3}))?$/.exec(line) ?? [];
    const product = slug === '' ? undefined : await products.getProduct(slug).catch(() => undefined);
    const variantId = product?.variants[0]?.variantId;
    if (!variantId) return undefined;
    items.push({ variantId, quantity: Number(pieces) });
  }
  return items;
}

async function act(context: PageContext, { bundles, products }: StaffBundlePageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply, field } = context;
  const by = byOf(request);
  if (field('do') === 'withdraw') {
    await bundles.withdraw(by, field('bundle'));
    return seeOther(context, url);
  }
  const typed = Object.fromEntries(names.map((name) => [name, field(name)])) as Typed;
  const again = async (refused: string): Promise<SafeHtml> => {
    void reply.code(422);
    return staffPage(view, await bundles.listBundles(false), typed, refused);
  };
  const items = await readItems(typed.items, products);
  const priceVnd = readMoney(typed.price);
  if (!items || items.length === 0) return again(view.t('bundle.badItems'));
  if (typed.nameVi.length < 3 || typeof priceVnd !== 'number') return again(view.t('bundle.badFacts'));
  const { nameVi, nameEn, descriptionVi } = typed;
  try {
    await bundles.create(by, { nameVi, nameEn, descriptionVi, items, priceVnd });
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return again(view.either(error.entry.vi.join('. '), error.entry.en.join('. ')));
  }
  return seeOther(context, url);
}

export const staffBundlePages: FastifyPluginAsync<StaffBundlePageDeps> = async (app, deps) => {
  const { site, bundles } = deps;
  const spec = { url, access: 'staff', roles: bundleRoles } as const;
  page(app, site, spec, async ({ view }) => staffPage(view, await bundles.listBundles(false), blank));
  page(app, site, { ...spec, method: 'POST' }, (context) => act(context, deps));
};
