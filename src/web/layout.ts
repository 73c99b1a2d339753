import { assetUrl } from './assets.ts';
import { html, jsonScript, type SafeHtml } from './html.ts';
import { LOCALES, type Locale, pathIn } from './locale.ts';
import { icon } from './parts/icon.ts';
import type { View } from './view.ts';

export type Document = {
  readonly title: string;
  readonly description?: string;
  readonly body: SafeHtml;
  /** Path without language and query of the address that search engines should keep; absent on private pages. */
  readonly canonical?: string;
  readonly structured?: readonly unknown[];
  /** The text to keep in the search field. */
  readonly searched?: string;
  /** Pages that fetch parts of themselves: search and cart. */
  readonly htmx?: boolean;
  /** What a shared link shows; without it the exchange's own picture. `path` is of a picture of 1200 × 630. */
  readonly share?: { readonly path: string; readonly alt: string; readonly type: 'product' | 'article' };
  /** Elements for the head of this page alone. */
  readonly head?: SafeHtml;
};

const tongueNames: Readonly<Record<Locale, readonly [short: string, name: string]>> = {
  vi: ['VI', 'Tiếng Việt'],
  en: ['EN', 'English'],
  km: ['ខ្មែរ', 'ភាសាខ្មែរ'],
};

const tongues = (view: View): SafeHtml => html`<nav class="tongues" aria-label="${view.t('nav.languages')}">
${LOCALES.map((locale) =>
  locale === view.locale
    ? html`<span lang="${locale}" aria-current="true">${tongueNames[locale][0]}</span>`
    : html`<a href="${pathIn(locale, view.path)}" lang="${locale}" hreflang="${locale}" title="${tongueNames[locale][1]}">${tongueNames[locale][0]}</a>`,
)}</nav>`;

const searchForm = (view: View, searched: string): SafeHtml => html`<search>
<form class="find" action="${view.link('/tim-kiem')}" method="get">
<label class="hidden" for="q">${view.t('search.label')}</label>
<input id="q" name="q" type="search" value="${searched}" maxlength="200" placeholder="${view.t('search.placeholder')}" autocomplete="off" enterkeyhint="search" list="suggestions"><datalist id="suggestions"></datalist>
<button type="submit">${view.t('search.button')}</button>
</form></search>`;

const top = (view: View, searched: string): SafeHtml => html`<header class="top"><div class="ways"><div class="wrap">
<nav aria-label="${view.t('nav.ways')}"><ul><li><a href="${view.link('/tra-cuu')}">${view.t('nav.track')}</a></li>
<li><a href="${view.link('/chung-nhan')}">${view.t('nav.certificate')}</a></li>
<li><a href="${view.link('/co-so')}">${view.t('nav.producers')}</a></li></ul></nav>${tongues(view)}</div></div>
<div class="wrap bar"><a class="brand" href="${view.link('/')}"><img src="${assetUrl('logo.svg')}" alt="" width="44" height="44"><span>Chợ Nổi<small>${view.t('site.place')}</small></span></a>
<a class="cart-link" href="${view.link('/gio-hang')}">${icon('basket')}<b>${view.t('nav.cart')}</b>
<span class="count" id="cart-count">${view.cartCount}<span class="hidden"> ${view.t('nav.pieces')}</span></span></a>
${searchForm(view, searched)}
</div></header>`;

const accountLinks = (view: View): SafeHtml => {
  const { visitor, t, link } = view;
  if (!visitor)
    return html`<li><a href="${link('/dang-nhap')}">${t('nav.signIn')}</a></li>
<li><a href="${link('/dang-ky')}">${t('signUp.title')}</a></li>`;
  return html`${visitor.seller && html`<li><a href="${link('/ban-hang')}">${t('nav.seller')}</a></li>`}
${visitor.staff && html`<li><a href="${link('/quan-tri')}">${t('nav.staff')}</a></li>`}
<li><a href="${link('/tai-khoan')}">${t('me.title')}</a></li>
<li><form method="post" action="${link('/dang-xuat')}"><input type="hidden" name="_csrf" value="${view.csrf}">
<button class="link-button" type="submit">${t('nav.signOut')} (${visitor.name})</button></form></li>`;
};

