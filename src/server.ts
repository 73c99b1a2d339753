import type { Config } from '#config/config.ts';
import { readOperator } from '#config/operator.ts';
import { keptSecret } from '#config/secrets.ts';
import { assistanceRoutes } from '#features/assistance/index.ts';
import { auditRoutes } from '#features/audit/index.ts';
import { batchRoutes } from '#features/batches/index.ts';
import { bundleRoutes, staffBundleRoutes } from '#features/bundles/index.ts';
import { businessRoutes, memberRoutes, sellerBusinessRoutes, staffBusinessRoutes } from '#features/businesses/index.ts';
import { returnRoutes, sellerReturnRoutes, staffReturnRoutes } from '#features/care/index.ts';
import { cartRoutes } from '#features/carts/index.ts';
import {
  certificateListRoutes,
  certificateRoutes,
  keySetRoutes,
  sellerCertificateRoutes,
  staffCertificateRoutes,
} from '#features/certificates/index.ts';
import { changeRoutes } from '#features/changes/index.ts';
import {
  businessComplaintRoutes,
  complaintReportRoutes,
  complaintRoutes,
  staffComplaintRoutes,
} from '#features/complaints/index.ts';
import { courierRoutes } from '#features/couriers/index.ts';
import { directRoutes, sellerDirectRoutes } from '#features/direct/index.ts';
import { exchangeOrderRoutes } from '#features/exchange-orders/index.ts';
import { exportRoutes } from '#features/exports/index.ts';
import {
  federationRoutes,
  partnerDeskRoutes,
  partnerRoadRoutes,
  recallRoutes,
  staffReferralRoutes,
} from '#features/federation/index.ts';
import { noteReferral } from '#features/federation/referral-pages.ts';
import { feeRoutes } from '#features/fees/index.ts';
import { fieldReportRoutes } from '#features/field-reports/index.ts';
import { filePages, fileRoutes } from '#features/files/index.ts';
import {
  factorRoutes,
  identityRoutes,
  keyRoutes,
  meRoutes,
  sessionCookie,
  userRoutes,
} from '#features/identity/index.ts';
import { importRoutes } from '#features/imports/index.ts';
import { noticeRoutes, noticeStaffRoutes } from '#features/notices/index.ts';
import { orderRoutes, orderStaffRoutes, sellerOrderRoutes } from '#features/orders/index.ts';
import { partnerOrderRoutes } from '#features/partner-orders/index.ts';
import { paymentRoutes, paymentStaffRoutes, webhookRoutes } from '#features/payments/index.ts';
import { placeRoutes } from '#features/places/index.ts';
import { pictureRoutes, productRoutes, sellerProductRoutes } from '#features/products/index.ts';
import { questionRoutes, sellerQuestionRoutes, staffQuestionRoutes } from '#features/questions/index.ts';
import { queueRoutes } from '#features/queues/index.ts';
import { reportCheckRoutes, reportRoutes } from '#features/reports/index.ts';
import { reviewRoutes, sellerReviewRoutes, staffReviewRoutes } from '#features/reviews/index.ts';
import { searchRoutes } from '#features/search/index.ts';
import { sellerSettlementRoutes, staffSettlementRoutes } from '#features/settlement/index.ts';
import { shippingRoutes } from '#features/shipping/index.ts';
import { stockRoutes } from '#features/stock/index.ts';
import { takedownRoutes } from '#features/takedowns/index.ts';
import { taxRoutes } from '#features/tax/index.ts';
import { createToday, todayRoutes } from '#features/today/index.ts';
import { voucherRoutes } from '#features/vouchers/index.ts';
import { webhookEndpointRoutes } from '#features/webhooks/index.ts';
import { bearerOf } from '#http/access.ts';
import { type App, createApp } from '#http/app.ts';
import { docs } from '#http/docs.ts';
import { healthRoutes, type Readiness } from '#http/health.ts';
import { createIdempotency } from '#http/idempotency.ts';
import type { Metrics } from '#http/metrics.ts';
import { httpProblem } from '#http/problems.ts';
import { renderProblem } from '#web/problem-page.ts';
import type { Services } from './compose.ts';
import { demoLogins } from './demo/load.ts';
import { pages } from './pages.ts';

type Doors = {
  readonly publicUrl: string;
  readonly services: Services;
  readonly idempotent: ReturnType<typeof createIdempotency>;
  readonly cookie: ReturnType<typeof sessionCookie>;
};
const v1 = { prefix: '/v1' } as const;

