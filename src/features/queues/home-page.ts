import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import type { StaffRole } from '#core/roles.ts';
import type { Certificates } from '#features/certificates/index.ts';
import type { Federation } from '#features/federation/index.ts';
import type { Payments } from '#features/payments/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import type { Site, View } from '#web/view.ts';
import { officerOf } from './routes.ts';
import type { Queues } from './service.ts';
import type { Queue } from './types.ts';

export type HomePageDeps = {
  readonly site: Site;
  readonly queues: Queues;
  readonly payments: Pick<Payments, 'listRefunds' | 'listUnmatched'>;
  readonly certificates: Pick<Certificates, 'listEnding'>;
  readonly federation: Pick<Federation, 'listPartners'>;
  readonly now: Clock;
};

type Tone = 'good' | 'wait' | 'bad';
/** One tile: a question, its answer as a number, what else is to be known, and where one works on it. */
type Question = {
  readonly name: string;
  readonly count: number;
  readonly text: string;
  readonly tone: Tone;
  readonly path: string;
};

const counted = 100;
const silentAfterMs = 24 * 3_600_000;
const questions: Readonly<Record<Queue, MessageKey>> = {
  businesses: 'home.businesses',
  changes: 'home.changes',
  certificates: 'home.certificates',
  takedowns: 'home.takedowns',
  money: 'home.money',
  complaints: 'home.complaints',
  reviews: 'home.reviews',
  questions: 'home.questions',
  'field-reports': 'home.field-reports',
};

async function askQueues({ t, format }: View, { queues }: HomePageDeps, staffRole: StaffRole | null) {
  return (await queues.summarise({ staffRole })).map(({ queue, waiting, late, oldestAt }): Question => {
    const oldest = oldestAt && t('home.oldest', { time: format.dateTime(oldestAt) });
    const overdue = late > 0 && t('home.late', { count: late });
    return {
      name: t(questions[queue]),
      count: waiting,
      text: [oldest, overdue].filter(Boolean).join(' · '),
      tone: late > 0 ? 'bad' : waiting > 0 ? 'wait' : 'good',
      path: `/quan-tri/hang-doi/${queue}`,
    };
  });
}

async function askMoney({ t, format }: View, { payments }: HomePageDeps): Promise<Question[]> {
  const [refunds, transfers] = await Promise.all([payments.listRefunds(counted), payments.listUnmatched(counted)]);
  const ask = (name: MessageKey, times: readonly Date[]): Question => ({
    name: t(name),
    count: times.length,
    text: times[0] ? t('home.oldest', { time: format.dateTime(times[0]) }) : '',
    tone: times.length > 0 ? 'wait' : 'good',
    path: '/quan-tri/tien-cho',
  });
  return [
    ask(
      'home.refunds',
      refunds.map(({ createdAt }) => createdAt),
    ),
    ask(
      'home.unmatched',
      transfers.map(({ receivedAt }) => receivedAt),
    ),
  ];
}

async function askPartners({ t }: View, { federation, now }: HomePageDeps): Promise<Question> {
  const active = (await federation.listPartners()).filter(({ state }) => state === 'active');
  const since = now().getTime() - silentAfterMs;
  const silent = active.filter(
    ({ lanes }) => !lanes.some(({ succeededAt }) => succeededAt && succeededAt.getTime() > since),
  );
  return {
    name: t('home.silent'),
    count: silent.length,
    text:
      silent.length > 0
        ? silent.map(({ nameVi }) => nameVi).join(', ')
        : t('home.partnersFine', { count: active.length }),
    tone: silent.length > 0 ? 'bad' : 'good',
    path: '/quan-tri/san-doi-tac',
  };
}

async function askCertificates({ t, format }: View, { certificates }: HomePageDeps): Promise<Question> {
  const ending = await certificates.listEnding({ months: 1 });
  const first = ending[0]?.validUntil;
  return {
    name: t('home.expiring'),
    count: ending.length,
    text: first ? t('home.expiringFirst', { date: format.date(first) }) : '',
    tone: ending.length > 0 ? 'wait' : 'good',
    path: '/quan-tri/chung-nhan/lich',
  };
}

const tile = ({ link, format, t }: View, { name, count, text, tone, path }: Question): SafeHtml =>
  html`<li class="question ${tone}"><h2><a href="${link(path)}">${name}</a></h2><b>${format.integer(count)}</b>
<p class="small soft">${text === '' ? t('home.none') : text}</p></li>`;

export const staffHomePages: FastifyPluginAsync<HomePageDeps> = async (app, deps) => {
  page(app, deps.site, { url: '/quan-tri', access: 'staff' }, async ({ view, request }) => {
    const { staffRole } = officerOf(request);
    const asked = await Promise.all([
      askQueues(view, deps, staffRole),
      askMoney(view, deps),
      askCertificates(view, deps),
      askPartners(view, deps),
    ]);
    return deskLayout(view, 'staff', {
      title: view.t('staff.title'),
      part: '/quan-tri',
      body: html`<div class="stack"><p class="soft">${view.t('home.intro')}</p><ul class="questions">${asked.flat().map((one) => tile(view, one))}</ul></div>`,
    });
  });
};
