import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { assetUrl, ownAsset } from './assets.ts';
import { html, type SafeHtml } from './html.ts';
import { layout } from './layout.ts';
import { page } from './page.ts';
import type { Site, View } from './view.ts';

/** What the desk needs to be drawn without a network. */
const shellAssets = [
  'shop.css',
  'shop.js',
  'forms.js',
  'editor.js',
  'outbox.js',
  'picture-field.js',
  'logo.svg',
  'favicon.svg',
  'noto-latin.woff2',
  'noto-vietnamese.woff2',
  'noto-khmer.woff2',
] as const;

let written: string | undefined;
/** The worker with the addresses of its shell. Its bytes change with any of them, and a browser then puts the new one in place of the old. */
function worker(): string {
  if (written !== undefined) return written;
  const source = ownAsset('desk-worker.js').toString('utf8');
  const shell = JSON.stringify(shellAssets.map(assetUrl));
  const version = createHash('sha256').update(source).update(shell).digest('base64url').slice(0, 10);
  written = `const version = '${version}';\nconst shell = ${shell};\n${source}`;
  return written;
}

/** Where nothing was kept of a page. It names nobody, so that it may lie on any phone. */
function offlinePage(view: View): SafeHtml {
  const { t, link } = view;
  const way = (path: string, name: string): SafeHtml => html`<a class="button quiet" href="${link(path)}">${name}</a>`;
  return layout(view, {
    title: t('noNetwork.title'),
    body: html`<div class="narrow stack"><h1>${t('noNetwork.title')}</h1><p>${t('noNetwork.text')}</p><p>${t('noNetwork.can')}</p>
<div class="row">${way('/ban-hang/san-pham/moi', t('own.new'))}${way('/ban-hang', t('desk.today'))}${way('/ban-hang/don-hang', t('seller.orders'))}</div></div>`,
  });
}

/** The sellers' desk where there is no network: its service worker and the page for what it did not keep. */
export const deskOffline = fp<{ readonly site: Site }>(async (app: FastifyInstance, { site }) => {
  app.get('/ban-hang.sw.js', { config: { access: 'operations' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(worker()),
  );
  page(app, site, { url: '/ban-hang/ngoai-tuyen', access: 'public' }, async ({ view }) => offlinePage(view));
});
