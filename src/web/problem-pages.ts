import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ProblemCatalogue, ProblemEntry } from '#core/problem.ts';
import { httpProblem, type ProblemDocument } from '#http/problems.ts';
import { assetUrl } from './assets.ts';
import { html, type SafeHtml } from './html.ts';
import type { MessageKey } from './i18n/messages.ts';
import { illustrationPath } from './illustrations.ts';
import { layout } from './layout.ts';
import { page, viewOf } from './page.ts';
import type { Site, View } from './view.ts';

/** Which drawing goes with which refusal: an empty basket for what is not there, a boat for what is under way. */
const pictureOf = (status: number): string => {
  if (status === 404 || status === 410) return 'thu-cong-gia-dung-trang-tri';
  return status >= 500 || status === 429 ? 'du-lich' : 'che';
};

/** Where to give what is still owed. */
const doors: Readonly<Record<string, (document: ProblemDocument) => string>> = {
  'second-factor-required': ({ needs }) => (needs === 'factor' ? '/dang-nhap/buoc-hai' : '/dang-nhap/cai-buoc-hai'),
  'reauthentication-required': () => '/xac-nhan',
};

/** A form that was not taken because of who sent it, or when: what was typed into it is not lost, and here is the way back. */
const untaken = (
  { t }: View,
  { code }: ProblemDocument,
): SafeHtml => html`<p class="notice good" data-untaken hidden>${t('problem.kept')}</p>
${code !== 'form-expired' && html`<noscript><p class="notice wait">${t('problem.keptPlain')}</p></noscript>`}`;

const waysOn = ({ t, link, path }: View, document: ProblemDocument): SafeHtml => {
  const next = encodeURIComponent(path);
  const door = doors[document.code]?.(document);
  if (door)
    return html`<p class="row"><a class="button" data-back href="${link(`${door}?next=${next}`)}">${t('me.confirm')}</a>
<a class="button quiet" href="${link('/')}">${t('nav.home')}</a></p>`;
  const signIn = document.status === 401;
  if (document.code === 'form-expired')
    return html`<p class="row"><a class="button" data-back href="${link(path)}">${t('problem.openForm')}</a></p>`;
  return html`<p class="row">${signIn && html`<a class="button" data-back href="${link(`/dang-nhap?next=${encodeURIComponent(path)}`)}">${t('nav.signIn')}</a>`}
<a class="button${signIn ? ' quiet' : ''}" href="${link('/')}">${t('nav.home')}</a>
<a class="button quiet" href="${link('/tim-kiem')}">${t('nav.all')}</a></p>`;
};

function problemPage(view: View, document: ProblemDocument, words: readonly [string, string], sent: boolean): SafeHtml {
  const { t } = view;
  const [title, detail] = words;
  const wasForm = sent && (document.status === 401 || document.code === 'form-expired' || document.code in doors);
  return layout(view, {
    title,
    ...(wasForm && { head: html`<script type="module" src="${assetUrl('forms.js')}"></script>` }),
    body: html`<div class="problem"><img src="${illustrationPath({ categoryCode: pictureOf(document.status), tint: 3 })}" alt="" width="400" height="400">
<div class="stack"><p class="soft">${t('problem.status', { status: document.status })}</p><h1>${title}</h1><p>${detail}</p>${wasForm && untaken(view, document)}
${waysOn(view, document)}
<p class="small soft">${t('problem.code')} <a href="/problems/${document.code}"><code>${document.code}</code></a> · ${t('problem.request')} <code>${document.instance.replace('urn:request:', '')}</code></p></div></div>`,
  });
}

/** What shoppers meet, in words for them and in their language. The documents of the others speak to programmers too. */
const wordsFor: Readonly<Record<string, readonly [title: MessageKey, text: MessageKey]>> = {
  'not-found': ['problem.notFound', 'problem.notFoundText'],
  'product-not-found': ['problem.notFound', 'problem.notFoundText'],
  'business-not-found': ['problem.notFound', 'problem.notFoundText'],
  'order-not-found': ['problem.notFound', 'problem.notFoundText'],
  'product-withdrawn': ['problem.withdrawn', 'problem.withdrawnText'],
  'sign-in-required': ['problem.signIn', 'problem.signInText'],
  forbidden: ['problem.forbidden', 'problem.forbiddenText'],
  'form-expired': ['problem.formExpired', 'problem.formExpiredText'],
  'too-many-requests': ['problem.tooMany', 'problem.tooManyText'],
  'too-many-attempts': ['problem.tooMany', 'problem.tooManyText'],
  'temporarily-unavailable': ['problem.busy', 'problem.busyText'],
  'internal-error': ['problem.broken', 'problem.brokenText'],
};

function wordsOf(view: View, { code, messages }: ProblemDocument): readonly [string, string] {
  const known = wordsFor[code];
  if (known) return [view.t(known[0]), view.t(known[1])];
  const [title = '', ...rest] = (view.locale === 'en' ? messages.en : messages.vi).split('. ');
  return [title, rest.join('. ')];
}

/** The HTML twin of a problem document, for whoever asked for a page. */
export const renderProblem =
  (site: Site) =>
  (document: ProblemDocument, request: FastifyRequest): string => {
    const view = viewOf(site, request);
    return String(problemPage(view, document, wordsOf(view, document), request.method === 'POST'));
  };

const entryPage = (view: View, code: string, entry: ProblemEntry): SafeHtml =>
  layout(view, {
    title: `${code}: ${entry.vi[0]}`,
    body: html`<div class="narrow stack"><p class="soft">${view.t('problem.status', { status: entry.status })}</p><h1><code>${code}</code></h1>
<div class="box stack" lang="vi"><h2>${entry.vi[0]}</h2><p>${entry.vi[1]}</p></div>
<div class="box stack" lang="en"><h2>${entry.en[0]}</h2><p>${entry.en[1]}</p></div>
<p><a href="${view.link('/problems')}">${view.t('problem.all')}</a></p></div>`,
  });

const listPage = (view: View, entries: readonly (readonly [string, ProblemEntry])[]): SafeHtml =>
  layout(view, {
    title: view.t('problem.all'),
    body: html`<h1>${view.t('problem.all')}</h1><div class="table" tabindex="0"><table><thead><tr><th scope="col">type</th><th scope="col">HTTP</th><th scope="col">Tiếng Việt</th><th scope="col">English</th></tr></thead><tbody>
${entries.map(
  ([code, { status, vi, en }]) =>
    html`<tr><td><a href="${view.link(`/problems/${code}`)}"><code>${code}</code></a></td><td>${status}</td><td lang="vi">${vi[0]}</td><td lang="en">${en[0]}</td></tr>`,
)}</tbody></table></div>`,
  });

export type ProblemPageDeps = { readonly site: Site; readonly catalogues: readonly ProblemCatalogue[] };

/** `type` of every problem document is an address; this is what stands there. */
export const problemPages: FastifyPluginAsync<ProblemPageDeps> = async (app, { site, catalogues }) => {
  const entries = catalogues
    .flatMap((catalogue) => Object.entries(catalogue))
    .sort(([one], [two]) => (one < two ? -1 : 1));
  const byCode = new Map(entries);
  page(app, site, { url: '/problems', access: 'operations' }, async ({ view }) => listPage(view, entries));
  page(app, site, { url: '/problems/:code', access: 'operations' }, async ({ view, param }) => {
    const code = param('code');
    const entry = byCode.get(code);
    if (!entry) throw httpProblem('not-found');
    return entryPage(view, code, entry);
  });
};
