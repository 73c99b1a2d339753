import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { pruneTombstones, startEpoch } from '#features/federation/queries.ts';
import type { ProductId } from '#features/products/types.ts';
import { draftOf } from '#test/features/federation/node.ts';
import type { TestNode } from '#test/support/node.ts';

type Input = Readonly<Record<string, string | number>>;
type Product = { readonly productId: ProductId; readonly businessId: BusinessId };

const idOf = (uri: unknown): string => String(uri).split('/').at(-1) ?? '';

/** Does at a node of ours what the kit asks for: what a seller does, and what time does. */
function createVerbs({ services, db, url, ...node }: TestNode) {
  const { federation, products, editing } = services;
  const origin = new URL(url).host;

  const productOf = async (offer: unknown): Promise<ProductId> => {
    const { rows } = await db.execute<{ id: ProductId }>(
      sql`select product_id as id from variants where id = ${idOf(offer)}::uuid`,
    );
    const [row] = rows;
    if (!row) throw new Error(`There is no ${offer}`);
    return row.id;
  };
  const ownerOf = async (listing: unknown): Promise<Product> => {
    const { rows } = await db.execute<Product>(
      sql`select id as "productId", business_id as "businessId" from products where id = ${idOf(listing)}::uuid`,
    );
    const [row] = rows;
    if (!row) throw new Error(`There is no ${listing}`);
    return row;
  };
  const told = async (productId: ProductId): Promise<object> => ({
    changed: await federation.exportProducts([productId]),
  });

  return {
    create: async ({ title, amount, quantity }: Input) => {
      const { rows } = await db.execute<{ id: BusinessId }>(sql`select id from businesses order by code limit 1`);
      const [business] = rows;
      if (!business) throw new Error('There is no business');
      const draft = draftOf(String(title), Number(amount), Number(quantity));
      const [productId] = await transact(db, 'test', (tx) =>
        products.addProducts(tx, [{ businessId: business.id, draft }]),
      );
      if (!productId) throw new Error('Nothing was added');
      await told(productId);
      const { rows: variants } = await db.execute<{ id: string }>(
        sql`select id from variants where product_id = ${productId}::uuid`,
      );
      return { listing: `ocop://${origin}/listing/${productId}`, offer: `ocop://${origin}/offer/${variants[0]?.id}` };
    },
    price: async ({ offer, amount }: Input) => {
      await node.setPrice(idOf(offer), Number(amount));
      return await told(await productOf(offer));
    },
    stock: async ({ offer, quantity }: Input) => {
      await node.setStock(idOf(offer), Number(quantity));
      return await told(await productOf(offer));
    },
    withdraw: async ({ listing }: Input) => {
      const { productId } = await ownerOf(listing);
      await products.withdraw('test', productId);
      return await told(productId);
    },
    restore: async ({ listing }: Input) => {
      const { productId, businessId } = await ownerOf(listing);
      await editing.restore({ actor: 'test', businessIds: [businessId], assisted: [], address: '' }, productId);
      return await told(productId);
    },
    // Ninety days later.
    expire: async () => {
      await transact(db, 'test', (tx) => pruneTombstones(tx, new Date(node.clock.now().getTime() + 1_000)));
      return {};
    },
    epoch: async () => {
      await transact(db, 'test', startEpoch);
      return {};
    },
  };
}

/** The driver as the kit's README describes it, over HTTP. */
export async function serveDriver(
  node: TestNode,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const verbs: Readonly<Record<string, (input: Input) => Promise<object>>> = createVerbs(node);
  const server = createServer((request, response) => {
    const answer = async (): Promise<object> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const verb = verbs[request.url?.slice(1) ?? ''];
      if (!verb) throw new Error(`${request.url} is no verb`);
      return await verb(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    };
    answer().then(
      (said) => response.end(JSON.stringify(said)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
