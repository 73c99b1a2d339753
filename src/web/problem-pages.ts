import type { FastifyPluginAsync } from 'fastify';
import type { ProblemCatalogue, ProblemEntry } from '#core/problem.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from './html.ts';
import { layout } from './layout.ts';
import { page } from './page.ts';
import type { Site, View } from './view.ts';

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
