import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscriptions } from '#db/events.ts';
import type { JobHandler } from '#db/jobs.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import type { ProductId } from '#features/products/types.ts';
import { LANES } from '#federation/protocol/record.ts';
import { PROFILE_QUEUE } from './keys.ts';
import { type Hint, NUDGE_QUEUE } from './nudges.ts';
import { PULL_QUEUE, type Turn } from './partners.ts';
import { RECALL_QUEUE } from './recalls.ts';
import { REPORT_QUEUE } from './referrals.ts';
import type { Federation } from './service.ts';
import type { RecallId, ReferralId } from './types.ts';

const exportQueue = 'federation.export';
const conversionQueue = 'federation.convert';

/** Whatever is shown of a product may have changed, so its records are computed anew. */
export const federationSubscriptions = {
  'product.changed': [exportQueue],
  'order-group.paid': [conversionQueue],
} satisfies Subscriptions;

const member = (job: unknown, name: string): string =>
  job && typeof job === 'object' && name in job ? String((job as Record<string, unknown>)[name]) : '';

export const federationJobs = (federation: Federation): readonly JobHandler[] => [
  {
    queue: exportQueue,
    options: { batchSize: 100, signalled: true, yielding: true },
    run: async (batch) => {
      const ids = new Set(batch.map((job) => member(job, 'productId') as ProductId));
      await federation.exportProducts([...ids]);
    },
  },
  {
    // More slots than there are partners, which cost nothing while they wait for an answer: a slow one keeps its own and no
    // other's. A pull that fails is no failed job: the engine keeps the back-off, and the next turn comes.
    queue: PULL_QUEUE,
    options: { concurrency: 16, pollSeconds: 5 },
    run: async (batch) => {
      for (const { partnerKey, turn, afterMs = 0 } of batch as readonly Turn[]) {
        if (afterMs > 0) await sleep(afterMs);
        await federation.takeTurn(partnerKey, turn);
      }
    },
  },
  {
    // One that is away keeps no other waiting; what it missed is sent again below.
    queue: RECALL_QUEUE,
    options: { concurrency: 12, retryLimit: 6 },
    run: async (batch) => {
      for (const job of batch)
        await federation.sendRecall(member(job, 'recallId') as RecallId, member(job, 'partnerKey'));
    },
  },
  {
    // However many exports waited, each partner is told once.
    queue: NUDGE_QUEUE,
    options: { batchSize: 1_000, concurrency: 4 },
    run: (batch) => federation.nudge(batch as readonly Hint[]),
  },
  {
    queue: conversionQueue,
    run: async (batch) => {
      for (const job of batch) await federation.convert(member(job, 'groupId') as OrderGroupId);
    },
  },
  {
    queue: REPORT_QUEUE,
    options: { concurrency: 4, retryLimit: 6 },
    run: async (batch) => {
      for (const job of batch) await federation.reportConversion(member(job, 'referralId') as ReferralId);
    },
  },
  {
    // A hint may be lost on its way; whoever pulls seldom then waits five minutes and not until its turn.
    queue: 'federation.nudge-again',
    options: { cron: '*/5 * * * *', retryLimit: 2 },
    run: () => federation.nudge([{ lanes: LANES }]),
  },
  { queue: 'federation.report-again', options: { cron: '*/10 * * * *' }, run: () => federation.reportAgain() },
  { queue: 'federation.recall-again', options: { cron: '*/5 * * * *' }, run: () => federation.sendAgain() },
  {
    // A partner that is away keeps no other waiting, and is asked again by the hour.
    queue: PROFILE_QUEUE,
    options: { concurrency: 4 },
    run: async (batch) => {
      for (const job of batch) await federation.refreshClaimed(member(job, 'partnerKey'));
    },
  },
  { queue: 'federation.profiles', options: { cron: '23 * * * *' }, run: () => federation.refreshProfiles() },
  { queue: 'federation.restart-turns', options: { cron: '* * * * *' }, run: () => federation.restartTurns() },
  { queue: 'federation.tidy', options: { cron: '17 3 * * *' }, run: () => federation.tidy() },
];
