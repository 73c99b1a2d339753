import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { localDate } from '#core/clock.ts';
import { csvOf } from '#core/spreadsheet.ts';
import type { Places } from '#features/places/index.ts';
import { HOME_PROVINCE } from '#features/places/types.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, sendFile } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { select } from '#web/parts/field.ts';
import { kindName } from '#web/parts/stars.ts';
import type { Tone } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import { icsOf, monthOf, URGENCIES, type Urgency, urgencyOf } from './rules/calendar.ts';
import { daysLeft } from './rules/reminders.ts';
import type { Certificates } from './service.ts';
import { CERTIFICATE_KINDS, type CertificateKind } from './types.ts';
import type { EndingCertificate } from './views.ts';
import { lastDayOf, stampOf } from './words.ts';

export type CalendarPageDeps = {
  readonly site: Site;
  readonly certificates: Certificates;
  readonly places: Places;
  readonly now: Clock;
};

const path = '/quan-tri/chung-nhan/lich';
const reading = { access: 'staff', roles: ['certifier', 'auditor'] } as const;
const months = 12;

type Filter = { readonly kind?: CertificateKind | undefined; readonly ward?: string | undefined };
type Ends = EndingCertificate & { readonly validUntil: Date };
const hasEnd = (one: EndingCertificate): one is Ends => one.validUntil !== null;

const filterOf = ({ query }: PageContext): Filter => ({
  kind: CERTIFICATE_KINDS.find((kind) => kind === query('kind')),
  ward: /^\d{5}$/.test(query('ward')) ? query('ward') : undefined,
});
const suffix = ({ kind, ward }: Filter): string => {
  const query = new URLSearchParams({ ...(kind && { kind }), ...(ward && { ward }) });
  return query.size > 0 ? `?${query}` : '';
};

const urgencies: Readonly<Record<Urgency, readonly [MessageKey, Tone]>> = {
  7: ['certCalendar.within7', 'bad'],
  30: ['certCalendar.within30', 'wait'],
  90: ['certCalendar.within90', 'wait'],
  180: ['certCalendar.within180', 'away'],
  later: ['certCalendar.later', 'away'],
};

const row = (view: View, one: Ends, now: Date): SafeHtml => {
  const { t, link } = view;
  return html`<li class="box"><p class="row">${stampOf(view, one)}<b>${t('certDesk.daysLeft', { count: daysLeft(one.validUntil, now) })}</b></p>
<p><a href="${link(`/quan-tri/chung-nhan/${one.certificateId}`)}">${one.product.name}</a></p>
<p class="small soft">${one.business.name} · ${one.decisionNumber} · ${t('certCalendar.lastDay')}: ${lastDayOf(view, one.validUntil)}</p></li>`;
};

function monthsOf(view: View, ends: readonly Ends[]): SafeHtml {
  const { t } = view;
  const byMonth = [...Map.groupBy(ends, ({ validUntil }) => monthOf(validUntil))];
  return html`<section class="stack" aria-labelledby="months"><h2 id="months">${t('certCalendar.months')}</h2><ul class="months">${byMonth.map(
    ([month, those]) =>
      html`<li class="box"><b>${month.slice(5)}/${month.slice(0, 4)}</b><br>${t('certCalendar.count', { count: those.length })}</li>`,
  )}</ul></section>`;
}

function listOf(view: View, ends: readonly Ends[], now: Date): SafeHtml {
  const byUrgency = Map.groupBy(ends, ({ validUntil }) => urgencyOf(daysLeft(validUntil, now)));
  return html`${URGENCIES.map((urgency) => {
    const those = byUrgency.get(urgency) ?? [];
    const [word, tone] = urgencies[urgency];
    return (
      those.length > 0 &&
      html`<section class="section stack" aria-labelledby="trong-${urgency}"><h2 id="trong-${urgency}"><span class="tag ${tone}">${view.t(word)}</span> ${view.t('certCalendar.count', { count: those.length })}</h2>
<ul class="stack">${those.map((one) => row(view, one, now))}</ul></section>`
    );
  })}`;
}

type Shown = {
  readonly filter: Filter;
  readonly ends: readonly Ends[];
  readonly wards: readonly { readonly code: string; readonly fullName: string }[];
  readonly now: Date;
};