/** What shoppers, providers and partner exchanges call. */
async function openRoutes(app: App, { services, idempotent, cookie }: Doors): Promise<void> {
  const { products, pictures, files, certificates, places, search, carts, orders, payments } = services;
  const { identity, notices, federation, feeds, gateways, signals, now } = services;
  const referred = noteReferral(federation);
  await app.register(bundleRoutes, { ...v1, bundles: services.bundles, idempotent, noteReferral: referred });
  await app.register(productRoutes, { ...v1, products });
  await app.register(pictureRoutes, { pictures });
  await app.register(fileRoutes, { ...v1, files });
  await app.register(filePages, { files });
  await app.register(certificateRoutes, { ...v1, certificates });
  await app.register(keySetRoutes, { certificates });
  await app.register(placeRoutes, { ...v1, places });
  await app.register(searchRoutes, { ...v1, search });
  await app.register(cartRoutes, { ...v1, carts });
  await app.register(feeRoutes, { ...v1, fees: services.fees });
  await app.register(taxRoutes, { ...v1, tax: services.tax });
  await app.register(voucherRoutes, { ...v1, vouchers: services.vouchers, now });
  await app.register(orderRoutes, { ...v1, orders, idempotent, guarded: identity.guarded, noteReferral: referred });
  await app.register(returnRoutes, { ...v1, care: services.care, guarded: identity.guarded });
  await app.register(reviewRoutes, { ...v1, reviews: services.reviews, guarded: identity.guarded, products });
  await app.register(questionRoutes, { ...v1, questions: services.questions, products });
  await app.register(complaintReportRoutes, { ...v1, complaints: services.complaints });
  await app.register(complaintRoutes, { ...v1, complaints: services.complaints, guarded: identity.guarded });
  await app.register(directRoutes, { ...v1, direct: services.direct, idempotent });
  await app.register(paymentRoutes, { ...v1, payments, idempotent, signals });
  await app.register(webhookRoutes, {
    ...v1,
    payments,
    feeds,
    gateways,
    heardElsewhere: services.exchangeOrders.heardOf,
  });
  for (const routes of [identityRoutes, meRoutes, factorRoutes])
    await app.register(routes, { ...v1, identity, cookie });
  await app.register(noticeRoutes, { ...v1, notices });
  await app.register(federationRoutes, { federation, now });
  await app.register(partnerOrderRoutes, { federation, partnerOrders: services.partnerOrders, now });
  await app.register(exchangeOrderRoutes, { ...v1, exchangeOrders: services.exchangeOrders });
}

/** What sellers and the staff call. */
async function deskRoutes(app: App, { services, idempotent, publicUrl }: Doors): Promise<void> {
  const { identity, orders, payments, shelf, imports, queues, notices, webhooks, now } = services;
  await app.register(staffBundleRoutes, { ...v1, bundles: services.bundles });
  await app.register(userRoutes, { ...v1, identity });
  await app.register(keyRoutes, { ...v1, identity, now });
  await app.register(todayRoutes, { ...v1, today: createToday(services) });
  await app.register(sellerOrderRoutes, { ...v1, orders, idempotent });
  for (const routes of [sellerReturnRoutes, staffReturnRoutes])
    await app.register(routes, { ...v1, care: services.care, idempotent });
  for (const routes of [sellerReviewRoutes, staffReviewRoutes])
    await app.register(routes, { ...v1, reviews: services.reviews });
  for (const routes of [sellerQuestionRoutes, staffQuestionRoutes])
    await app.register(routes, { ...v1, questions: services.questions });
  for (const routes of [businessComplaintRoutes, staffComplaintRoutes])
    await app.register(routes, { ...v1, complaints: services.complaints, idempotent });
  await app.register(stockRoutes, { ...v1, shelf, table: services.priceTable, journal: services.journal });
  await app.register(importRoutes, { ...v1, imports });
  await app.register(exportRoutes, { ...v1, exports: services.exports });
  await app.register(courierRoutes, { ...v1, couriers: services.couriers });
  await app.register(shippingRoutes, { ...v1, shipping: services.shipping });
  await app.register(orderStaffRoutes, { ...v1, orders });
  await app.register(paymentStaffRoutes, { ...v1, payments, idempotent });
  await app.register(sellerDirectRoutes, { ...v1, direct: services.direct, idempotent });
  await app.register(sellerSettlementRoutes, { ...v1, settlement: services.settlement });
  await app.register(staffSettlementRoutes, { ...v1, settlement: services.settlement, idempotent });
  const { reports } = services;
  await app.register(reportRoutes, { ...v1, reports, idempotent, publicUrl });
  await app.register(reportCheckRoutes, { ...v1, reports });
  await app.register(auditRoutes, { ...v1, audit: services.audit });
  await app.register(recallRoutes, { ...v1, federation: services.federation });
  await app.register(staffReferralRoutes, { ...v1, federation: services.federation });
  await app.register(partnerDeskRoutes, { ...v1, partnerDesk: services.partnerDesk, now });
  await app.register(partnerRoadRoutes, { ...v1, partnerDesk: services.partnerDesk });
  await app.register(queueRoutes, { ...v1, queues, now });
  await app.register(noticeStaffRoutes, { ...v1, notices });
  await app.register(webhookEndpointRoutes, { ...v1, webhooks });
}

