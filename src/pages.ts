import type { Operator } from '#config/operator.ts';
import type { ProblemCatalogue } from '#core/problem.ts';
import { agentRoutes } from '#features/agents/index.ts';
import { assistPages, consentHelpers, teamPages } from '#features/assistance/index.ts';
import { assistanceProblems } from '#features/assistance/types.ts';
import { auditPages } from '#features/audit/pages.ts';
import { batchPages } from '#features/batches/pages.ts';
import { batchProblems } from '#features/batches/types.ts';
import { bundlePages } from '#features/bundles/pages.ts';
import { staffBundlePages } from '#features/bundles/staff-pages.ts';
import { bundleProblems } from '#features/bundles/types.ts';
import { applyPages } from '#features/businesses/apply-pages.ts';
import { mapPages } from '#features/businesses/map-pages.ts';
import { memberPages } from '#features/businesses/member-pages.ts';
import { ownPages } from '#features/businesses/own-pages.ts';
import { businessPages } from '#features/businesses/pages.ts';
import { businessStaffPages } from '#features/businesses/staff-pages.ts';
import { businessProblems } from '#features/businesses/types.ts';
import { careDeskPages } from '#features/care/desk-pages.ts';
import { carePages } from '#features/care/pages.ts';
import { returnProblems } from '#features/care/types.ts';
import { checkoutPages } from '#features/carts/checkout-pages.ts';
import { cartPages } from '#features/carts/pages.ts';
import { cartProblems } from '#features/carts/types.ts';
import { certificateCalendarPages } from '#features/certificates/calendar-pages.ts';
import { certificateImportPages } from '#features/certificates/import-pages.ts';
import { certificatePages } from '#features/certificates/pages.ts';
import { sellerCertificatePages } from '#features/certificates/seller-pages.ts';
import { staffCertificatePages } from '#features/certificates/staff-pages.ts';
import { certificateProblems } from '#features/certificates/types.ts';
import { changePages } from '#features/changes/pages.ts';
import { changeProblems } from '#features/changes/types.ts';
import { complaintDeskPages } from '#features/complaints/desk-pages.ts';
import { complaintPages } from '#features/complaints/pages.ts';
import { complaintReportPages } from '#features/complaints/report-pages.ts';
import { complaintProblems } from '#features/complaints/types.ts';
import { courierPages } from '#features/couriers/pages.ts';
import { courierProblems } from '#features/couriers/types.ts';
import { directPages } from '#features/direct/pages.ts';
import { directStaffPages } from '#features/direct/staff-pages.ts';
import { directProblems } from '#features/direct/types.ts';
import { createDiscovery, discoveryRoutes } from '#features/discovery/index.ts';
import { exchangeOrderPages } from '#features/exchange-orders/pages.ts';
import { createShopParts } from '#features/exchange-orders/shop-parts.ts';
import { exchangeOrderProblems } from '#features/exchange-orders/types.ts';
import { exportPages } from '#features/exports/pages.ts';
import { exportProblems } from '#features/exports/types.ts';
import { partnerPages } from '#features/federation/desk-pages.ts';
import { heldPages } from '#features/federation/held-pages.ts';
import { invitePages } from '#features/federation/invite-pages.ts';
import { listingPages } from '#features/federation/listing-pages.ts';
import { previewPages } from '#features/federation/preview-pages.ts';
import { recallPages } from '#features/federation/recall-pages.ts';
import { noteReferral, referralPages, welcomeReferred } from '#features/federation/referral-pages.ts';
import { reviewPages as sampleReviewPages } from '#features/federation/review-pages.ts';
import { roadPages } from '#features/federation/road-pages.ts';
import { twinPages } from '#features/federation/twin-pages.ts';
import { federationProblems } from '#features/federation/types.ts';
import { feePages } from '#features/fees/pages.ts';
import { feeProblems } from '#features/fees/types.ts';
import { fieldReportPages } from '#features/field-reports/pages.ts';
import { reportProblems } from '#features/field-reports/types.ts';
import { fileProblems } from '#features/files/types.ts';
import { accountPages } from '#features/identity/account-pages.ts';
import { factorPages } from '#features/identity/factor-pages.ts';
import type { SessionCookie } from '#features/identity/index.ts';
import { keyPages } from '#features/identity/key-pages.ts';
import { type DemoLogin, identityPages } from '#features/identity/pages.ts';
import { signUpPages } from '#features/identity/sign-up-pages.ts';
import { userPages } from '#features/identity/staff-pages.ts';
import { identityProblems } from '#features/identity/types.ts';
import { importPages } from '#features/imports/pages.ts';
import { importProblems } from '#features/imports/types.ts';
import { noticePages } from '#features/notices/pages.ts';
import { noticeProblems } from '#features/notices/types.ts';
import { confirmationPages } from '#features/orders/confirmation-pages.ts';
import { packingPages } from '#features/orders/packing-pages.ts';
import { orderPages } from '#features/orders/pages.ts';
import { sellerPages } from '#features/orders/seller-pages.ts';
import { staffPages } from '#features/orders/staff-pages.ts';
import { orderProblems } from '#features/orders/types.ts';
import { demoPages } from '#features/payments/demo-pages.ts';
import { paymentPages } from '#features/payments/pages.ts';
import { reconcilingPages } from '#features/payments/reconciling-pages.ts';
import { paymentStaffPages } from '#features/payments/staff-pages.ts';
import { type DemoDesk, paymentProblems } from '#features/payments/types.ts';
import { placeProblems } from '#features/places/types.ts';
import { policyPages } from '#features/policies/pages.ts';
import { editorPages } from '#features/products/editor-pages.ts';
import { productPages } from '#features/products/pages.ts';
import { savedPages } from '#features/products/saved-pages.ts';
import { productProblems } from '#features/products/types.ts';
import { questionDeskPages } from '#features/questions/desk-pages.ts';
import { questionPages } from '#features/questions/pages.ts';
import { questionProblems } from '#features/questions/types.ts';
import { staffHomePages } from '#features/queues/home-page.ts';
import { queuePages } from '#features/queues/pages.ts';
import { queueProblems } from '#features/queues/types.ts';
import { reportCheckPages } from '#features/reports/check-pages.ts';
import { overviewPages } from '#features/reports/overview-pages.ts';
import { reportPages } from '#features/reports/pages.ts';
import { periodicReportProblems } from '#features/reports/types.ts';
import { reviewDeskPages } from '#features/reviews/desk-pages.ts';
import { reviewPages } from '#features/reviews/pages.ts';
import { reviewProblems } from '#features/reviews/types.ts';
import { searchPages } from '#features/search/pages.ts';
import { searchProblems } from '#features/search/types.ts';
import { booksPages } from '#features/settlement/books-page.ts';
import { sellerSettlementPages } from '#features/settlement/seller-pages.ts';
import { staffSettlementPages } from '#features/settlement/staff-pages.ts';
import { settlementProblems } from '#features/settlement/types.ts';
import { shippingPages } from '#features/shipping/pages.ts';
import { tariffPages } from '#features/shipping/tariff-pages.ts';
import { shippingProblems } from '#features/shipping/types.ts';
import { stockPages } from '#features/stock/pages.ts';
import { stockProblems } from '#features/stock/types.ts';
import { takedownPages } from '#features/takedowns/pages.ts';
import { takedownProblems } from '#features/takedowns/types.ts';
import { taxPages } from '#features/tax/pages.ts';
import { taxProblems } from '#features/tax/types.ts';
import { createToday } from '#features/today/index.ts';
import { todayPages } from '#features/today/pages.ts';
import { voucherPages } from '#features/vouchers/pages.ts';
import { voucherProblems } from '#features/vouchers/types.ts';
import { webhookPages } from '#features/webhooks/pages.ts';
import { webhookProblems } from '#features/webhooks/types.ts';
import type { App } from '#http/app.ts';
import { createOnce, idempotencyProblems, type Once } from '#http/idempotency.ts';
import { httpProblems } from '#http/problems.ts';
import { assetRoutes } from '#web/assets.ts';
import { deskOffline } from '#web/desk-offline.ts';
import { partsPages } from '#web/parts-page.ts';
import { problemPages } from '#web/problem-pages.ts';
import type { Site } from '#web/view.ts';
import type { Services } from './compose.ts';

