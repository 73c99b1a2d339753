import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCassoFeed } from '#adapters/bank-transfer/casso.ts';
import { createPayosFeed } from '#adapters/bank-transfer/payos.ts';
import { createSepayFeed } from '#adapters/bank-transfer/sepay.ts';
import { banks, makeVietQr } from '#adapters/bank-transfer/vietqr.ts';
import { openCarriers } from '#adapters/couriers/index.ts';
import { createDemoGateway } from '#adapters/demo-gateway/index.ts';
import { createDiskStorage } from '#adapters/disk-storage/index.ts';
import { createMeilisearch } from '#adapters/meilisearch/index.ts';
import { createObjectStorage } from '#adapters/object-storage/index.ts';
import { createOidc } from '#adapters/oidc/index.ts';
import { createPostgresSearch } from '#adapters/postgres-search/index.ts';
import { createRecordingMessages, openMessageBook } from '#adapters/recording-messages/index.ts';
import { createImaging } from '#adapters/sharp-images/index.ts';
import { createSmtpMail } from '#adapters/smtp-mail/index.ts';
import { createStripe } from '#adapters/stripe/index.ts';
import { createVnpay } from '#adapters/vnpay/index.ts';
import type { Config } from '#config/config.ts';
import { openErasureList } from '#config/erasure-list.ts';
import { keptSecret } from '#config/secrets.ts';
import { type Clock, systemClock } from '#core/clock.ts';
import { outsideTransaction, withoutTransaction } from '#db/client.ts';
import { createEvents } from '#db/events.ts';
import { createVault } from '#db/sealed.ts';
import { createAssistance } from '#features/assistance/index.ts';
import { createAnchors, createAudit } from '#features/audit/index.ts';
import { createBatches } from '#features/batches/index.ts';
import { createBundles } from '#features/bundles/index.ts';
import { createBusinesses } from '#features/businesses/index.ts';
import { createCare } from '#features/care/index.ts';
import { createCarts } from '#features/carts/index.ts';
import { createCertificates, createStatementKeys } from '#features/certificates/index.ts';
import { createChanges, createDeciding } from '#features/changes/index.ts';
import { createComplaints } from '#features/complaints/index.ts';
import { createCouriers } from '#features/couriers/index.ts';
import { createDirect, type Direct } from '#features/direct/index.ts';
import { createExports } from '#features/exports/index.ts';
import { openFederation, openNodeKeys } from '#features/federation/index.ts';
import { createFees } from '#features/fees/index.ts';
import { createFieldReports } from '#features/field-reports/index.ts';
import { createFiles, type FileStore } from '#features/files/index.ts';
import { createIdentity, type Identity } from '#features/identity/index.ts';
import { createGoods, createImports } from '#features/imports/index.ts';
import { createLedger } from '#features/ledger/index.ts';
import { type Carriers, createNotices } from '#features/notices/index.ts';
import { codes, createOrders } from '#features/orders/index.ts';
import { createPartnerOrders } from '#features/partner-orders/index.ts';
import { createPayments, type Payments } from '#features/payments/index.ts';
import type { Gateway, LegMoney, Method } from '#features/payments/types.ts';
import { createPlaces } from '#features/places/index.ts';
import {
  createApplying,
  createDatedPrices,
  createEditing,
  createPictures,
  createProducts,
} from '#features/products/index.ts';
import { createQuestions } from '#features/questions/index.ts';
import { createQueues } from '#features/queues/index.ts';
import { createOverviews, createReports } from '#features/reports/index.ts';
import { createReviews } from '#features/reviews/index.ts';
import { createIndexing, createSearch, createSwitch, readSynonyms, type SynonymFile } from '#features/search/index.ts';
import { createSettlement } from '#features/settlement/index.ts';
import { createShipping } from '#features/shipping/index.ts';
import { createJournal, createPriceTable, createShelf, createStock } from '#features/stock/index.ts';
import { createTakedowns } from '#features/takedowns/index.ts';
import { createTax } from '#features/tax/index.ts';
import { createVouchers } from '#features/vouchers/index.ts';
import { createPeerHttp } from '#federation/engine/http.ts';
import { drawIllustration } from '#web/illustrations.ts';
import { composeExchangeOrders, legMoneyOf, type Partners } from './compose-exchange-orders.ts';
import { composeWebhooks } from './compose-webhooks.ts';
import { subscriptions } from './job-queues.ts';
import { personalData } from './personal-data.ts';
import type { Stores } from './stores.ts';

