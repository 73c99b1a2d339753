import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemDocument } from '#http/problems.ts';
import { assetUrl } from './assets.ts';
import { html, type SafeHtml } from './html.ts';
import type { MessageKey } from './i18n/messages.ts';
import { illustrationPath } from './illustrations.ts';
import { layout } from './layout.ts';
import { viewOf } from './page.ts';
import { csrfField } from './parts/field.ts';
import { keptFields } from './problem-fields.ts';
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

/** What shoppers meet, in words for them and in their language. The documents of the others speak to programmers too. */
const wordsFor: Readonly<Record<string, readonly [title: MessageKey, text: MessageKey]>> = {
  'not-found': ['problem.notFound', 'problem.notFoundText'],
  'product-not-found': ['problem.notFound', 'problem.notFoundText'],
  'business-not-found': ['problem.notFound', 'problem.notFoundText'],
  'order-not-found': ['problem.notFound', 'problem.notFoundText'],
  'product-withdrawn': ['problem.withdrawn', 'problem.withdrawnText'],
  'sign-in-required': ['problem.signIn', 'problem.signInText'],
  forbidden: ['problem.forbidden', 'problem.forbiddenText'],
  'cross-site-request': ['problem.elsewhere', 'problem.elsewhereText'],
  'form-expired': ['problem.formExpired', 'problem.formExpiredText'],
  'too-many-requests': ['problem.tooMany', 'problem.tooManyText'],
  'too-many-attempts': ['problem.tooMany', 'problem.tooManyText'],
  'temporarily-unavailable': ['problem.busy', 'problem.busyText'],
  'internal-error': ['problem.broken', 'problem.brokenText'],
  'provider-unavailable': ['problem.provider', 'problem.providerText'],
};

function wordsOf({ t, locale }: View, { code, messages, waitingFor }: ProblemDocument): readonly [string, string] {
  if (Array.isArray(waitingFor)) return [t('problem.opening'), t('problem.openingText')];
  const known = wordsFor[code];
  if (known) return [t(known[0]), t(known[1])];
  const [title = '', ...rest] = (locale === 'en' ? messages.en : messages.vi).split('. ');
  return [title, rest.join('. ')];
}

/** The words at the end of an address that leads nowhere: an old link of a product still says what it was. */
export function wordsIn(path: string): string {
  const last = (path.split('?')[0] ?? '').split('/').findLast((part) => part !== '') ?? '';
  const text = URL.canParse(`http://x/${last}`) ? decodedOr(last) : last;
  const words = text
    .replace(/\.\w+$/, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return words.length < 3 || words.length > 60 || /^[\d ]*$|[0-9a-f]{4}( [0-9a-f]{4}){3}/.test(words) ? '' : words;
}

const decodedOr = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};

/** When to come back, counted down where scripts run; a page that only waits for us then asks again by itself. */
function comeBack({ t }: View, document: ProblemDocument, isForm: boolean): SafeHtml | false {
  if (document.status !== 429 && document.status !== 503) return false;
  const seconds = typeof document.retryAfterSeconds === 'number' ? document.retryAfterSeconds : 2;
  const words =
    seconds < 120 ? t('problem.seconds', { seconds }) : t('problem.minutes', { minutes: Math.ceil(seconds / 60) });
  const again = document.status === 503 && !isForm && seconds < 120;
  return html`<p class="notice wait">${t('problem.comeBack', { time: words })}${
    seconds < 3_600 &&
    html` <span class="soft" aria-hidden="true" data-seconds="${Math.max(seconds, again ? 5 : 1)}"${again && html` data-after="reload"`}></span>`
  }</p>`;
}

/** What was typed, in a form of its own that has a fresh proof: sent again as it was, without a script and without typing. */
function again(view: View, request: FastifyRequest, code: string): SafeHtml | false {
  const fields = keptFields(request, code);
  if (!fields) return false;
  const { t } = view;
  const shown = fields.filter(({ name, value }) => !name.startsWith('_') && value !== '' && value.length > 1);
  return html`<form class="box stack" method="post" action="${request.url}">${csrfField(view.csrf)}
${fields.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="notice good">${t('problem.heldAll')}</p><p><button class="button" type="submit">${t('problem.sendAgain')}</button></p>
${shown.length > 0 && html`<details><summary>${t('problem.held')}</summary><ul>${shown.map(({ value }) => html`<li class="words">${value}</li>`)}</ul></details>`}</form>`;
}