export const catalogues: readonly ProblemCatalogue[] = [
  httpProblems,
  idempotencyProblems,
  batchProblems,
  assistanceProblems,
  bundleProblems,
  businessProblems,
  cartProblems,
  certificateProblems,
  changeProblems,
  complaintProblems,
  courierProblems,
  directProblems,
  exchangeOrderProblems,
  exportProblems,
  federationProblems,
  fileProblems,
  identityProblems,
  importProblems,
  noticeProblems,
  orderProblems,
  paymentProblems,
  placeProblems,
  productProblems,
  queueProblems,
  questionProblems,
  returnProblems,
  reviewProblems,
  reportProblems,
  periodicReportProblems,
  searchProblems,
  settlementProblems,
  shippingProblems,
  stockProblems,
  feeProblems,
  taxProblems,
  voucherProblems,
  webhookProblems,
  takedownProblems,
];

type PageOptions = {
  readonly site: Site;
  readonly cookie: SessionCookie;
  /** Where one plays payer and bank; absent where money is real. */
  readonly desk: DemoDesk | undefined;
  readonly demoLogins: readonly DemoLogin[];
  /** Who runs the exchange; undefined until it is written down. */
  readonly operator: Operator | undefined;
};

/** The officers' desk: what waits, money and orders, and the log of what was done. */
async function pagesOfOfficers(app: App, services: Services, site: Site, once: Once): Promise<void> {
  const { orders, payments, queues, certificates, federation, audit, businesses, shipping, places, reports, now } =
    services;
  await app.register(staffHomePages, { site, queues, payments, certificates, federation, now });
  await app.register(queuePages, { site, queues, now });
  await app.register(staffPages, { site, orders });
  await app.register(tariffPages, { site, shipping, places });
  await app.register(paymentStaffPages, { site, payments });
  await app.register(reconcilingPages, { site, payments, banks: businesses.banks });
  await app.register(auditPages, { site, audit });
  await app.register(overviewPages, { site, overviews: services.overviews, federation });
  await app.register(reportPages, { site, reports, once });
  await app.register(reportCheckPages, { site, reports });
}

