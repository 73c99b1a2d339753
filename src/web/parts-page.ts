import type { FastifyPluginAsync } from 'fastify';
import { type ProblemCatalogue, refusals } from '#core/problem.ts';
import { documentOf, httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from './html.ts';
import { layout } from './layout.ts';
import { page, SENT } from './page.ts';
import { breadcrumb } from './parts/breadcrumb.ts';
import { businessCard } from './parts/business-card.ts';
import { claimForm, heldByMe } from './parts/claim.ts';
import { copyable } from './parts/copyable.ts';
import { empty } from './parts/empty.ts';
import { facetLists } from './parts/facets.ts';
import { checkbox, errorSummary, input, select, textarea } from './parts/field.ts';
import { icon } from './parts/icon.ts';
import { methodChoices } from './parts/method-choices.ts';
import { pager } from './parts/pager.ts';
import { pictureField } from './parts/picture-field.ts';
import { ratingBox, ratingTag, reviewBox } from './parts/points.ts';
import { price } from './parts/price.ts';
import { type CardProduct, productGrid } from './parts/product-card.ts';
import { questionBox } from './parts/questions.ts';
import { sortLinks } from './parts/sort-links.ts';
import { certificateBadge, kindStamp, stars } from './parts/stars.ts';
import { orderSteps, statusTag, type Tone } from './parts/status.ts';
import { breakdown } from './parts/sums.ts';
import { renderProblem } from './problem-page.ts';
import type { Site, View } from './view.ts';

export type PartsPageDeps = { readonly site: Site; readonly catalogues: readonly ProblemCatalogue[] };

const at = new Date('2026-11-23T03:05:00.000Z');
const tones: readonly Tone[] = ['good', 'wait', 'bad', 'away'];

const card: CardProduct = {
  slug: 'hanh-tim-vinh-chau-tui-luoi',
  name: 'Hành tím Vĩnh Châu túi lưới',
  nameEn: 'Vĩnh Châu shallots in a net',
  star: 4,
  certifiedAs: ['gi'],
  business: { name: 'HTX Hành tím Bãi Giồng', holidayUntil: null },
  ward: { name: 'Phường Vĩnh Phước' },
  image: { src: '/illustrations/rau-cu-qua-hat-tuoi-3.svg', width: 400, height: 400, alt: '', colour: null },
  partner: null,
  rating: { average: 4.6, count: 12 },
  variants: [{ label: 'túi 1 kg', priceVnd: 55_000, compareAtVnd: 65_000, available: 9 }],
};
const partner = {
  name: 'Sàn Trà Vinh',
  priceAsOf: at.toISOString(),
  priceStale: true,
  claimedStar: 4,
  uri: 'ocop://tra-vinh/mon/1',
};
const cards: readonly CardProduct[] = [
  card,
  {
    ...card,
    name: 'Hết hàng',
    star: null,
    rating: null,
    variants: card.variants.map((one) => ({ ...one, available: 0 })),
  },
  { ...card, name: 'Hàng sàn đối tác', star: null, certifiedAs: [], rating: null, partner },
  { ...card, name: 'Cơ sở nghỉ', business: { ...card.business, holidayUntil: '2026-12-01' } },
  { ...card, name: `Tên rất dài ${'mứt củ cải trắng '.repeat(6)}`, star: 5 },
];
const review = {
  ...{ reviewId: 'r', points: 5, text: 'Hành thơm, củ chắc.', shownName: 'Nguyễn T. B.', photos: [], cameBack: false },
  ...{ reply: 'Cảm ơn bạn.', replyState: 'published', createdAt: at, editedAt: at },
};
const question = {
  ...{ text: 'Mở gói rồi để được bao lâu?', shownName: '', createdAt: at },
  ...{ answer: 'Dạ mười ngày.', answerState: 'published', answeredAt: at },
};
const business = {
  ...{ slug: 'htx-hanh-tim-bai-giong', name: 'HTX Hành tím Bãi Giồng', type: 'cooperative', foundedYear: 2013 },
  ...{ ward: { name: 'Phường Vĩnh Phước' }, addressLine: 'Khóm Vĩnh An', productCount: 6 },
  ...{ storyVi: 'Một trăm hộ trồng hành trên đất giồng cát.', storyEn: 'A hundred families on sandy ridges.' },
};

const part = (id: string, body: SafeHtml | false): SafeHtml =>
  html`<section class="section stack" aria-labelledby="${id}"><h2 class="section-head" id="${id}">${id}</h2>${body}</section>`;

const fields = (view: View): SafeHtml => {
  const base = { value: '', required: true } as const;
  const faults = [{ name: 'wrong', message: 'Nhập tên người nhận.' }];
  return html`<form class="box stack" method="get" action="/_parts">${errorSummary('Cần sửa', faults)}
${input({ ...base, name: 'plain', label: 'Tên' })}${input({ ...base, name: 'hinted', label: 'Số điện thoại', hint: 'Để báo tin.' })}
${input({ ...base, name: 'wrong', label: 'Người nhận', value: 'Bé', error: 'Nhập tên người nhận.' })}${textarea({ name: 'long', label: 'Lời nhắn', value: 'Gọi trước khi giao.' })}
${select({ name: 'chosen', label: 'Xã, phường', value: 'b' }, 'Chọn', [
  { value: 'a', label: 'Phường Phú Lợi' },
  { value: 'b', label: 'Phường Vĩnh Phước' },
])}${checkbox({ name: 'tick', label: 'Tôi đủ 18 tuổi', value: '1', checked: true }, 'tick')}
<fieldset class="box"><legend>Cách trả tiền</legend>${methodChoices(view, ['vietqr', 'stripe', 'vnpay'], 'vietqr')}</fieldset>${pictureField(view, { name: 'picture', label: 'Ảnh', multiple: true })}
<p class="row"><button class="button" type="submit">${icon('basket')}Chính</button><button class="button quiet" type="button">Phụ</button><button class="button" type="button" disabled>Tắt</button><button class="link-button" type="button">Như liên kết</button></p></form>`;
};

const sums = { subtotalVnd: 110_000, discountVnd: 10_000, shippingVnd: 18_000, totalVnd: 118_000, vatVnd: 5_000 };
const order = { status: 'confirmed', paymentStatus: 'paid', fulfilmentStatus: 'packed' };
const certificate = { code: 'ST-0001', kind: 'ocop', star: 4, decisionNumber: '9113/QĐ-UBND' };

/** Each part in each of its states, with made-up facts. */
function partsPage(view: View): SafeHtml {
  const { format } = view;
  const facet = [
    { label: 'Đang chọn', count: 3, href: '/tim-kiem', chosen: true },
    { label: 'Chưa chọn', count: 1_234, href: '/tim-kiem?stars=4', chosen: false },
  ];
  const body = html`<div class="stack"><h1>Parts</h1><p class="soft">${format.vnd(1_250_000)} · ${format.dateTime(at)} · ${format.weight(1_500)}</p>
${part('breadcrumb', breadcrumb(view, [{ label: 'Trái cây', path: '/danh-muc/trai-cay' }]))}
${part('notice', html`${(['good', 'wait', 'bad'] as const).map((tone) => html`<p class="notice ${tone}">Thông báo ${tone}</p>`)}`)}
${part('tag', html`<p class="row">${tones.map((tone) => html`<span class="tag ${tone}">${tone}</span>`)}${statusTag(view, 'group', 'paid')}${statusTag(view, 'order', 'la')}</p>`)}
${part('stars', html`<p class="row">${[3, 4, 5].map((star) => stars(view, star))}${kindStamp(view, 'gi')}</p>${certificateBadge(view, { ...certificate, validUntil: '2029-09-30T17:00:00.000Z' })}`)}
${part('points', html`<p>${ratingTag(view, { average: 4.6, count: 12 })}</p>${ratingBox(view, { average: 4.6, count: 12, distribution: [0, 0, 1, 3, 8] })}${ratingBox(view, { average: null, count: 0, distribution: [0, 0, 0, 0, 0] })}`)}
${part('review', html`<ul class="reviews">${reviewBox(view, review, business.name)}${reviewBox(view, { ...review, shownName: '', cameBack: true, reply: null, replyState: null }, business.name)}</ul>`)}
${part('question', html`<ul class="reviews">${questionBox(view, question, business.name)}${questionBox(view, { ...question, answer: null, answerState: null }, business.name)}</ul>`)}
${part('price', html`${price(view, { priceVnd: 55_000, compareAtVnd: 65_000, unit: 'túi 1 kg', from: true })}${price(view, { priceVnd: 55_000 })}`)}
${part('product-card', productGrid(view, cards, at, false))}
${part('business-card', html`<ul class="producers">${businessCard(view, business)}</ul>`)}
${part('field', fields(view))}
${part('sums', breakdown(view, sums))}
${part('copyable', html`<dl>${copyable(view, { label: 'Số tài khoản', shown: '1234 5678', copied: '12345678' })}</dl>`)}
${part('steps', html`${orderSteps(view, order)}${orderSteps(view, { ...order, status: 'cancelled', paymentStatus: 'refunded' })}`)}
${part('claim', html`${claimForm(view, '/_parts', { heldBy: null, holder: '', until: null })}${claimForm(view, '/_parts', { heldBy: 'x', holder: 'Chị Sáu', until: at })}${heldByMe(view, { heldBy: 'y', holder: '', until: at })}`)}
${part('facets', facetLists(view, [{ title: 'Sao', values: facet, open: true }]))}
${part(
  'sort-links',
  sortLinks(view, ['newest', 'price', 'name'], 'price', (sort) => `/tim-kiem?sort=${sort}`),
)}
${part('pager', pager(view, '/tim-kiem?cursor=a', '/tim-kiem'))}
${part('empty', empty('Chưa có gì', 'Rồi sẽ có.', html`<a class="button" href="/">Trang chủ</a>`))}</div>`;
  return layout(view, { title: 'Parts', body });
}

/** How long a limit is said to last on its page here. */
const sampleWait = 40;

/** The parts, and every refusal as its page, with made-up facts. Used by tests and by whoever draws. */
export const partsPages: FastifyPluginAsync<PartsPageDeps> = async (app, { site, catalogues }) => {
  const render = renderProblem(site);
  page(app, site, { url: '/_parts', access: 'public' }, async ({ view }) => partsPage(view));
  page(app, site, { url: '/_parts/loi/:code', access: 'public' }, async ({ param, request, reply }) => {
    const code = param('code');
    const catalogue = catalogues.find((one) => Object.hasOwn(one, code));
    const entry = catalogue?.[code];
    if (!catalogue || !entry) throw httpProblem('not-found');
    const waits = entry.status === 429 || entry.status === 503;
    const problem = refusals(catalogue)(code, waits ? { retryAfterSeconds: sampleWait } : {});
    // Looked at, not met: whoever counts failures counts none here.
    const shown = render(documentOf(problem, site.publicUrl, request), request, reply);
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(shown);
    return SENT;
  });
};