const messageFolder = (dataDir: string): string => join(dataDir, 'demo-messages');
const exchangeName = { vi: 'Sàn Chợ Nổi Sóc Trăng', en: 'Chợ Nổi Sóc Trăng exchange' } as const;

export type Services = ReturnType<typeof composeServices>;
export type Overrides = Partners & {
  readonly now?: Clock;
  readonly fetch?: typeof fetch;
  /** Whether staff and owners owe a second factor; they do wherever the exchange is not a demonstration. */
  readonly secondFactor?: boolean;
};

const synonyms = readSynonyms(
  JSON.parse(readFileSync(new URL('./demo/data/synonyms.json', import.meta.url), 'utf8')) as SynonymFile,
);

function composeSearch({ db, jobs, log, meili }: Stores, config: Config, now: Clock) {
  const remote = meili && createMeilisearch({ ...meili, indexPrefix: config.search.indexPrefix, synonyms });
  const local = createPostgresSearch((statement) => db.$client.query({ ...statement, values: [...statement.values] }));
  const indexing = createIndexing({ db, jobs, mirror: remote?.mirror, region: ['Sóc Trăng'], now });
  const engines = createSwitch({
    primary: remote?.engine,
    fallback: local,
    onLost: (error) => log.warn({ err: error }, 'Meilisearch does not answer; PostgreSQL searches'),
    onRecovered: () => {
      log.info('Meilisearch answers again');
      indexing.send().catch((error: unknown) => log.warn({ err: error }, 'the index did not catch up'));
    },
  });
  return { indexing, engines, closeSearch: () => remote?.close() };
}

/** Providers that we have keys for. */
function composeProviders({ stripe, vnpay }: Config, outward: typeof fetch): Partial<Record<Method, Gateway>> {
  return {
    ...(stripe && {
      stripe: createStripe({
        secretKey: stripe.secretKey.reveal(),
        webhookSecret: stripe.webhookSecret.reveal(),
        apiBase: stripe.apiBase,
        fetch: outward,
      }),
    }),
    ...(vnpay && {
      vnpay: createVnpay({ tmnCode: vnpay.tmnCode, secret: vnpay.secret.reveal(), url: vnpay.url, fetch: outward }),
    }),
  };
}

/** The services that tell of transfers to the exchange's account. */
function composeFeeds({ bankFeeds: { sepay, payos, casso } }: Config, now: Clock) {
  return {
    ...(sepay && { sepay: createSepayFeed(sepay.apiKey.reveal()) }),
    ...(payos && { payos: createPayosFeed(payos.checksumKey.reveal()) }),
    ...(casso && { casso: createCassoFeed(casso.key.reveal(), now) }),
  };
}

/** The ways to pay, or those that the demonstration plays where there are no keys. */
function composeGateways(config: Config, outward: typeof fetch, now: Clock) {
  const { demo, vietqr, bankFeeds, dataDir, publicUrl, http } = config;
  const feeds = composeFeeds(config, now);
  const real = composeProviders(config, outward);
  if (!demo || real.stripe) return { feeds, gateways: real, desk: undefined };
  const host = http.host === '0.0.0.0' || http.host === '::' ? '127.0.0.1' : http.host;
  const { gateways, desk } = createDemoGateway({
    folder: join(dataDir, 'demo-gateway'),
    publicUrl,
    selfUrl: () => `http://${host}:${http.port}`,
    secret: keptSecret(dataDir, 'demo-gateway'),
    sepayKey: bankFeeds.sepay?.apiKey.reveal(),
    account: vietqr,
    fetch: outward,
  });
  return { feeds, gateways: { ...gateways, ...real }, desk };
}