/** How what is listed comes to be: sellers edit, officers decide, batches are traced, authorities are heard. */
async function editingRoutes(
  app: App,
  { editing, batches, deciding, takedowns, certificates, fieldReports }: Services,
): Promise<void> {
  await app.register(sellerCertificateRoutes, { ...v1, certificates });
  await app.register(staffCertificateRoutes, { ...v1, certificates });
  await app.register(certificateListRoutes, { ...v1, certificates });
  await app.register(sellerProductRoutes, { ...v1, editing });
  await app.register(fieldReportRoutes, { ...v1, fieldReports });
  await app.register(batchRoutes, { ...v1, batches });
  await app.register(changeRoutes, { ...v1, deciding });
  await app.register(takedownRoutes, { ...v1, takedowns });
}

/** Who sells: businesses, their members, officers' decisions on them, and those who help households. */
async function sellersRoutes(app: App, { businesses, assistance, orders, complaints }: Services): Promise<void> {
  await app.register(businessRoutes, {
    ...v1,
    businesses,
    reliabilityOf: orders.reliabilityOf,
    complaintsOf: complaints.figureOf,
  });
  await app.register(sellerBusinessRoutes, { ...v1, businesses });
  await app.register(memberRoutes, { ...v1, businesses });
  await app.register(staffBusinessRoutes, { ...v1, businesses });
  await app.register(assistanceRoutes, { ...v1, assistance, businesses });
}

/** The server with every route of every slice. */
export async function composeApp(
  services: Services,
  config: Config,
  readiness: Readiness,
  metrics?: Metrics,
): Promise<App> {
  const { identity, notices, db, now, log } = services;
  const { publicUrl } = config;
  const cookie = sessionCookie(publicUrl);
  const site = { publicUrl, demo: config.demo, tells: notices.tells };
  const app = await createApp({
    log,
    publicUrl,
    cookieSecret: keptSecret(config.dataDir, 'cookies'),
    trustedProxies: config.trustedProxies,
    formTargets: config.oidc ? [new URL(config.oidc.issuer).origin] : [],
    authenticate: (request) => {
      const bearer = bearerOf(request);
      return bearer === undefined ? identity.callerOf(cookie.read(request)) : identity.keys.callerOf(bearer);
    },
    renderProblem: renderProblem(site),
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const waitingFor = request.routeOptions.config.access === 'operations' ? [] : readiness.waitingFor();
    done(
      waitingFor.length > 0 ? httpProblem('temporarily-unavailable', { waitingFor, retryAfterSeconds: 5 }) : undefined,
    );
  });
  const doors = { services, cookie, publicUrl, idempotent: createIdempotency({ db, now, problemBase: publicUrl }) };
  metrics?.observe(app);
  await app.register(healthRoutes, { readiness });
  // A worker answers probes and nothing else: what it is asked for goes to a web process.
  if (config.role === 'worker') return app;
  await openRoutes(app, doors);
  await sellersRoutes(app, services);
  await editingRoutes(app, services);
  await deskRoutes(app, doors);
  await docs(app);
  await pages(app, services, {
    site,
    cookie,
    desk: services.desk,
    operator: readOperator(config.dataDir, config.demo),
    demoLogins: config.demo
      ? demoLogins.map(({ name, login }) => ({ name, login, password: keptSecret(config.dataDir, 'demo-password') }))
      : [],
  });
  return app;
}
