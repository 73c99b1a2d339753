import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '#core/problem.ts';
import type { Places } from '#features/places/index.ts';
import { actorOf } from '#http/access.ts';
import type { Once } from '#http/idempotency.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { breadcrumb } from '#web/parts/breadcrumb.ts';
import { empty } from '#web/parts/empty.ts';
import { checkbox, errorSummary, input, onceFields, select } from '#web/parts/field.ts';
import { sums } from '#web/parts/sums.ts';
import type { NoteReferral } from '#web/referral-cookie.ts';
import type { Site, View } from '#web/view.ts';
import type { Bundles, BundleView } from './service.ts';
import { maxBoxes } from './types.ts';

export type BundlePageDeps = {
  readonly site: Site;
  readonly bundles: Bundles;
  readonly places: Places;
  readonly once: Once;
  readonly noteReferral: NoteReferral;
};

type Typed = Readonly<Record<'boxes' | 'name' | 'phone' | 'line' | 'provinceCode' | 'ward' | 'age', string>>;
const blank: Typed = { boxes: '1', name: '', phone: '', line: '', provinceCode: '', ward: '', age: '' };
type Province = { readonly code: string; readonly name: string };

const nameOf = (view: View, box: BundleView): string => view.either(box.nameVi, box.nameEn || box.nameVi);

const card = (view: View, box: BundleView): SafeHtml => {
  const { t, format, link } = view;
  return html`<li class="box stack"><h2><a href="${link(`/hop-qua/${box.slug}`)}">${nameOf(view, box)}</a></h2>
<p class="small">${format.list(box.items.map(({ quantity, name }) => `${quantity} × ${name}`))}</p>
<p class="row"><b class="price">${format.vnd(box.priceVnd)}</b>${box.goodsVnd > box.priceVnd && html`<s class="soft">${format.vnd(box.goodsVnd)}</s>`}${box.available === 0 && html`<span class="tag bad">${t('bundle.none')}</span>`}</p></li>`;
};

const listPage = (view: View, boxes: readonly BundleView[]): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('bundle.title'),
    description: t('bundle.lead'),
    canonical: '/hop-qua',
    body: html`<h1>${t('bundle.title')}</h1><p class="soft">${t('bundle.lead')}</p>${
      boxes.length === 0
        ? empty(
            t('bundle.empty'),
            t('bundle.emptyText'),
            html`<a class="button" href="${link('/tim-kiem')}">${t('nav.all')}</a>`,
          )
        : html`<ul class="producers section">${boxes.map((box) => card(view, box))}</ul>`
    }`,
  });
};

function buyForm(view: View, box: BundleView, typed: Typed, provinces: readonly Province[]): SafeHtml {
  const { t, link } = view;
  return html`<form class="box stack" method="post" action="${link(`/hop-qua/${box.slug}`)}"><h2>${t('bundle.order')}</h2>${onceFields(view)}
${input({ name: 'boxes', label: t('bundle.boxes'), value: typed.boxes, required: true, more: html`type="number" inputmode="numeric" min="1" max="${Math.min(maxBoxes, box.available)}"` })}
${input({ name: 'name', label: t('bundle.recipient'), value: typed.name, required: true, more: html`type="text" maxlength="200" autocomplete="name"` })}
${input({ name: 'phone', label: t('track.phone'), value: typed.phone, required: true, more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"` })}
${input({ name: 'line', label: t('bundle.line'), value: typed.line, required: true, more: html`type="text" maxlength="300" autocomplete="address-line1"` })}
${select(
  { name: 'provinceCode', label: t('bundle.province'), value: typed.provinceCode, required: true },
  t('bundle.choose'),
  provinces.map(({ code, name }) => ({ value: code, label: name })),
)}
${input({ name: 'ward', label: t('bundle.ward'), value: typed.ward, required: true, more: html`type="text" maxlength="120"` })}
${box.needsAge && checkbox({ name: 'age', label: t('bundle.age'), value: 'yes', checked: typed.age === 'yes' }, 'age')}
<p class="small soft">${t('bundle.freight')}</p><button class="button" type="submit">${t('bundle.button')}</button></form>`;
}

type Shown = { readonly typed: Typed; readonly refused?: string; readonly provinces: readonly Province[] };

function boxPage(view: View, box: BundleView, { typed, refused, provinces }: Shown): SafeHtml {
  const { t, format, link } = view;
  return layout(view, {
    title: nameOf(view, box),
    canonical: `/hop-qua/${box.slug}`,
    body: html`${breadcrumb(view, [{ label: t('bundle.title'), path: '/hop-qua' }])}<div class="narrow stack">