type Base = { readonly stores: Stores; readonly config: Config; readonly now: Clock; readonly outward: typeof fetch };

/** Files lie in a folder, or in an object store where all processes of the exchange see them. */
function composeStorage({ storage, dataDir }: Config): FileStore {
  const url = storage?.url.reveal() ?? '';
  const store = /^(s3|https?):/.test(url)
    ? createObjectStorage(url)
    : createDiskStorage(url ? fileURLToPath(url) : join(dataDir, 'files'));
  const apart = <In extends unknown[], Out>(work: (...given: In) => Out) =>
    outsideTransaction('a file of the store', work);
  return { write: apart(store.write), read: apart(store.read), remove: apart(store.remove) };
}

/** The ways out to people. Companies that we have no contract with are played by a book, where the data are samples. */
function composeCarriers({ mail, demo, dataDir, publicUrl }: Config): Carriers {
  const record = (channel: 'email' | 'sms' | 'zalo') => createRecordingMessages(messageFolder(dataDir), channel);
  return {
    ...(demo && { email: record('email'), sms: record('sms'), zalo: record('zalo') }),
    ...(mail && { email: createSmtpMail({ url: mail.url.reveal(), publicUrl }) }),
  };
}

/** What every slice may lean on: who did what, who is to be told, and what was sent. */
function composeGround({ stores: { db, jobs }, config, now }: Base) {
  const store = composeStorage(config);
  const imaging = createImaging();
  const audit = createAudit({ db, anchors: createAnchors(join(config.dataDir, 'anchors')), now });
  const vault = createVault({ dataDir: config.dataDir });
  return {
    vault,
    audit,
    queues: createQueues({ db, now }),
    notices: createNotices({ db, jobs, vault, carriers: composeCarriers(config), publicUrl: config.publicUrl, now }),
    store,
    imaging,
    files: createFiles({ db, store, imaging, jobs, audit, now }),
    messageBook: config.demo ? openMessageBook(messageFolder(config.dataDir)) : undefined,
  };
}

/** What is listed: places, businesses, products with their stock, certificates and pictures. */
function composeCatalogue(
  { stores: { db, jobs }, config, now }: Base,
  ground: ReturnType<typeof composeGround>,
  logReading: Identity['logReading'],
) {
  const { store, imaging, audit, notices, queues, files } = ground;
  const events = createEvents({ db, jobs }, subscriptions);
  const stock = createStock({ now });
  const places = createPlaces({ db });
  const businesses = createBusinesses({ ...ground, db, now, events, places, banks, logReading });
  const assistance = createAssistance({ db, now, businesses, places, audit, notices });
  const products = createProducts({ db, events, stock, now });
  const keys = createStatementKeys({ folder: join(config.dataDir, 'secrets', 'statement-keys'), now });
  const { publicUrl } = config;
  const certificates = createCertificates({ db, events, codes, audit, notices, queues, files, keys, publicUrl, now });
  const draw = (categoryCode: string, tint: number): string => drawIllustration({ categoryCode, tint });
  const pictures = createPictures({ db, files, store, imaging, draw });
  const shelf = createShelf({ db, stock, touchProduct: products.touch });
  return { events, stock, places, businesses, assistance, products, certificates, pictures, shelf };
}