/** What buyers say and anybody reports, where they say it and where it is answered. */
async function pagesOfReviews(
  app: App,
  { reviews, questions, fieldReports, places, queues, identity, products }: Services,
  site: Site,
): Promise<void> {
  await app.register(reviewPages, { site, reviews, guarded: identity.guarded, products });
  await app.register(reviewDeskPages, { site, reviews });
  await app.register(questionPages, { site, questions, products });
  await app.register(questionDeskPages, { site, questions });
  await app.register(fieldReportPages, { site, fieldReports, places, queues });
}

/** What businesses earn and are paid, who pays them, and how the books stand. */
async function pagesOfSettlement(app: App, { settlement, direct, now }: Services, site: Site): Promise<void> {
  await app.register(sellerSettlementPages, { site, settlement, now });
  await app.register(staffSettlementPages, { site, settlement });
  await app.register(booksPages, { site, settlement });
  await app.register(directStaffPages, { site, direct, confirmAccount: settlement.confirmAccount });
}

/** Partner exchanges: how they fare, what they send, and what becomes of it. */
async function pagesOfPartners(app: App, { partnerDesk, products, now }: Services, site: Site): Promise<void> {
  const road = [invitePages, roadPages, sampleReviewPages];
  for (const own of [partnerPages, heldPages, previewPages, listingPages, twinPages, ...road])
    await app.register(own, { site, partnerDesk, products, now });
}

