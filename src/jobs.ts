import type { EventOf } from '#db/events.ts';
import { forgetExpiredKeys } from '#db/idempotency.ts';
import type { JobHandler } from '#db/jobs.ts';
import { resealAll } from '#db/sealed.ts';
import { businessJobs } from '#features/businesses/index.ts';
import { careJobs } from '#features/care/index.ts';
import { complaintJobs } from '#features/complaints/index.ts';
import { exchangeOrderJobs } from '#features/exchange-orders/index.ts';
import { federationJobs } from '#features/federation/index.ts';
import { importJobs } from '#features/imports/index.ts';
import { noticeJobs } from '#features/notices/index.ts';
import { partnerOrderJobs } from '#features/partner-orders/index.ts';
import { taxJobs } from '#features/tax/index.ts';
import { webhookJobs } from '#features/webhooks/index.ts';
import type { Services } from './compose.ts';
import { jobQueues } from './job-queues.ts';

/** Work that the clock asks for. */
const every = (queue: string, cron: string, run: () => Promise<unknown>): JobHandler => ({
  queue,
  options: { cron, retryLimit: 2 },
  run: async () => {
    await run();
  },
});

/** Every queue with what is done for it. All processes know all queues; only workers work. */
export function jobHandlers(services: Services): readonly JobHandler[] {
  const {
    orders,
    payments,
    certificates,
    carts,
    identity,
    imports,
    journal,
    priceTable,
    files,
    pictures,
    indexing,
    federation,
    db,
    now,
  } = services;
  return [
    ...indexing.handlers,
    ...files.handlers,
    ...federationJobs(federation),
    ...partnerOrderJobs(services.partnerOrders),
    ...exchangeOrderJobs(services.exchangeOrders),
    ...businessJobs(services.businesses),
    ...importJobs(imports),
    ...careJobs(services.care),
    ...complaintJobs(services.complaints),
    every('stock.tell-low', '* * * * *', journal.tellLow),
    every('stock.forget-edits', '15 4 * * *', priceTable.forgetOld),
    ...noticeJobs(services.notices),
    ...webhookJobs(services.webhooks),
    ...taxJobs(services.tax),
    every('products.vat', '* * * * *', services.products.turnVat),
    every('orders.expire', '* * * * *', orders.expireDue),
    every('orders.confirm-paid', '* * * * *', orders.makeConfirmations),
    every('orders.cancel-unconfirmed', '*/5 * * * *', orders.cancelUnconfirmed),
    every('couriers.look', '* * * * *', services.couriers.lookDue),
    every('direct.remind', '20 * * * *', services.direct.remind),
    every('payments.poll', '* * * * *', payments.pollUnsettled),
    every('payments.refund-again', '30 * * * *', payments.sendAgain),
    every('payments.follow-refunds', '*/10 * * * *', payments.followRefunds),
    every('products.prices', '* * * * *', services.datedPrices.applyDue),
    every('certificates.expire', '0,1 0 * * *', certificates.expireDue),
    every('certificates.remind', '30 7 * * *', certificates.remind),
    every(jobQueues.pictures, '* * * * *', pictures.encodeWaiting),
    every('files.sweep', '10 3 * * *', files.sweep),
    every('carts.forget', '40 3 * * *', carts.forgetStale),
    every('identity.retain', '50 3 * * *', identity.privacy.retain),
    every('ledger.seal', '* * * * *', services.ledger.sealRecent),
    every('ledger.anchor', '9 * * * *', services.ledger.anchor),
    every('ledger.prove', '30 3 * * *', services.settlement.prove),
    every('settlement.freeze', '20 2 * * *', services.settlement.freezeDue),
    every('audit.anchor', '7 * * * *', services.audit.anchor),
    every('vault.reseal', '15 3 * * *', () => resealAll(db, services.vault)),
    every('idempotency.forget', '20 * * * *', () => forgetExpiredKeys(db, now())),
    ...eventJobs(services),
  ];
}

/** What follows from events of the slices that have no file of their own for it. */
const eventJobs = ({ identity, payments, orders, direct }: Services): readonly JobHandler[] => [
  {
    queue: jobQueues.erasures,
    run: async (batch) => {
      for (const job of batch) {
        const { accountId, erasedAt } = job as EventOf<'account.erased'>;
        identity.privacy.noteErasure(accountId, erasedAt);
      }
    },
  },
  {
    queue: jobQueues.endPayments,
    run: async (batch) => {
      for (const job of batch) await payments.endPaymentsOf((job as EventOf<'order-group.expired'>).groupId);
    },
  },
  {
    queue: jobQueues.paid,
    run: async (batch) => {
      for (const job of batch) await orders.tellPaid((job as EventOf<'order-group.paid'>).groupId);
    },
  },
  {
    queue: jobQueues.endDirect,
    run: async (batch) => {
      for (const job of batch) await direct.endOf((job as EventOf<'order-group.expired'>).groupId);
    },
  },
  {
    queue: jobQueues.refunds,
    options: { retryDelaySeconds: 30 },
    run: async (batch) => {
      for (const job of batch) await payments.sendRefund((job as EventOf<'refund.queued'>).refundId);
    },
  },
];
