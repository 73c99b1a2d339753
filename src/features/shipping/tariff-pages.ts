import type { FastifyPluginAsync } from 'fastify';
import { startOfLocalDay } from '#core/clock.ts';
import { isId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { Places } from '#features/places/index.ts';
import { STORAGE, type Storage } from '#features/products/types.ts';
import { byOf } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, type Option, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { RateRow } from './queries.ts';
import { tariffRoles } from './routes.ts';
import { homePlace, type Shipping } from './service.ts';
import { RATE_SCHEMES, type RateScheme, shippingProblems, ZONES, type Zone } from './types.ts';

export type TariffPageDeps = {
  readonly site: Site;
  readonly shipping: Shipping;
  readonly places: Places;
};
const refuse = refusals(shippingProblems);
const path = '/quan-tri/phi-giao';

const storageNames: Readonly<Record<Storage, MessageKey>> = {
  ambient: 'storage.ambient',
  cool: 'storage.cool',
  chilled: 'storage.chilled',
  frozen: 'storage.frozen',
  fresh: 'storage.fresh',
};
const zoneNames: Readonly<Record<Zone, MessageKey>> = {
  'in-province': 'delivery.zone.in-province',
  region: 'delivery.zone.region',
  far: 'delivery.zone.far',
};
const schemeNames: Readonly<Record<RateScheme, MessageKey>> = {
  flat: 'delivery.scheme.flat',
  zone: 'delivery.scheme.zone',
  voucher: 'delivery.scheme.voucher',
  pickup: 'delivery.scheme.pickup',
};
type Typed = Readonly<Record<string, string>>;
type Back = { readonly act: string; readonly typed: Typed; readonly faults: readonly Fault[] };

/** One thing to type or to choose in a form of this page. */
type Ask = {
  readonly name: string;
  readonly label: MessageKey;
  readonly kind: 'sum' | 'whole' | 'day' | 'text' | 'choice';
  readonly options?: readonly Option[];
  readonly choose?: MessageKey;
  readonly optional?: true;
  readonly hint?: MessageKey;
};

const dated: readonly Ask[] = [
  { name: 'from', label: 'delivery.from', kind: 'day' },
  { name: 'note', label: 'delivery.noteOf', kind: 'text', optional: true },
];
const zoneOptions = ({ t }: View): readonly Option[] =>
  ZONES.map((zone) => ({ value: zone, label: t(zoneNames[zone]) }));
const zoneAsk = (view: View): Ask => ({
  name: 'zone',
  label: 'delivery.zone',
  kind: 'choice',
  options: zoneOptions(view),
  choose: 'delivery.chooseZone',
});

/** The forms by what they add. */
function asksOf(
  view: View,
  provinces: readonly Option[],
  wards: readonly Option[],
): Readonly<Record<string, readonly Ask[]>> {
  const { t } = view;
  const schemes = RATE_SCHEMES.map((value) => ({ value, label: t(schemeNames[value]) }));
  const storages = STORAGE.map((value) => ({ value, label: t(storageNames[value]) }));
  return {
    rate: [
      { name: 'scheme', label: 'delivery.scheme', kind: 'choice', options: schemes, choose: 'delivery.chooseScheme' },
      { ...zoneAsk(view), optional: true },
      { name: 'fee', label: 'delivery.fee', kind: 'sum' },
      { name: 'baseGrams', label: 'delivery.baseGrams', kind: 'whole', optional: true, hint: 'delivery.stepsHint' },
      { name: 'stepGrams', label: 'delivery.stepGrams', kind: 'whole', optional: true },
      { name: 'stepVnd', label: 'delivery.stepVnd', kind: 'sum', optional: true },
      { name: 'divisor', label: 'delivery.divisor', kind: 'whole', optional: true },
      ...dated,
    ],
    place: [
      {
        name: 'provinceCode',
        label: 'delivery.province',
        kind: 'choice',
        options: provinces,
        choose: 'delivery.chooseProvince',
      },
      zoneAsk(view),
      ...dated,
    ],
    times: [
      zoneAsk(view),
      { name: 'minHours', label: 'delivery.minHours', kind: 'whole' },
      { name: 'maxHours', label: 'delivery.maxHours', kind: 'whole' },
      { name: 'cutOff', label: 'delivery.cutOff', kind: 'whole' },
      ...dated,
    ],
    limit: [
      {
        name: 'storage',
        label: 'delivery.storage',
        kind: 'choice',
        options: storages,
        choose: 'delivery.chooseStorage',
      },
      { name: 'bears', label: 'delivery.bears', kind: 'whole', optional: true, hint: 'delivery.bearsHint' },
      ...dated,
    ],
    point: [
      { name: 'name', label: 'delivery.pointName', kind: 'text' },
      { name: 'line', label: 'delivery.pointLine', kind: 'text' },
      { name: 'wardCode', label: 'delivery.pointWard', kind: 'choice', options: wards, choose: 'delivery.chooseWard' },
      { name: 'hours', label: 'delivery.pointHours', kind: 'text', hint: 'delivery.pointHoursHint' },
    ],
  };
}

const control = (view: View, act: string, ask: Ask, back: Back | undefined): SafeHtml => {
  const { t } = view;
  const name = `${act}-${ask.name}`;
  const own = back?.act === act ? back : undefined;
  const field = {
    name,
    label: t(ask.label),
    value: own?.typed[name] ?? '',
    error: own && errorAt(own.faults, name),
    ...(ask.hint && { hint: t(ask.hint) }),
  };
  if (ask.kind === 'choice') return select(field, ask.choose ? t(ask.choose) : '', ask.options ?? []);
  const type = { day: html`type="date"`, text: html`type="text" maxlength="200" autocomplete="off"` };
  const more =
    ask.kind === 'day' || ask.kind === 'text' ? type[ask.kind] : html`type="text" inputmode="numeric" maxlength="13"`;
  return input({ ...field, more });
};

const addForm = (view: View, act: string, title: string, asks: readonly Ask[], back: Back | undefined): SafeHtml =>
  html`<details${back?.act === act && html` open`}><summary>${view.t('delivery.add')}<span class="hidden"> ${title}</span></summary><form class="stack" method="post" action="${view.link(path)}" novalidate>${csrfField(view.csrf)}
${asks.map((ask) => control(view, act, ask, back))}<button class="button" type="submit" name="do" value="${act}">${view.t('delivery.add')}<span class="hidden"> ${title}</span></button></form></details>`;

function rateWords({ t, format }: View, rate: RateRow): string {
  const parts = [t('delivery.feeLine', { fee: format.vnd(rate.feeVnd) })];
  if (rate.stepGrams !== null)
    parts.push(
      t('delivery.stepLine', {
        base: format.weight(rate.baseGrams ?? 0),
        step: format.weight(rate.stepGrams),
        price: format.vnd(rate.stepVnd ?? 0),
      }),
    );
  if (rate.volumetricDivisor !== null)
    parts.push(t('delivery.sizeLine', { divisor: format.integer(rate.volumetricDivisor) }));
  if (rate.valueFromVnd !== null)
    parts.push(t('delivery.valueLine', { from: format.vnd(rate.valueFromVnd), percent: (rate.valueBps ?? 0) / 100 }));
  return parts.join(' · ');
}

type Book = Awaited<ReturnType<Shipping['readTariffBook']>>;
type Line = { readonly name: string; readonly words: string; readonly validFrom: Date; readonly note: string };

const lineList = ({ t, format }: View, lines: readonly Line[]): SafeHtml =>
  html`<ul class="stack">${lines.map(
    ({ name, words, validFrom, note }) =>
      html`<li><b>${name}</b>: ${words} <span class="small soft">${t('delivery.since', { date: format.date(validFrom) })}${note !== '' && ` · ${note}`}</span></li>`,
  )}</ul>`;

function pointList(view: View, points: Book['points'], mayWrite: boolean): SafeHtml {
  const { t, link, csrf } = view;
  if (points.length === 0) return html`<p class="soft">${t('delivery.noPoints')}</p>`;
  const close = (id: string, name: string): SafeHtml =>
    html`<form method="post" action="${link(path)}">${csrfField(csrf)}<input type="hidden" name="pickupPointId" value="${id}"><button class="button quiet" type="submit" name="do" value="close">${t('delivery.close')}<span class="hidden"> ${name}</span></button></form>`;
  return html`<ul class="stack">${points.map(
    ({ id, name, line, ward, hours }) =>
      html`<li><b>${name}</b>: ${line}, ${ward} <span class="small soft">${hours}</span>${mayWrite && close(id, name)}</li>`,
  )}</ul>`;
}

async function draw(context: PageContext, { shipping, places }: TariffPageDeps, back?: Back): Promise<SafeHtml> {
  const { view } = context;
  const { t } = view;
  const [book, provinces, wards] = await Promise.all([
    shipping.readTariffBook(),
    places.listProvinces(),
    places.listWards(homePlace.provinceCode),
  ]);
  const nameOf = new Map(
    [...provinces, ...wards.map(({ code, fullName: name }) => ({ code, name }))].map((one) => [one.code, one.name]),
  );
  const options = (list: readonly { readonly code: string; readonly name: string }[]): readonly Option[] =>
    list.map(({ code, name }) => ({ value: code, label: name }));
  const asks = asksOf(view, options(provinces), options(wards.map(({ code, fullName: name }) => ({ code, name }))));
  const role = view.visitor?.staffRole;
  const mayWrite = role === 'admin' || tariffRoles.some((one) => one === role);
  const zoneName = (zone: Zone) => t(zoneNames[zone]);
  const sections: readonly (readonly [act: string, title: MessageKey, body: SafeHtml])[] = [
    [
      'rate',
      'delivery.rates',
      lineList(
        view,
        book.rates.map((rate) => ({
          ...rate,
          name: rate.zone ? zoneName(rate.zone) : t(schemeNames[rate.scheme]),
          words: rateWords(view, rate),
        })),
      ),
    ],
    [
      'place',
      'delivery.zones',
      lineList(
        view,
        book.zones.map((row) => ({
          ...row,
          name: nameOf.get(row.wardCode ?? row.provinceCode) ?? row.provinceCode,
          words: zoneName(row.zone),
        })),
      ),
    ],
    [
      'times',
      'delivery.times',
      lineList(
        view,
        book.times.map((row) => ({
          ...row,
          name: zoneName(row.zone),
          words: t('delivery.timeLine', { min: row.minHours, max: row.maxHours, hour: row.cutOffHour }),
        })),
      ),
    ],
    [
      'limit',
      'delivery.limits',
      lineList(
        view,
        book.limits.map((row) => ({
          ...row,
          name: t(storageNames[row.storage]),
          words: row.maxHours === null ? t('delivery.anyTime') : t('delivery.hoursLine', { hours: row.maxHours }),
        })),
      ),
    ],
    ['point', 'delivery.points', pointList(view, book.points, mayWrite)],
  ];
  return deskLayout(view, 'staff', {
    title: t('delivery.tariff'),
    part: path,
    body: html`<div class="narrow stack"><p>${t('delivery.tariffLead')}</p>${errorSummary(t('delivery.wrong'), back?.faults ?? [])}
${sections.map(([act, title, body]) => html`<section class="box stack"><h2>${t(title)}</h2>${body}${mayWrite && addForm(view, act, t(title), asks[act] ?? [], back)}</section>`)}</div>`,
  });
}

const isDay = (typed: string): boolean => {
  try {
    startOfLocalDay(typed);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with one answer; undefined where nothing is. */
function wrongWith({ t }: View, ask: Ask, typed: string): string | undefined {
  if (typed === '') return ask.optional ? undefined : t(ask.kind === 'day' ? 'delivery.badDay' : 'delivery.missing');
  const isNumber = /^\d{1,9}$/.test(typed.replace(/[.\s]/g, ''));
  const checks: Readonly<Record<Ask['kind'], readonly [isGood: boolean, fault: MessageKey]>> = {
    day: [isDay(typed), 'delivery.badDay'],
    choice: [ask.options?.some(({ value }) => value === typed) ?? false, 'delivery.missing'],
    sum: [isNumber, 'delivery.badNumber'],
    whole: [isNumber, 'delivery.badNumber'],
    text: [true, 'delivery.missing'],
  };
  const [isGood, fault] = checks[ask.kind];
  return isGood ? undefined : t(fault);
}

type Answers = { readonly text: (name: string) => string; readonly number: (name: string) => number | null };

/** What each form asks of the service. */
const acts = (context: PageContext, { shipping }: TariffPageDeps, { text, number }: Answers) => {
  const clerk = byOf(context.request);
  const from = { from: text('from'), note: text('note') };
  const sum = (name: string) => vnd(number(name) ?? 0);
  const zone = text('zone') as Zone;
  return {
    rate: () => {
      const scheme = text('scheme') as RateScheme;
      const stepVnd = number('stepVnd') === null ? null : sum('stepVnd');
      const steps = { baseGrams: number('baseGrams'), stepGrams: number('stepGrams'), stepVnd };
      const size = { volumetricDivisor: number('divisor'), valueFromVnd: null, valueBps: null };
      const where = scheme === 'zone' ? zone : null;
      return shipping.addRate(clerk, { scheme, zone: where, feeVnd: sum('fee'), ...steps, ...size, ...from });
    },
    place: () => shipping.addZone(clerk, { provinceCode: text('provinceCode'), wardCode: null, zone, ...from }),
    times: () =>
      shipping.addTimes(clerk, {
        ...{ zone, minHours: number('minHours') ?? 0, maxHours: number('maxHours') ?? 0 },
        ...{ cutOffHour: number('cutOff') ?? 0, ...from },
      }),
    limit: () => shipping.addLimit(clerk, { storage: text('storage') as Storage, maxHours: number('bears'), ...from }),
    point: () =>
      shipping.addPoint(clerk, {
        ...{ name: text('name'), line: text('line'), wardCode: text('wardCode'), hours: text('hours') },
      }),
  } satisfies Record<string, () => Promise<unknown>>;
};

/** Names of the API's members and of the form's fields, where they differ. */
const fieldFor: Readonly<Record<string, string>> = { validFrom: 'from' };

async function add(context: PageContext, deps: TariffPageDeps, act: string): Promise<SafeHtml | typeof SENT> {
  const { field, reply, view } = context;
  const provinces = (await deps.places.listProvinces()).map(({ code, name }) => ({ value: code, label: name }));
  const wards = (await deps.places.listWards(homePlace.provinceCode)).map(({ code, name }) => ({
    value: code,
    label: name,
  }));
  const asks = asksOf(view, provinces, wards)[act];
  if (!asks) throw httpProblem('invalid-request', { errors: [{ pointer: '/do', detail: 'is not an act' }] });
  const text = (name: string): string => field(`${act}-${name}`).slice(0, 200).toWellFormed();
  const typed = Object.fromEntries(asks.map(({ name }) => [`${act}-${name}`, text(name)]));
  const wrong = asks.flatMap((ask): Fault[] => {
    const message = wrongWith(view, ask, text(ask.name));
    return message === undefined ? [] : [{ name: `${act}-${ask.name}`, message: `${view.t(ask.label)}: ${message}` }];
  });
  if (wrong.length > 0) {
    void reply.code(422);
    return draw(context, deps, { act, typed, faults: wrong });
  }
  const number = (name: string): number | null => (text(name) === '' ? null : Number(text(name).replace(/[.\s]/g, '')));
  const run: Readonly<Record<string, () => Promise<unknown>>> = acts(context, deps, { text, number });
  const faults = await faultsOf(context, async () => run[act]?.());
  if (!faults) return seeOther(context, path);
  const named = faults.map(({ name, message }) => ({ name: name && `${act}-${fieldFor[name] ?? name}`, message }));
  return draw(context, deps, { act, typed, faults: named });
}

/** The exchange's own tariff, kept by those who answer for money and shown to all staff. */
export const tariffPages: FastifyPluginAsync<TariffPageDeps> = async (app, deps) => {
  page(app, deps.site, { url: path, access: 'staff' }, (context) => draw(context, deps));
  page(app, deps.site, { method: 'POST', url: path, access: 'staff', roles: tariffRoles }, async (context) => {
    if (context.field('do') !== 'close') return add(context, deps, context.field('do'));
    const id = context.field('pickupPointId');
    if (!isId<'PickupPoint'>(id)) throw refuse('pickup-point-not-found');
    await deps.shipping.closePoint(byOf(context.request), id);
    return seeOther(context, path);
  });
};
