import { newId } from '#core/ids.ts';
import { transact } from '#db/client.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import { type Quote, type QuoteRequest, termsHashOf } from '#federation/protocol/ordering.ts';
import { PeerRefusal } from '#federation/protocol/problems.ts';
import { actorOf, type Deps, placeOf } from './deps.ts';
import { insertQuote } from './queries.ts';
import {
  checkOffers,
  checkSale,
  checkStock,
  goodsOf,
  linesOf,
  quoteLifeMs,
  repriced,
  shippingOf,
  variantOf,
} from './terms.ts';
import { listOffers } from './views.ts';

/** Prices as a checkout of ours would make them now, or which of the protocol's refusals says why not. */
export async function quote(deps: Deps, partnerKey: string, asked: QuoteRequest): Promise<Quote> {
  const { db, now, carts, federation } = deps;
  const uris = asked.lines.map(({ uri }) => uri);
  const offers = await listOffers(db, uris);
  checkOffers(asked.lines, federation.authority, offers);
  const place = await placeOf(deps, db, asked.destination.province, asked.destination.ward);
  if (!place) throw new PeerRefusal('destination-unserved');
  const wanted = asked.lines.map(({ uri, quantity }) => ({ variantId: variantOf(uri) as VariantId, quantity }));
  const priced = await carts.priceFor(db, wanted, place);
  checkSale(asked.lines, priced);
  expectPrices(asked.lines, priced.lines);
  checkStock(asked.lines, priced.lines);
  const lines = linesOf(asked.lines, priced.lines, offers);
  const at = now();
  const expiresAt = new Date(at.getTime() + quoteLifeMs);
  const terms = {
    lines,
    shipping: shippingOf(priced.businesses),
    goods: goodsOf(lines),
    expiresAt: expiresAt.toISOString(),
  };
  const termsHash = termsHashOf(terms);
  const id = newId<'PartnerQuote'>();
  const needsAge = priced.lines.some(({ facts }) => facts.isAlcohol);
  await transact(db, actorOf(partnerKey), (tx) =>
    insertQuote(tx, { id, partnerKey, terms, termsHash, destination: place, needsAge, expiresAt, createdAt: at }),
  );
  return { quoteId: id, ...terms, termsHash, hold: 'none', ...(needsAge && { needsAge }) };
}

/** A price that was counted on and is another one now. */
class Repriced extends Error {
  readonly uris: readonly string[];
  readonly productIds: readonly ProductId[];
  constructor(uris: readonly string[], productIds: readonly ProductId[]) {
    super('Prices have changed');
    this.uris = uris;
    this.productIds = productIds;
  }
}

/** Throws where a price is not what was counted on; `tellPrices` says it to the partner. */
export function expectPrices(lines: Parameters<typeof repriced>[0], sold: Parameters<typeof repriced>[1]): void {
  const uris = repriced(lines, sold);
  if (uris.length === 0) return;
  const names = new Set(uris.map(variantOf));
  const moved = sold.filter(({ variantId }) => names.has(variantId));
  throw new Repriced(uris, [...new Set(moved.map(({ facts }) => facts.productId))]);
}

/** The refusal of whatever found another price, with the offers as they are: the feed is brought up to date before. */
export async function tellPrices<T>({ db, federation }: Deps, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Repriced)) throw error;
    await federation.exportProducts(error.productIds);
    const offers = [...(await listOffers(db, error.uris)).values()].filter((one) => one !== 'withdrawn');
    throw new PeerRefusal('price-changed', { offers });
  }
}
