import type { FastifyPluginAsync } from 'fastify';
import { byOf } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { actName } from '#web/i18n/acts.ts';
import { type PageContext, page, SENT } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { input } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import type { Site, View } from '#web/view.ts';
import { fileOf } from './export.ts';
import { readPeriod } from './period.ts';
import type { Audit } from './service.ts';
import { EXPORT_FORMATS, type LogFilter } from './types.ts';
import type { LogEntry } from './views.ts';

export type AuditPageDeps = { readonly site: Site; readonly audit: Audit };

const perPage = 50;
const path = '/quan-tri/nhat-ky';
const names = ['actor', 'action', 'subjectKind', 'subjectId', 'from', 'until'] as const;
type Asked = Readonly<Record<(typeof names)[number], string>>;

const askedBy = ({ query }: PageContext): Asked =>
  Object.fromEntries(names.map((name) => [name, query(name).slice(0, 200).toWellFormed()])) as Asked;
const filterOf = ({ from, until, ...words }: Asked): LogFilter => ({ ...words, ...readPeriod(from, until) });
const queryOf = (asked: Asked, more: Readonly<Record<string, string>> = {}): string => {
  const given = Object.entries({ ...asked, ...more }).filter(([, value]) => value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

const form = ({ t, link }: View, asked: Asked): SafeHtml =>
  html`<details class="filter-fold"${Object.values(asked).some((value) => value !== '') && html` open`}><summary>${t('queue.filterFold')}</summary><form class="queue-filters" method="get" action="${link(path)}">
${input({ name: 'actor', label: t('audit.who'), hint: t('audit.whoHint'), value: asked.actor, more: html`type="search" maxlength="200" autocomplete="off"` })}
${input({ name: 'action', label: t('audit.action'), value: asked.action, more: html`type="search" maxlength="100" autocomplete="off" spellcheck="false"` })}
${input({ name: 'subjectKind', label: t('audit.subjectKind'), value: asked.subjectKind, more: html`type="text" maxlength="60" autocomplete="off" spellcheck="false"` })}
${input({ name: 'subjectId', label: t('audit.subjectId'), value: asked.subjectId, more: html`type="text" maxlength="200" autocomplete="off" spellcheck="false"` })}
${input({ name: 'from', label: t('audit.from'), value: asked.from, more: html`type="date"` })}
${input({ name: 'until', label: t('audit.until'), value: asked.until, more: html`type="date"` })}
<button class="button" type="submit">${t('audit.filter')}</button></form></details>`;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => {
  if (value === null || value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : { '': value };
};

/** Field by field, what was and what is. */
function changes({ t }: View, { before, after }: LogEntry): SafeHtml | false {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return (
    fields.length > 0 &&
    html`<details><summary>${t('audit.changes')}</summary><dl class="facts changed">${fields.map(
      (name) =>
        html`<dt>${name === '' ? '·' : name}</dt><dd>${name in was && html`<del>${asText(was[name])}</del> `}${name in is && html`<ins>${asText(is[name])}</ins>`}</dd>`,
    )}</dl></details>`
  );
}

const entryBox = (view: View, entry: LogEntry): SafeHtml => {
  const { t, format } = view;
  const isSystem = !entry.actor.startsWith('account:');
  return html`<li class="box stack"><div><h2 class="small-title">${actName(view.locale, entry.action)}</h2>
<p>${entry.actorName ?? (isSystem ? `${t('audit.system')}: ${entry.actor}` : entry.actor)} <span class="small soft">· ${format.dateTime(entry.happenedAt)}</span></p></div>
<p class="small soft hash"><code>${entry.action}</code> · ${entry.subjectKind} · ${entry.subjectId}</p>
${entry.businessName !== null && html`<p><span class="tag away">${t('audit.onBehalf', { name: entry.businessName })}</span></p>`}
${entry.reason !== null && html`<p>${t('audit.reason', { reason: entry.reason })}</p>`}
${entry.address && html`<p class="small soft">${t('audit.address', { address: entry.address })}</p>`}${changes(view, entry)}</li>`;
};

function logPage(
  view: View,
  asked: Asked,
  { items, nextCursor }: Awaited<ReturnType<Audit['list']>>,
  isFirst: boolean,
) {
  const { t, link } = view;
  const take = (format: string, label: string): SafeHtml =>
    html`<a class="button quiet" href="${link(`${path}/tai-ve${queryOf(asked, { format })}`)}" download>${label}</a>`;
  return deskLayout(view, 'staff', {
    title: t('audit.title'),
    part: path,
    body: html`<div class="stack"><p class="soft">${t('audit.intro')}</p>${form(view, asked)}
<p class="row">${take('csv', t('audit.csv'))}${take('json', t('audit.json'))}</p>
${items.length === 0 ? empty(t('audit.none'), t('audit.noneText'), html`<a class="button quiet" href="${link(path)}">${t('queue.all')}</a>`) : html`<ul class="stack">${items.map((entry) => entryBox(view, entry))}</ul>`}
${pager(view, nextCursor && link(path + queryOf(asked, { cursor: nextCursor })), isFirst ? null : link(path + queryOf(asked)))}</div>`,
  });
}

export const auditPages: FastifyPluginAsync<AuditPageDeps> = async (app, { site, audit }) => {
  const spec = { access: 'staff', roles: ['auditor'] } as const;
  page(app, site, { ...spec, url: path }, async (context) => {
    const asked = askedBy(context);
    const cursor = readCursor(context.query('cursor') || undefined);
    return logPage(context.view, asked, await audit.list(filterOf(asked), { limit: perPage, cursor }), !cursor);
  });
  page(app, site, { ...spec, url: `${path}/tai-ve` }, async (context) => {
    const format = EXPORT_FORMATS.find((one) => one === context.query('format'));
    if (!format)
      throw httpProblem('invalid-request', { errors: [{ pointer: '/format', detail: 'must be csv or json' }] });
    const who = byOf(context.request);
    const { stream, headers } = fileOf(audit.takeAway(who, filterOf(askedBy(context)), format), format);
    void context.reply.headers(headers).send(stream);
    return SENT;
  });
};