/** What everybody, businesses and certifiers see of certificates. */
async function pagesOfCertificates(
  app: App,
  { certificates, files, places, queues, now }: Services,
  site: Site,
): Promise<void> {
  await app.register(certificatePages, { site, certificates });
  await app.register(sellerCertificatePages, { site, certificates, now });
  await app.register(staffCertificatePages, { site, certificates, files, queues });
  await app.register(certificateImportPages, { site, certificates, files, queues });
  await app.register(certificateCalendarPages, { site, certificates, places, now });
}

/** How what is listed comes to be: sellers edit, officers decide, batches are traced, authorities are heard. */
async function editingPages(
  app: App,
  services: Services,
  { site, once }: { readonly site: Site; readonly once: Once },
): Promise<void> {
  const { editing, products, files, deciding, queues, batches, takedowns, federation, now } = services;
  await app.register(editorPages, { site, editing, products, files, once, now });
  await app.register(batchPages, { site, batches });
  await app.register(changePages, { site, deciding, queues, products });
  await app.register(takedownPages, { site, takedowns, products });
  await app.register(recallPages, { site, federation });
  await app.register(referralPages, { site, federation, products, now });
}

/** Who sells: the application, what members keep, officers over them, and those who help households. */
async function sellersPages(
  app: App,
  { businesses, places, editing, assistance, queues }: Services,
  site: Site,
): Promise<void> {
  await app.register(applyPages, { site, businesses, places, editing });
  await app.register(ownPages, { site, businesses, helpers: consentHelpers({ assistance }) });
  await app.register(memberPages, { site, businesses });
  await app.register(businessStaffPages, { site, businesses, queues });
  await app.register(assistPages, { site, assistance, businesses });
  await app.register(teamPages, { site, assistance });
}

/** What the exchange binds itself to. */
async function pagesOfPolicies(app: App, services: Services, site: Site, operator: Operator | undefined) {
  const { care, complaints, fees } = services;
  await app.register(policyPages, {
    site,
    operator,
    carePolicy: care.currentPolicy,
    complaintRule: complaints.currentRule,
    feesSince: async () => (await fees.published()).fees.find(({ state }) => state === 'in-force')?.validFrom,
  });
}

/** What is owed to shoppers once they have paid. */
async function afterSalePages(
  app: App,
  { care, complaints, files, identity: { guarded } }: Services,
  { site, once }: { readonly site: Site; readonly once: Once },
): Promise<void> {
  await app.register(carePages, { site, care, guarded, once });
  await app.register(careDeskPages, { site, care, files });
  await app.register(complaintPages, { site, complaints, guarded, once });
  await app.register(complaintDeskPages, { site, complaints, files, once });
  await app.register(complaintReportPages, { site, complaints });
}

/** What those who look for goods elsewhere are given: search engines, messengers, readers of news, programs. */
async function foundByOthers(app: App, services: Services, site: Site): Promise<void> {
  const { db, store, imaging, pictures, products, search, certificates, orders, identity } = services;
  const discovery = createDiscovery({ db, site, store, imaging, findPicture: pictures.find, products });
  await app.register(discoveryRoutes, { site, discovery, products });
  const { publicUrl } = site;
  await app.register(agentRoutes, { publicUrl, search, products, certificates, orders, guarded: identity.guarded });
}

