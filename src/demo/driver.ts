import { createServer, type Server } from 'node:http';
import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { type Db, transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Federation } from '#features/federation/index.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import type { PartnerOrders } from '#features/partner-orders/index.ts';
import type { Editing, Products } from '#features/products/index.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import type { Stock } from '#features/stock/index.ts';
import { demoProducts } from './catalogue.ts';

export type DriverServices = {
  readonly db: Db;
  readonly products: Products;
  readonly editing: Editing;
  readonly stock: Stock;
  readonly federation: Federation;
  readonly partnerOrders: PartnerOrders;
};
type Input = Readonly<Record<string, unknown>>;
type Made = { readonly productId: ProductId; readonly businessId: BusinessId; readonly variantId: VariantId };
/** Called with what was written, for a caller who runs no worker. */
type Written = (productId: ProductId) => Promise<unknown>;

const actor = 'conformance-driver';
const batch = 100;

/** What a seller does, and what time does, when the conformance kit asks: the verbs of conformance/README.md. */
function createVerbs(
  { db, products, editing, stock, federation, partnerOrders }: DriverServices,
  origin: string,
  written: Written,
) {
  const made = new Map<string, Made>();

  const of = (uri: unknown): Made => {
    const one = made.get(String(uri));
    if (!one) throw new Error(`This driver has not made ${uri}`);
    return one;
  };
  const anyBusiness = async (): Promise<BusinessId> => {
    const { items } = await products.listProducts({ filters: {}, sort: 'name', limit: batch });
    const own = items.find(({ partner }) => partner === null);
    if (!own) throw new Error('The exchange has no product of its own');
    return own.business.businessId;
  };
  const told = async (productId: ProductId): Promise<object> => {
    await written(productId);
    return {};
  };

  return {
    create: async ({ title, amount, quantity }: Input) => {
      const [sample] = demoProducts();
      const [pack] = sample?.draft.variants ?? [];
      if (!sample || !pack) throw new Error('The demonstration has no products');
      const name = `kiem-dinh-${newId<'Sample'>()}`;
      // A new price ends a reduction, and the kit wants to see nothing change but the price.
      const { compareAtVnd: _reduced, ...plain } = pack;
      const variants = [{ ...plain, sku: name, priceVnd: vnd(Number(amount)), onHand: Number(quantity) }];
      const draft = { ...sample.draft, sku: name, slug: name, nameVi: String(title), variants };
      const businessId = await anyBusiness();
      const [productId] = await transact(db, actor, (tx) => products.addProducts(tx, [{ businessId, draft }]));
      const [variant] = productId ? (await products.getProduct(productId)).variants : [];
      if (!productId || !variant) throw new Error('Nothing was added');
      const addresses = {
        listing: `ocop://${origin}/listing/${productId}`,
        offer: `ocop://${origin}/offer/${variant.variantId}`,
      };
      for (const uri of Object.values(addresses))
        made.set(uri, { productId, businessId, variantId: variant.variantId });
      await written(productId);
      return addresses;
    },
    price: async ({ offer, amount }: Input) => {
      const { variantId, productId } = of(offer);
      await products.setPrice(actor, variantId, vnd(Number(amount)));
      return await told(productId);
    },
    stock: async ({ offer, quantity }: Input) => {
      const { variantId, productId } = of(offer);
      await transact(db, actor, (tx) => stock.count(tx, variantId, Number(quantity), 'count'));
      return await told(productId);
    },
    withdraw: async ({ listing }: Input) => {
      const { productId } = of(listing);
      await products.withdraw(actor, productId);
      return await told(productId);
    },
    restore: async ({ listing }: Input) => {
      const { productId, businessId } = of(listing);
      await editing.restore({ actor, businessIds: [businessId], assisted: [], address: '' }, productId);
      return await told(productId);
    },
    lapse: ({ order }: Input) => partnerOrders.rehearse(String(order) as OrderGroupId, 'lapse'),
    'call-off': ({ order }: Input) => partnerOrders.rehearse(String(order) as OrderGroupId, 'call-off'),
    expire: () => federation.rehearse('expire'),
    epoch: () => federation.rehearse('epoch'),
  };
}

/** The driver over HTTP. Anybody who reaches it may write, so it listens on this machine alone. */
export function createDriver(services: DriverServices, origin: string, written: Written = async () => {}): Server {
  const verbs: Readonly<Record<string, (input: Input) => Promise<object>>> = createVerbs(services, origin, written);
  const answer = async (path: string, body: string): Promise<object> => {
    const verb = verbs[path.slice(1)];
    if (!verb) throw new Error(`${path} is no verb`);
    return await verb(JSON.parse(body || '{}'));
  };
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      answer(request.url ?? '', Buffer.concat(chunks).toString('utf8')).then(
        (said) => response.end(JSON.stringify(said)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });
}
