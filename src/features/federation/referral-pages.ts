import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { isId } from '#core/ids.ts';
import type { ProductCard, Products } from '#features/products/index.ts';
import { REFERRAL_PARAMETER } from '#federation/protocol/referral.ts';
import { parseUri } from '#federation/protocol/uri.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, SENT } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { productGrid } from '#web/parts/product-card.ts';
import { wayOutPath } from '#web/parts/way-out.ts';
import { type NoteReferral, readReferralCookie, writeReferralCookie } from '#web/referral-cookie.ts';
import type { Site, View } from '#web/view.ts';
import { referralReaders } from './referral-routes.ts';
import type { WayOut } from './referrals.ts';
import type { Federation } from './service.ts';
import type { ReferralId } from './types.ts';
import type { ReferralDay } from './views/referrals.ts';

const path = '/quan-tri/tiep-thi-lien-ket';
const nearby = 8;

type Near = Pick<Products, 'listProducts'>;
type Options = {
  readonly site: Site;
  readonly federation: Pick<Federation, 'refer' | 'listReferralDays'>;
  readonly products: Near;
  readonly now: () => Date;
};
type Closed = Exclude<WayOut, { readonly state: 'open' }>;

function closedPage(view: View, uri: string, { state, listing }: Closed, near: readonly ProductCard[], now: Date) {
  const { t, either, link } = view;
  const name = either(listing.nameVi, listing.nameEn);
  const words = { name, partner: listing.partner };
  const title = t(state === 'gone' ? 'referral.goneTitle' : 'referral.soldOutTitle', words);
  const text = t(state === 'gone' ? 'referral.goneText' : 'referral.soldOutText', words);
  const anyway =
    state === 'sold-out' &&
    html`<a class="button quiet" rel="nofollow noopener external" href="${link(`${wayOutPath(uri)}?cu-di=1`)}">${t('referral.anyway', words)}</a>`;
  const ways = html`<a class="button" href="${link(`/danh-muc/${listing.categorySlug}`)}">${t('referral.likeIt')}</a>${anyway}`;
  const body = html`<h1>${title}</h1>${empty(name, text, ways, listing.categorySlug)}
${near.length > 0 && html`<section class="section" aria-labelledby="gan"><h2 class="section-head" id="gan">${t('referral.near')}</h2>${productGrid(view, near, now)}</section>`}`;
  return layout(view, { title, body });
}

async function leave(context: PageContext, { federation, products, now }: Options): Promise<SafeHtml | typeof SENT> {
  const { view, reply, param, query } = context;
  const uri = `ocop://${param('origin')}/${param('kind')}/${param('id')}`;
  if (parseUri(uri)?.kind !== 'listing') throw httpProblem('not-found');
  const way = await federation.refer(uri, { unasked: query('cu-di') !== '' });
  if (!way) throw httpProblem('not-found');
  void reply.header('x-robots-tag', 'noindex, nofollow');
  if (way.state === 'open') {
    // To the host that the partner's agreement names and to no other: the address never comes from the request.
    void reply.header('cache-control', 'no-store').redirect(way.address, 303);
    return SENT;
  }
  const filters = { category: [way.listing.categorySlug], inStock: true };
  const { items } = await products.listProducts({ filters, sort: 'newest', limit: nearby + 1 });
  const near = items.filter(({ partner }) => partner?.uri !== uri).slice(0, nearby);
  void reply.code(way.state === 'gone' ? 410 : 200);
  return closedPage(view, uri, way, near, now());
}

const dayRow = ({ format, t }: View, { day, partner, direction, visits, orders, goodsVnd, unreported }: ReferralDay) =>
  html`<tr><td>${format.date(new Date(`${day}T00:00:00+07:00`))}</td><td>${partner}</td><td>${t(direction === 'sent' ? 'referral.sent' : 'referral.received')}</td>
<td class="number">${visits}</td><td class="number">${orders}</td><td class="number">${format.vnd(goodsVnd)}</td><td class="number">${unreported}</td></tr>`;

const heads: readonly MessageKey[] = [
  'referral.head.day',
  'referral.head.partner',
  'referral.head.way',
  'referral.head.visits',
  'referral.head.orders',
  'referral.head.goods',
  'referral.head.unreported',
];

function ledgerPage(view: View, days: readonly ReferralDay[]): SafeHtml {
  const { t } = view;
  const table = html`<div class="table" tabindex="0"><table><thead><tr>${heads.map((key) => html`<th scope="col">${t(key)}</th>`)}</tr></thead>
<tbody>${days.map((day) => dayRow(view, day))}</tbody></table></div>`;
  return deskLayout(view, 'staff', {
    title: t('referral.title'),
    part: path,
    body: html`<div class="stack"><p class="soft">${t('referral.lead')}</p>${days.length === 0 ? html`<p>${t('referral.none')}</p>` : table}</div>`,
  });
}

/** The way out to partners, and for officers what came of it. */
export const referralPages: FastifyPluginAsync<Options> = async (app, options) => {
  const { site, federation } = options;
  page(app, site, { url: '/go/:origin/:kind/:id', access: 'public' }, (context) => leave(context, options));
  page(app, site, { url: path, access: 'staff', roles: referralReaders }, async ({ view }) =>
    ledgerPage(view, await federation.listReferralDays()),
  );
};

/** The value of the token, where the address has one, and the address without it. */
function tokenIn(request: FastifyRequest): { readonly token: string; readonly clean: string } | undefined {
  const asked = URL.parse(request.url, 'http://here.invalid');
  const token = asked?.searchParams.get(REFERRAL_PARAMETER);
  if (!asked || request.method !== 'GET' || token === undefined || token === null) return undefined;
  asked.searchParams.delete(REFERRAL_PARAMETER);
  return { token, clean: asked.pathname + asked.search };
}

/**
 * Whoever comes from a partner with a token is remembered for the visit, and goes on to the address without it: copied
 * from the browser, it says nothing more. What is wrong with the token is nothing to the shopper.
 */
export function welcomeReferred(app: FastifyInstance, federation: Pick<Federation, 'arrive'>): void {
  app.addHook('preHandler', async (request, reply) => {
    const found = request.routeOptions.config.access === 'public' ? tokenIn(request) : undefined;
    if (!found) return;
    const id = await federation.arrive(found.token);
    if (id) writeReferralCookie(reply, id);
    return reply.header('cache-control', 'no-store').redirect(found.clean, 303);
  });
}

/** Notes the order of a visit that a partner sent, in the transaction that places it. */
export const noteReferral =
  (federation: Pick<Federation, 'noteOrdered' | 'noteToken'>): NoteReferral =>
  async (tx, request, groupCode, token) => {
    if (token !== undefined) return await federation.noteToken(tx, token, groupCode);
    const id = readReferralCookie(request);
    if (isId<'Referral'>(id)) await federation.noteOrdered(tx, id satisfies ReferralId, groupCode);
  };