/** Goods, of ours and of partner exchanges, from the list to the cart. */
async function pagesOfGoods(app: App, services: Services, site: Site): Promise<void> {
  const { products, businesses, places, batches, carts, exchangeOrders, now } = services;
  const { listOfProduct: listReviews } = services.reviews;
  const { listOfProduct: listQuestions } = services.questions;
  const { currentPolicy } = services.care;
  const { orderForm, beside } = createShopParts(exchangeOrders, now);
  const shown = { batches, listReviews, listQuestions, currentPolicy, orderForm };
  await app.register(productPages, { site, products, businesses, ...shown, now });
  await app.register(savedPages, { site, products, now });
  await app.register(cartPages, { site, carts, beside });
  await app.register(exchangeOrderPages, { site, exchangeOrders, carts, places });
}

/** The pages of every slice, each with the services that it shows. */
export async function pages(
  app: App,
  services: Services,
  { site, cookie, desk, demoLogins, operator }: PageOptions,
): Promise<void> {
  const { products, businesses, places, search, carts, orders, payments, identity, shelf, now } = services;
  const once = createOnce(services);
  const { federation } = services;
  await app.register(assetRoutes);
  await app.register(deskOffline, { site });
  welcomeReferred(app, federation);
  const noted = noteReferral(federation);
  await app.register(problemPages, { site, catalogues });
  await app.register(partsPages, { site, catalogues });
  await pagesOfGoods(app, services, site);
  await app.register(businessPages, {
    site,
    businesses,
    products,
    reliabilityOf: orders.reliabilityOf,
    complaintsOf: services.complaints.figureOf,
    now,
  });
  await app.register(mapPages, { site, businesses, products, now });
  await sellersPages(app, services, site);
  await app.register(searchPages, { site, search, businesses, places, now });
  await app.register(feePages, { site, fees: services.fees, listCategories: products.listCategories, now });
  await app.register(taxPages, { site, tax: services.tax, now });
  await app.register(voucherPages, { site, vouchers: services.vouchers, now });
  await app.register(checkoutPages, {
    site,
    carts,
    orders,
    payments,
    places,
    once,
    countBeside: services.exchangeOrders.countPieces,
    noteReferral: noted,
  });
  await app.register(orderPages, { site, orders, guarded: identity.guarded, once });
  await pagesOfPolicies(app, services, site, operator);
  await afterSalePages(app, services, { site, once });
  await pagesOfReviews(app, services, site);
  const { banks } = services.businesses;
  await app.register(directPages, { site, direct: services.direct, once, banks, now });
  await app.register(paymentPages, { site, orders, payments, once, now, demonstration: desk !== undefined });
  if (desk) await app.register(demoPages, { site, orders, payments, desk });
  await pagesOfCertificates(app, services, site);
  await app.register(identityPages, { site, identity, cookie, demoLogins });
  for (const own of [signUpPages, accountPages, factorPages]) await app.register(own, { site, identity, cookie });
  await app.register(userPages, { site, identity });
  await app.register(keyPages, { site, identity, now });
  await app.register(noticePages, { site, notices: services.notices, book: services.messageBook });
  await app.register(webhookPages, { site, webhooks: services.webhooks, editing: services.editing });
  await editingPages(app, services, { site, once });
  await app.register(bundlePages, { site, bundles: services.bundles, places, once, noteReferral: noted });
  await app.register(staffBundlePages, { site, bundles: services.bundles, products });
  await app.register(todayPages, { site, today: createToday(services), now });
  await app.register(sellerPages, { site, orders });
  await app.register(packingPages, { site, orders, now });
  await app.register(confirmationPages, { site, orders, guarded: identity.guarded });
  await pagesOfSettlement(app, services, site);
  await app.register(stockPages, { site, shelf, table: services.priceTable, journal: services.journal });
  await app.register(courierPages, { site, couriers: services.couriers });
  await app.register(shippingPages, { site, shipping: services.shipping, places });
  await app.register(exportPages, { site, exports: services.exports });
  await app.register(importPages, { site, imports: services.imports, listCategories: products.listCategories });
  await pagesOfOfficers(app, services, site, once);
  await pagesOfPartners(app, services, site);
  await foundByOthers(app, services, site);
}
