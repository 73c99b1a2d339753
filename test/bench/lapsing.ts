import { setTimeout as sleep } from 'node:timers/promises';
import { transact } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import { addProducts, makeProducts } from './catalogue.ts';
import type { Exchange } from './exchange.ts';
import type { Figure } from './report.ts';

const count = 500;
/** Far from the numbers of an import: `BENCH-9000000`. */
const firstNumber = 9_000_000;
const lapsedWithinMs = 120_000;
const decision = {
  kind: 'ocop',
  issuer: 'UBND thành phố Cần Thơ',
  decisionNumber: '9999/QĐ-UBND',
  issuedOn: '2026-09-15',
  star: 4,
  expiresOn: null,
} as const;

/** Products that carry four stars of one decision, everywhere that stars are shown. */
async function award(exchange: Exchange): Promise<void> {
  const { db, certificates } = exchange.services;
  await addProducts(exchange, await makeProducts(exchange, count, firstNumber));
  const products = await exchange.query<{ id: ProductId }>(`select id from products where sku like 'BENCH-9000___'`);
  await transact(db, 'bench', async (tx) => {
    const entries = products.map(({ id }) => ({ ...decision, productId: id }));
    await certificates.confirm(tx, 'bench:certifier', await certificates.submit(tx, 'bench:clerk', entries));
  });
}

/** How many of them still carry stars in the documents of search, in its mirror, or in what partners are told. */
const starred = `select count(*)::int as count from certificates c
  left join search_documents d on d.product_id = c.product_id
  left join federation_changes f on f.product_id = c.product_id and f.record ->> 'kind' = 'listing'
  where c.decision_number = '${decision.decisionNumber}' and (d.stars is not null or d.version <> d.mirrored_version or f.record -> 'ocop' is not null)`;

/** From midnight on, until the last badge, facet and record for partners is gone. */
export async function measureLapse(exchange: Exchange): Promise<Figure> {
  await award(exchange);
  // What had lapsed before is none of these.
  await exchange.services.certificates.expireDue();
  await exchange.settled();
  await exchange.query(
    `update certificates set valid_until = now() - interval '1 second' where decision_number = '${decision.decisionNumber}'`,
  );
  const began = performance.now();
  const lapsed = await exchange.services.certificates.expireDue();
  const marked = performance.now();
  for (;;) {
    const [row] = await exchange.query<{ count: number }>(starred);
    if (row?.count === 0) break;
    if (performance.now() - began > lapsedWithinMs) throw new Error(`${row?.count} stars were left after two minutes`);
    await sleep(50);
  }
  if (lapsed !== count) throw new Error(`${lapsed} certificates lapsed instead of ${count}`);
  const note = `${Math.round(marked - began)} ms to mark and tell; the rest until index and feed have followed`;
  const value = (performance.now() - began) / 1_000;
  return { name: `Lapse of ${count} certificates`, value, unit: 's', target: { atMost: 5 }, note };
}