/** A form that was not taken and whose fields never reached us, or must not be repeated: the browser still has them. */
const untaken = (
  { t }: View,
  { code }: ProblemDocument,
): SafeHtml => html`<p class="notice good" data-untaken hidden>${t('problem.kept')}</p>
<noscript><p class="notice wait">${t(code === 'form-expired' ? 'problem.keptBack' : 'problem.keptPlain')}</p></noscript>`;

/** To a desk of one's own, or to the account that may. */
function waysOfForbidden({ t, link, visitor }: View, next: string): SafeHtml {
  if (visitor?.seller) return html`<a class="button" href="${link('/ban-hang')}">${t('nav.seller')}</a>`;
  if (visitor?.staff) return html`<a class="button" href="${link('/quan-tri')}">${t('nav.staff')}</a>`;
  return html`<a class="button" href="${link(`/dang-nhap?next=${next}`)}">${t('problem.otherAccount')}</a>`;
}

/** The first way on: what leads to where one wanted to go. */
function firstWay(view: View, document: ProblemDocument, isForm: boolean): SafeHtml | false {
  const { t, link, path } = view;
  const { code, status } = document;
  const next = encodeURIComponent(path);
  const door = doors[code]?.(document) ?? (status === 401 ? '/dang-nhap' : undefined);
  if (door !== undefined)
    return html`<a class="button" data-back href="${link(`${door}?next=${next}`)}">${t(door === '/dang-nhap' ? 'nav.signIn' : 'me.confirm')}</a>`;
  if (code === 'form-expired')
    return html`<a class="button quiet" data-back href="${link(path)}">${t('problem.openForm')}</a>`;
  if (code === 'forbidden') return waysOfForbidden(view, next);
  const q = status === 404 ? wordsIn(path) : '';
  if (q !== '')
    return html`<a class="button" href="${link(`/tim-kiem?${new URLSearchParams({ q })}`)}">${t('problem.search', { q })}</a>`;
  return !isForm && status >= 429 && html`<a class="button" href="${link(path)}">${t('problem.tryAgain')}</a>`;
}

const waysOn = (view: View, document: ProblemDocument, isForm: boolean): SafeHtml => {
  const { t, link } = view;
  const broken = document.status >= 500;
  return html`<p class="row">${firstWay(view, document, isForm)}<a class="button quiet" href="${link('/')}">${t('nav.home')}</a>
<a class="button quiet" href="${link('/tim-kiem')}">${t('nav.all')}</a>${broken && html`<a class="button quiet" href="${link('/tra-cuu')}">${t('nav.track')}</a>`}</p>`;
};

/** Whether a form that met this refusal is to be sent again later, as it was. */
const leavesForm = ({ status, code }: ProblemDocument): boolean =>
  status === 401 || status === 429 || status >= 500 || code === 'form-expired' || code in doors;

/** The HTML twin of a problem document, for whoever asked for a page. */
export const renderProblem =
  (site: Site) =>
  (document: ProblemDocument, request: FastifyRequest, reply: FastifyReply): string => {
    // What fails before cookies are read shows nobody's name and takes no form.
    const view = viewOf(site, request, request.cookies ? reply.generateCsrf() : '');
    const { t } = view;
    const [title, detail] = wordsOf(view, document);
    const { status, code } = document;
    const isForm = request.method === 'POST';
    const held = isForm && again(view, request, code);
    const lost = isForm && !held && leavesForm(document);
    // Whoever opens the form again instead of sending it from here finds it as it was, too.
    const reopens = held !== false && code === 'form-expired';
    const who = code === 'forbidden' && view.visitor !== null && t('problem.youAre', { name: view.visitor.name });
    return String(
      layout(view, {
        title,
        ...(status === 404 && { searched: wordsIn(view.path) }),
        ...((lost || reopens) && { head: html`<script type="module" src="${assetUrl('forms.js')}"></script>` }),
        body: html`<div class="problem"><img src="${illustrationPath({ categoryCode: pictureOf(status), tint: 3 })}" alt="" width="400" height="400">
<div class="stack"><p class="soft">${t('problem.status', { status })}</p><h1>${title}</h1><p>${detail}</p>${who && html`<p>${who}</p>`}${comeBack(view, document, isForm)}${held}${lost && untaken(view, document)}${reopens && html`<span data-untaken hidden></span>`}
${waysOn(view, document, isForm)}
<p class="small soft">${t('problem.code')} <a href="/problems/${code}"><code>${code}</code></a> · ${t('problem.request')} <code>${document.instance.replace('urn:request:', '')}</code></p></div></div>`,
      }),
    );
  };