${errorSummary(t('checkout.faults'), refused === undefined ? [] : [{ name: '', message: refused }])}
<h1>${nameOf(view, box)}</h1>${box.descriptionVi !== '' && html`<p class="lead" lang="vi">${box.descriptionVi}</p>`}
<section class="box stack"><h2>${t('bundle.content')}</h2><ul class="goods">${box.items.map(
      (item) =>
        html`<li><span>${item.quantity} × <a href="${link(`/san-pham/${item.productSlug}`)}">${item.name}</a> <small class="soft">${item.label} · ${item.business.name}</small></span><span class="number">${format.vnd(item.priceVnd * item.quantity)}</span></li>`,
    )}</ul>${sums(view, [
      { label: t('bundle.goods'), amountVnd: box.goodsVnd },
      { label: t('bundle.price'), amountVnd: box.priceVnd, total: true },
    ])}<p class="small soft">${t('bundle.whole')}</p></section>
${box.available > 0 ? buyForm(view, box, typed, provinces) : html`<p class="notice wait">${t('bundle.noneText')}</p>`}</div>`,
  });
}

const typedIn = ({ field }: PageContext): Typed => ({
  boxes: field('boxes'),
  name: field('name'),
  phone: field('phone'),
  line: field('line'),
  provinceCode: field('provinceCode'),
  ward: field('ward'),
  age: field('age'),
});

async function buy(
  context: PageContext,
  { bundles, places, once, noteReferral }: BundlePageDeps,
): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply, param } = context;
  const box = await bundles.getBundle(param('slug'));
  const typed = typedIn(context);
  const { name, phone, line, provinceCode, ward } = typed;
  const boxes = /^\d{1,2}$/.test(typed.boxes) ? Number(typed.boxes) : 0;
  const again = async (refused: string): Promise<SafeHtml> => {
    void reply.code(422);
    return boxPage(view, box, { typed, refused, provinces: await places.listProvinces() });
  };
  if (boxes < 1 || boxes > maxBoxes) return again(view.t('bundle.badBoxes'));
  try {
    const { code } = await once<{ code: string }>(request, (finish) =>
      bundles.buy({
        bundle: box.bundleId,
        boxes,
        delivery: { recipient: { name, phone }, address: { line, provinceCode, ward } },
        ageConfirmed: typed.age === 'yes',
        actor: actorOf(request),
        finish: async (tx, group) => {
          await noteReferral(tx, request, group.code);
          await finish(tx, { code: group.code });
        },
      }),
    );
    return seeOther(context, `/thanh-toan/${code}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return again(view.either(error.entry.vi.join('. '), error.entry.en.join('. ')));
  }
}

export const bundlePages: FastifyPluginAsync<BundlePageDeps> = async (app, deps) => {
  const { site, bundles, places } = deps;
  page(app, site, { url: '/hop-qua', access: 'public' }, async ({ view }) =>
    listPage(view, await bundles.listBundles()),
  );
  page(app, site, { url: '/hop-qua/:slug', access: 'public' }, async ({ view, param }) =>
    boxPage(view, await bundles.getBundle(param('slug')), { typed: blank, provinces: await places.listProvinces() }),
  );
  page(app, site, { method: 'POST', url: '/hop-qua/:slug', access: 'public' }, (context) => buy(context, deps));
};