function calendarPage(view: View, { filter, ends, wards, now }: Shown): SafeHtml {
  const { t, link } = view;
  const kinds = CERTIFICATE_KINDS.map((kind) => ({ value: kind, label: kindName(view, kind) }));
  const wardOptions = wards.map(({ code, fullName }) => ({ value: code, label: fullName }));
  return deskLayout(view, 'staff', {
    title: t('certCalendar.title'),
    part: '/quan-tri/chung-nhan',
    body: html`<div class="stack"><p class="soft">${t('certCalendar.intro')}</p>
<form class="row" method="get" action="${link(path)}">${select({ name: 'kind', label: t('certStaff.kinds'), value: filter.kind ?? '' }, t('certStaff.all'), kinds)}
${select({ name: 'ward', label: t('certCalendar.ward'), value: filter.ward ?? '' }, t('certCalendar.wardAll'), wardOptions)}
<button class="button quiet" type="submit">${t('certCalendar.show')}</button></form>
<p class="row"><a class="button quiet" href="${link(`${path}.ics${suffix(filter)}`)}" download>${t('certCalendar.ics')}</a>
<a class="button quiet" href="${link(`${path}.csv${suffix(filter)}`)}" download>${t('certCalendar.csv')}</a></p>
${ends.length === 0 ? empty(t('certCalendar.none'), t('certCalendar.noneText'), html``) : html`${monthsOf(view, ends)}${listOf(view, ends, now)}`}</div>`,
  });
}

const lastDay = ({ validUntil }: Ends): string => localDate(new Date(validUntil.getTime() - 1));

const icsFile = (view: View, ends: readonly Ends[], now: Date): Buffer => {
  const { publicUrl } = view.site;
  const { host } = new URL(publicUrl);
  const entries = ends.map((one) => ({
    uid: `${one.code}@${host}`,
    lastDay: lastDay(one),
    summary: view.t('certCalendar.ends', { kind: kindName(view, one.kind), product: one.product.name }),
    description: `${one.business.name}\n${one.decisionNumber}, ${one.issuer}`,
    url: `${publicUrl}/chung-nhan/${one.code}`,
  }));
  return Buffer.from(icsOf(view.t('certCalendar.title'), entries, now));
};

const csvFile = (view: View, ends: readonly Ends[], now: Date): Buffer => {
  const { t } = view;
  const head = [
    t('certCalendar.lastDay'),
    t('certStaff.kinds'),
    'OCOP',
    t('certDesk.product'),
    t('facet.business'),
    t('certificate.number'),
    t('certDesk.issuer'),
    t('certificate.code'),
    t('certDesk.daysLeft', { count: '' }).trim(),
  ];
  const rows = ends.map((one) => [
    lastDay(one),
    kindName(view, one.kind),
    one.star,
    one.product.name,
    one.business.name,
    one.decisionNumber,
    one.issuer,
    one.code,
    daysLeft(one.validUntil, now),
  ]);
  return csvOf([head, ...rows]);
};

export const certificateCalendarPages: FastifyPluginAsync<CalendarPageDeps> = async (app, deps) => {
  const { site, certificates, places, now } = deps;
  const endsOf = async (filter: Filter): Promise<Ends[]> =>
    (await certificates.listEnding({ ...filter, months })).filter(hasEnd);
  page(app, site, { url: path, ...reading }, async (context) => {
    const filter = filterOf(context);
    const [ends, wards] = await Promise.all([endsOf(filter), places.listWards(HOME_PROVINCE)]);
    return calendarPage(context.view, { filter, ends, wards, now: now() });
  });
  page(app, site, { url: `${path}.ics`, ...reading }, async (context) => {
    const file = icsFile(context.view, await endsOf(filterOf(context)), now());
    return sendFile(context, file, 'text/calendar; charset=utf-8', 'lich-het-han.ics');
  });
  page(app, site, { url: `${path}.csv`, ...reading }, async (context) => {
    const file = csvFile(context.view, await endsOf(filterOf(context)), now());
    return sendFile(context, file, 'text/csv; charset=utf-8', 'lich-het-han.csv');
  });
};