const foot = (view: View): SafeHtml => {
  const { t, link } = view;
  return html`<footer class="foot"><div class="wrap">
<div class="stack"><h2>Chợ Nổi</h2><p>${t('foot.about')}</p>${view.site.demo && html`<p>${t('foot.sample')}</p>`}
${view.locale === 'km' && html`<p lang="en">Khmer wording awaits review by a native speaker.</p>`}</div>
<nav aria-label="${t('foot.shopping')}"><h2>${t('foot.shopping')}</h2><ul>
<li><a href="${link('/tim-kiem')}">${t('nav.all')}</a></li>
<li><a href="${link('/co-so')}">${t('nav.producers')}</a></li>
<li><a href="${link('/ban-do')}">${t('map.title')}</a></li>
<li><a href="${link('/da-luu')}">${t('saved.title')}</a></li>
<li><a href="${link('/uu-dai')}">${t('voucher.publicTitle')}</a></li>
<li><a href="${link('/hop-qua')}">${t('bundle.title')}</a></li>
<li><a href="${link('/tra-cuu')}">${t('nav.track')}</a></li>
<li><a href="${link('/chinh-sach-doi-tra')}">${t('care.policy')}</a></li>
<li><a href="${link('/chinh-sach')}">${t('rules.all')}</a></li>
<li><a href="${link('/thu-tu-hien-thi')}">${t('ranking.title')}</a></li>
<li><a href="${link('/chu-quan')}">${t('operator.title')}</a></li>
<li><a href="${link('/khieu-nai')}">${t('complaint.title')}</a></li>
<li><a href="${link('/chung-nhan')}">${t('nav.certificate')}</a></li></ul></nav>
<nav aria-label="${t('foot.selling')}"><h2>${t('foot.selling')}</h2><ul>${accountLinks(view)}
<li><a href="${link('/ban-hang/dang-ky')}">${t('apply.title')}</a></li>
<li><a href="${link('/bieu-phi')}">${t('fee.publicTitle')}</a></li>
<li><a href="${link('/ho-tro')}">${t('assist.title')}</a></li>
<li><a href="/docs">${t('nav.api')}</a></li></ul></nav>
</div></footer>`;
};

const alternates = (view: View, canonical: string): SafeHtml => {
  const at = (locale: Locale): string => view.site.publicUrl + pathIn(locale, canonical);
  return html`<link rel="canonical" href="${at(view.locale)}">
${LOCALES.map((locale) => html`<link rel="alternate" hreflang="${locale}" href="${at(locale)}">`)}
<link rel="alternate" hreflang="x-default" href="${at('vi')}">`;
};

const tongueCodes: Readonly<Record<Locale, string>> = { vi: 'vi_VN', en: 'en_GB', km: 'km_KH' };

/** What messengers and social networks show of a link: Open Graph (ogp.me), which Zalo, Facebook and Telegram read. */
const shared = ({ site, locale, t }: View, { title, description, share }: Document, canonical: string): SafeHtml => {
  const tags: Readonly<Record<string, string | undefined>> = {
    'og:site_name': 'Chợ Nổi',
    'og:type': share?.type ?? 'website',
    'og:title': title,
    'og:description': description,
    'og:url': site.publicUrl + pathIn(locale, canonical),
    'og:locale': tongueCodes[locale],
    'og:image': site.publicUrl + (share?.path ?? `/chia-se/${locale}.jpg`),
    'og:image:width': '1200',
    'og:image:height': '630',
    'og:image:alt': share?.alt ?? t('home.heroAlt'),
  };
  return html`${Object.entries(tags).map(([name, value]) => value && html`<meta property="${name}" content="${value}">`)}<meta name="twitter:card" content="summary_large_image">`;
};

/** A whole page. Everything that differs between pages is in `page`; everything that differs between visitors in `view`. */
export function layout(view: View, page: Document): SafeHtml {
  const { t, locale } = view;
  return html`<!DOCTYPE html>
<html lang="${locale}"><head><meta charset="utf-8"><title>${page.title} · Chợ Nổi</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
${page.description && html`<meta name="description" content="${page.description}">`}
<meta name="theme-color" content="#0d5c4c">
${page.htmx && html`<meta name="htmx-config" content="${'{"includeIndicatorCSS":false}'}">`}
<link rel="icon" type="image/svg+xml" href="${assetUrl('favicon.svg')}">
<link rel="stylesheet" href="${assetUrl('shop.css')}">
${page.canonical === undefined ? html`<meta name="robots" content="noindex">` : html`${alternates(view, page.canonical)}${shared(view, page, page.canonical)}`}
${page.head}${page.structured?.map(jsonScript)}
${page.htmx && html`<script type="module" src="${assetUrl('htmx.js')}"></script>`}
<script type="module" src="${assetUrl('shop.js')}"></script></head>
<body><a class="skip" href="#content">${t('nav.skip')}</a>
${view.site.demo && html`<p class="sample">${t('site.sample')}</p>`}
${top(view, page.searched ?? '')}
<p class="notice wait offline" id="offline" role="status" hidden>${t('offline.text')}</p>
<main id="content" tabindex="-1"><div class="wrap">${page.body}</div></main>
${foot(view)}</body></html>`;
}
