import type { Id } from '#core/ids.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Assistance } from '#features/assistance/index.ts';
import type { Bundles } from '#features/bundles/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Certificates } from '#features/certificates/index.ts';
import type { Identity } from '#features/identity/index.ts';
import type { Places } from '#features/places/index.ts';
import type { Products } from '#features/products/index.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';
import type { Shipping } from '#features/shipping/index.ts';
import type { Vouchers } from '#features/vouchers/index.ts';
import { loadBoxes } from './boxes.ts';
import {
  type DemoProduct,
  demoBusinesses,
  demoCertificates,
  demoProducts,
  formerWardsOfSocTrang,
  ocopCategories,
  provincesOfToday,
  wardsOfSocTrang,
} from './catalogue.ts';
import { loadCertificateSamples } from './certificates.ts';
import { loadDeliveries } from './deliveries.ts';
import { loadHouseholds } from './households.ts';
import { loadVouchers } from './vouchers.ts';

export type DemoServices = {
  readonly bundles: Bundles;
  readonly db: Db;
  readonly places: Places;
  readonly businesses: Businesses;
  readonly products: Products;
  readonly certificates: Certificates;
  readonly queues: Queues;
  readonly shipping: Shipping;
  readonly identity: Identity;
  readonly assistance: Assistance;
  readonly vouchers: Vouchers;
};
export type DemoOptions = {
  /** Of every demonstration login. */
  readonly password: string;
  /** Which part of the catalogue this node lists; both halves of two nodes make the whole. */
  readonly half?: 'first' | 'second';
};

/** Who may sign in. Passwords are made up for each installation. */
export const demoLogins = [
  { login: 'nguoiban@cho-noi.example', name: 'Chủ HTX Hành tím Bãi Giồng', businessCodes: ['B001'] },
  { login: 'nguoiban2@cho-noi.example', name: 'Cô Sáu Giồng', businessCodes: ['B002', 'B003'] },
  { login: 'quantri@cho-noi.example', name: 'Cán bộ Sàn', staffRole: 'admin' },
  { login: 'thamtra@cho-noi.example', name: 'Cán bộ thẩm tra', staffRole: 'certifier' },
  { login: 'kiemduyet@cho-noi.example', name: 'Cán bộ kiểm duyệt', staffRole: 'moderator' },
  { login: 'totro@cho-noi.example', name: 'Lê Văn Tổ', businessCodes: [] },
  { login: 'dangky@cho-noi.example', name: 'Bà Tư Bánh Ống', businessCodes: [] },
] as const;

/** Places and product sets: what every exchange needs before its first business, demonstration or not. */
export async function loadReference({ places, products }: DemoServices, tx: Tx): Promise<void> {
  await places.addPlaces(tx, provincesOfToday(), wardsOfSocTrang(), formerWardsOfSocTrang());
  await products.addCategories(tx, ocopCategories());
}

async function loadBusinesses({ businesses }: DemoServices, tx: Tx): Promise<Map<string, BusinessId>> {
  const rows = demoBusinesses();
  const ids = await businesses.addBusinesses(tx, rows);
  return new Map(rows.flatMap((row, index) => (ids[index] ? [[row.code, ids[index]]] : [])));
}

const isIn = (half: DemoOptions['half'], index: number): boolean =>
  half === undefined || (index % 2 === 0) === (half === 'first');

/** Products by their sellers' own door, decisions entered by one officer and verified by another. */
async function loadProducts(
  { products, certificates }: DemoServices,
  tx: Tx,
  idOf: ReadonlyMap<string, BusinessId>,
  rows: readonly DemoProduct[],
): Promise<ReadonlyMap<string, ProductId>> {
  const additions = rows.flatMap(({ businessCode, draft }) => {
    const businessId = idOf.get(businessCode);
    return businessId ? [{ businessId, draft }] : [];
  });
  const ids = await products.addProducts(tx, additions);
  const submissions = rows.flatMap(({ decision }, index) => {
    const productId = ids[index];
    return decision && productId ? [{ kind: 'ocop' as const, expiresOn: null, ...decision, productId }] : [];
  });
  const bySku = new Map(rows.flatMap(({ draft }, index) => (ids[index] ? [[draft.sku, ids[index]] as const] : [])));
  const others = demoCertificates().flatMap(({ sku, ...certificate }) => {
    const productId = bySku.get(sku);
    return productId ? [{ ...certificate, productId }] : [];
  });
  const entered = await certificates.submit(tx, 'demo:clerk', [...submissions, ...others]);
  await certificates.confirm(tx, 'demo:certifier', entered);
  return bySku;
}

async function loadAccounts(
  { identity, businesses }: DemoServices,
  tx: Tx,
  idOf: ReadonlyMap<string, BusinessId>,
  password: string,
): Promise<ReadonlyMap<string, Id<'Account'>>> {
  const byLogin = new Map<string, Id<'Account'>>();
  for (const account of demoLogins) {
    const accountId = await identity.addAccount(tx, {
      name: account.name,
      login: account.login,
      password,
      ...('staffRole' in account ? { staffRole: account.staffRole } : {}),
    });
    byLogin.set(account.login, accountId);
    for (const code of 'businessCodes' in account ? account.businessCodes : []) {
      const businessId = idOf.get(code);
      if (businessId) await businesses.addMember(tx, businessId, accountId, 'owner');
    }
  }
  return byLogin;
}

type Loaded = {
  readonly products: ReadonlyMap<string, ProductId>;
  readonly businesses: ReadonlyMap<string, BusinessId>;
  readonly accounts: ReadonlyMap<string, Id<'Account'>>;
};

/** What people would have done since, each by the door that it has, once the catalogue stands. */
async function loadSamples(services: DemoServices, { products, businesses, accounts }: Loaded): Promise<void> {
  const [seller, , , certifier] = demoLogins.map(({ login }) => accounts.get(login));
  const businessId = businesses.get('B001');
  const bare = ['ST-0002', 'ST-0003'].flatMap((sku) => products.get(sku) ?? []);
  if (seller && certifier && businessId)
    await loadCertificateSamples({ services, seller, certifier, businessId, products: bare });
  const [moderator, assistant, applicant] = ['kiemduyet', 'totro', 'dangky'].map((name) =>
    accounts.get(`${name}@cho-noi.example`),
  );
  await loadVouchers(services.vouchers, businessId);
  await loadDeliveries(services.shipping, businesses);
  await loadBoxes(services, products);
  const household = businesses.get('B002');
  if (moderator && assistant && applicant)
    await loadHouseholds({ services, moderator, assistant, applicant, household });
}

/**
 * Fills an empty exchange; how many products there are then. Says 0 when there were businesses already. The catalogue is
 * loaded whole or not at all.
 */
export async function loadDemo(services: DemoServices, { password, half }: DemoOptions): Promise<number> {
  const loaded = await transact(services.db, 'system:demo', async (tx): Promise<Loaded | undefined> => {
    const { items } = await services.businesses.listBusinesses(1);
    if (items.length > 0) return undefined;
    await loadReference(services, tx);
    const idOf = await loadBusinesses(services, tx);
    const rows = demoProducts().filter((_row, index) => isIn(half, index));
    const bySku = await loadProducts(services, tx, idOf, rows);
    return { products: bySku, businesses: idOf, accounts: await loadAccounts(services, tx, idOf, password) };
  });
  if (!loaded) return 0;
  await loadSamples(services, loaded);
  return loaded.products.size;
}