/** How what is listed comes to be: sellers edit, officers decide, batches are traced, authorities are heard. */
function composeEditing(
  { stores: { db, jobs }, now }: Base,
  { audit, notices, queues, files, store }: ReturnType<typeof composeGround>,
  { products, events, stock, pictures }: ReturnType<typeof composeCatalogue>,
) {
  const changes = createChanges({ db, queues, now });
  const applying = createApplying({ events, stock, now, addPicture: pictures.add });
  const { applyChanges } = applying;
  const editing = createEditing({ db, now, changes, audit, events, applyChanges });
  const batches = createBatches({ db, now, codes, files, audit, notices });
  const goods = createGoods({ products, stock, editing, batches });
  const { listCategories } = products;
  return {
    applying,
    changes,
    editing,
    imports: createImports({ db, store, jobs, goods, audit, listCategories, listOpen: changes.listOpen, now }),
    exports: createExports({ db, now }),
    journal: createJournal({ db, stock, now, touchProduct: products.touch, tell: notices.tell }),
    priceTable: createPriceTable({
      db,
      stock,
      now,
      editSizes: products.editSizes,
      listRiskyPrices: editing.listRiskyPrices,
      proposePrices: editing.proposePrices,
    }),
    deciding: createDeciding({ db, now, audit, notices, queues, products, applying }),
    datedPrices: createDatedPrices({ db, events, now }),
    batches,
    takedowns: createTakedowns({ db, now, audit, notices, queues, products }),
  };
}

/** What is bought and paid. */
function composeTrade(
  { stores: { db }, config, now, outward }: Base,
  { queues, audit, vault, notices }: ReturnType<typeof composeGround>,
  catalogue: ReturnType<typeof composeCatalogue>,
  logReading: Identity['logReading'],
  legs: LegMoney,
) {
  const { events, stock, products, places } = catalogue;
  const shipping = createShipping({ db, places, audit, now });
  const ledger = createLedger({ db, now, anchors: createAnchors(join(config.dataDir, 'anchors'), 'ledger-heads.txt') });
  const vouchers = createVouchers({ db, audit, now });
  const fees = createFees({ db, audit, now });
  const carts = createCarts({ db, products, shipping, places, vouchers, now });
  const exchange = { name: exchangeName.vi, url: config.publicUrl };
  const refundOrder: Payments['refundOrder'] = (tx, refund) => payments.refundOrder(tx, refund);
  const sold = { vouchers, fees, products, ledger, notices };
  const directOf: Direct['directOf'] = (tx, ids) => direct.directOf(tx, ids);
  const directReady: Direct['isReady'] = (tx, groupId) => direct.isReady(tx, groupId);
  const handed = { refundOrder, directOf, directReady };
  const orders = createOrders({ db, events, carts, stock, ...sold, exchange, now, ...handed });
  const makeQr = makeVietQr;
  const { businesses } = catalogue;
  const direct: Direct = createDirect({ db, now, events, audit, notices, ledger, orders, businesses, makeQr });
  const { feeds, gateways, desk } = composeGateways(config, outward, now);
  const { publicUrl, vietqr: account } = config;
  const payments: Payments = createPayments({
    ...{ db, events, orders, ledger, notices, queues, audit, vault, logReading, now, publicUrl, account, gateways },
    ...{ makeQr, direct, legs },
  });
  const tax = createTax({ db, audit, ledger, orders, businesses, now });
  const bundles = createBundles({ db, now, products, carts, orders, audit });
  return { bundles, shipping, ledger, fees, tax, vouchers, carts, orders, direct, payments, feeds, gateways, desk };
}

type Ground = ReturnType<typeof composeGround>;

/** What comes after the sale. */
function composeCare(
  { stores: { db }, now }: Base,
  ground: Ground,
  catalogue: ReturnType<typeof composeCatalogue>,
  trade: ReturnType<typeof composeTrade>,
) {
  const care = createCare({ ...ground, ...catalogue, ...trade, db, now, codes });
  return { care, reviews: createReviews({ ...ground, ...catalogue, db, now, care }) };
}

