import { newId } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import type { VariantId } from '#features/products/types.ts';
import type { DeliveryMethod } from '#features/shipping/types.ts';
import { canonicalForm, sha256Hex } from '#federation/protocol/canonical.ts';
import type { OrderRequest, RemoteOrder } from '#federation/protocol/ordering.ts';
import { PeerRefusal } from '#federation/protocol/problems.ts';
import { actorOf, type Deps, placeOf } from './deps.ts';
import { follow } from './following.ts';
import {
  findByKey,
  findByQuote,
  findOrder,
  findQuote,
  insertPartnerOrder,
  lockNames,
  type QuoteRow,
} from './queries.ts';
import { expectPrices, tellPrices } from './quoting.ts';
import { checkSale, isId, shippingOf, variantOf } from './terms.ts';

type Asking = { readonly partnerKey: string; readonly key: string; readonly asked: OrderRequest };

/** The quote that is ordered by, if it still holds and nothing was ordered by it yet. */
async function takeQuote(deps: Deps, tx: Tx, { partnerKey, asked }: Asking): Promise<QuoteRow> {
  const quote = isId<'PartnerQuote'>(asked.quoteId) ? await findQuote(tx, partnerKey, asked.quoteId) : undefined;
  if (!quote || quote.expiresAt <= deps.now() || (await findByQuote(tx, quote.id)))
    throw new PeerRefusal('quote-expired');
  if (quote.termsHash !== asked.termsHash) throw new PeerRefusal('terms-mismatch', { termsHash: quote.termsHash });
  if (quote.needsAge && asked.ageConfirmed !== true) throw new PeerRefusal('age-not-confirmed');
  return quote;
}

/** Where it goes, by the rules of our own checkout, and to the province for which it was quoted. */
async function readDelivery(deps: Deps, tx: Tx, { recipient }: OrderRequest, quote: QuoteRow) {
  const { name, phone, email, line, ward, province } = recipient;
  if (province !== quote.destination.provinceCode)
    throw new PeerRefusal('recipient-invalid', { pointer: '/recipient/province' });
  const known = await placeOf(deps, tx, province, ward);
  const where = known?.wardCode ? { wardCode: known.wardCode } : { ward: ward ?? '' };
  try {
    return await deps.carts.checkDelivery(tx, {
      recipient: { name, phone, ...(email ? { email } : {}) },
      address: { line, provinceCode: province, ...where },
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error;
    const pointer = String(error.extra.pointer ?? '')
      .replace('/address/', '/recipient/')
      .replace(/Code$/, '');
    throw new PeerRefusal('recipient-invalid', { pointer, reason: error.code });
  }
}

/** What was quoted, priced once more. What it costs now is what was agreed, or it is not sold. */
async function priceAgain(deps: Deps, tx: Tx, quote: QuoteRow, asked: OrderRequest) {
  const option = quote.terms.shipping.find(({ code }) => code === asked.shippingCode);
  if (!option) throw new PeerRefusal('terms-mismatch', { shippingCodes: quote.terms.shipping.map(({ code }) => code) });
  const delivery = await readDelivery(deps, tx, asked, quote);
  const method = option.code as DeliveryMethod;
  const wanted = quote.terms.lines.map(({ uri, quantity }) => ({ variantId: variantOf(uri) as VariantId, quantity }));
  const first = await deps.carts.priceFor(tx, wanted, delivery.address);
  checkSale(quote.terms.lines, first);
  expectPrices(
    quote.terms.lines.map(({ uri, unit }) => ({ uri, expectedUnit: unit })),
    first.lines,
  );
  const freight = shippingOf(first.businesses).find(({ code }) => code === method);
  // A ward may lie in another zone than its province: then a new quote, with that ward, tells the freight.
  if (freight?.amount.amount !== option.amount.amount)
    throw new PeerRefusal('price-changed', { offers: [], shipping: freight });
  const choices = Object.fromEntries(first.businesses.map(({ businessId }) => [businessId, method]));
  const priced = await deps.carts.priceFor(tx, wanted, delivery.address, choices);
  return { delivery, priced, agreed: { lines: quote.terms.lines, shipping: option } };
}

/** Holds the goods and makes the order that waits for its confirmation, as a checkout of ours would. */
async function reserve(deps: Deps, tx: Tx, { partnerKey, key, asked }: Asking, hash: string): Promise<RemoteOrder> {
  const quote = await takeQuote(deps, tx, { partnerKey, key, asked });
  const { delivery, priced, agreed } = await priceAgain(deps, tx, quote, asked);
  const groupId: OrderGroupId = newId();
  const partner = { key: partnerKey, groupId };
  await hold(agreed.lines, () =>
    deps.orders.forPartners.place(tx, { delivery, priced, needsAge: quote.needsAge, partner }),
  );
  await insertPartnerOrder(tx, {
    ...{ groupId, partnerKey, key, requestHash: hash, quoteId: quote.id, agreed },
    buyerCode: asked.buyer.code,
    createdAt: deps.now(),
  });
  const row = await findOrder(tx, groupId);
  if (!row) throw new Error('A partner’s order is gone');
  return follow(deps, tx, row);
}

/** The refusal of our own checkout, in the words of the protocol: by the addresses of offers. */
async function hold(lines: RemoteOrder['lines'], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stock-short') throw error;
    const short = (error.extra.short ?? []) as readonly { readonly variantId: string; readonly available: number }[];
    const named = short.map(({ variantId, available }) => ({
      uri: lines.find(({ uri }) => variantOf(uri) === variantId)?.uri,
      available: Math.max(0, available),
    }));
    throw new PeerRefusal('quantity-unavailable', { lines: named });
  }
}

export const createReserving = (deps: Deps) => ({
  /**
   * Once per key: the order is kept by it in the transaction that makes it, so whoever sends the same again, while the
   * first still runs or a year later, is given the order as it is now. What was refused has made nothing and may be asked
   * again by the same key.
   */
  reserve: (partnerKey: string, key: string, asked: OrderRequest): Promise<RemoteOrder> => {
    const hash = sha256Hex(canonicalForm(asked));
    const once = async (tx: Tx): Promise<RemoteOrder> => {
      await lockNames(tx, [`key:${partnerKey}:${key}`, `quote:${asked.quoteId}`]);
      const known = await findByKey(tx, partnerKey, key);
      if (!known) return reserve(deps, tx, { partnerKey, key, asked }, hash);
      if (known.requestHash !== hash) throw new PeerRefusal('idempotency-key-reused');
      await deps.orders.forPartners.lockGroup(tx, known.groupId);
      return follow(deps, tx, (await findOrder(tx, known.groupId)) ?? known);
    };
    return tellPrices(deps, () => transact(deps.db, actorOf(partnerKey), once));
  },
});
