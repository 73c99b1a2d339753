import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type Crumb = { readonly label: string; readonly path: string };

/** Where the page hangs. The page itself is its own heading and is not repeated. */
export const breadcrumb = ({ t, link }: View, crumbs: readonly Crumb[]): SafeHtml =>
  html`<nav class="crumbs" aria-label="${t('nav.crumbs')}"><ol>${[{ label: t('nav.home'), path: '/' }, ...crumbs].map(
    ({ label, path }) => html`<li><a href="${link(path)}">${label}</a></li>`,
  )}</ol></nav>`;

export const breadcrumbData = ({ site, link, t }: View, crumbs: readonly Crumb[]): unknown => ({
  '@context': 'https://schema.org',
  '@type': 'BreadcrumbList',
  itemListElement: [{ label: t('nav.home'), path: '/' }, ...crumbs].map(({ label, path }, index) => ({
    '@type': 'ListItem',
    position: index + 1,
    name: label,
    item: site.publicUrl + link(path),
  })),
});