/** What anybody says or asks of goods without having bought them. */
function composeVoices(
  { stores: { db }, now }: Base,
  ground: Ground & ReturnType<typeof composeCatalogue> & ReturnType<typeof composeEditing>,
  { atMost }: Pick<Identity, 'atMost'>,
) {
  const deps = { ...ground, db, now, codes, atMost, exchangeName: exchangeName.vi };
  return { fieldReports: createFieldReports(deps), questions: createQuestions(deps) };
}

/** Who people are, and what is held about them. */
function composeIdentity(
  { stores: { db }, config, now, outward }: Base,
  { audit, notices, vault }: ReturnType<typeof composeGround>,
  { businesses, events }: ReturnType<typeof composeCatalogue>,
  secondFactor: boolean,
) {
  const { publicUrl, dataDir, oidc } = config;
  const provider = oidc && createOidc({ ...oidc, clientSecret: oidc.clientSecret.reveal(), fetch: outward });
  return createIdentity({
    ...{ db, businesses, audit, notices, vault, events, now, publicUrl, secondFactor },
    secret: keptSecret(dataDir, 'identity'),
    provider,
    erasureList: openErasureList(dataDir),
    personalData,
  });
}

export function composeServices(
  stores: Stores,
  config: Config,
  { now = systemClock, fetch: network = fetch, secondFactor = !config.demo, origins }: Overrides = {},
) {
  const { db, jobs, signals, log } = stores;
  const base = { stores, config, now, outward: withoutTransaction(network) };
  const ground = composeGround(base);
  // Identity knows businesses, and each reading of a person's number is identity's to write down.
  const logReading: Identity['logReading'] = (tx, reading) => identity.logReading(tx, reading);
  const catalogue = composeCatalogue(base, ground, logReading);
  const identity = composeIdentity(base, ground, catalogue, secondFactor);
  const trade = composeTrade(
    base,
    ground,
    catalogue,
    logReading,
    legMoneyOf(() => exchangeOrders),
  );
  const { products, businesses } = catalogue;
  const { indexing, engines, closeSearch } = composeSearch(stores, config, now);
  const search = createSearch({ db, engines, synonyms, listCards: products.listCards });
  const http = createPeerHttp({ allowLoopback: config.federation.allowLoopback });
  const exchanges = openFederation({
    ...stores,
    ...ground,
    ...catalogue,
    ...{ now, exchangeName, http, publicUrl: config.publicUrl },
    nodeKeys: openNodeKeys({ file: config.federation.keyFile, now }),
    allowLoopback: config.federation.allowLoopback,
  });
  const around = { ...stores, ...ground, ...trade, ...exchanges, now, origins, makeQr: makeVietQr };
  const exchangeOrders = composeExchangeOrders({ ...config, ...around });
  signals.on('catalogue', () => {
    products.cache.drop();
    jobs.wake();
  });
  const close = async (): Promise<void> => {
    engines.close();
    ground.imaging.close();
    await closeSearch();
    await http.close();
  };
  const editing = composeEditing(base, ground, catalogue);
  return {
    ...{ db, now, log, signals },
    ...ground,
    ...catalogue,
    ...editing,
    ...composeVoices(base, { ...ground, ...catalogue, ...editing }, identity),
    ...trade,
    overviews: createOverviews({ db, now }),
    reports: createReports({ ...ground, db, now }),
    couriers: createCouriers({ ...ground, ...trade, db, couriers: openCarriers(config.couriers, base.outward), now }),
    settlement: createSettlement({ ...ground, ...trade, db, now, codes, businesses }),
    ...composeCare(base, ground, catalogue, trade),
    complaints: createComplaints({ ...ground, ...trade, takedowns: editing.takedowns, db, now, codes }),
    webhooks: composeWebhooks({ ...ground, ...stores, config, now }, http),
    identity,
    indexing,
    search,
    engines,
    ...exchanges,
    partnerOrders: createPartnerOrders({ ...catalogue, ...trade, ...exchanges, db, now }),
    exchangeOrders,
    close,
  };
}
