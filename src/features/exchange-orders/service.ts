import { isDeepStrictEqual } from 'node:util';
import { oneByOne } from '#db/jobs.ts';
import { type Accepted, acceptLeg, getLeg, type QuoteAsked, quoteLeg, refreshLeg, showLeg } from './buying.ts';
import type { Deps } from './deps.ts';
import { createFollowing } from './following.ts';
import { findLegBySession, findWaitingLeg, listDue, listLegsOfCart } from './queries.ts';
import { recoverLegs } from './recovering.ts';
import { advanceLeg } from './saga.ts';
import { type Basket, createShopping } from './shopping.ts';
import { createLegMoney } from './transfers.ts';
import { type LegId, WAITING } from './types.ts';
import { listSteps } from './views.ts';

export type ExchangeOrders = ReturnType<typeof createExchangeOrders>;
const lookedAtOnce = 200;

/** Goods of partner exchanges, bought for our shoppers: one leg an exchange, each with money and fate of its own. */
export const createExchangeOrders = (deps: Deps) => {
  const { db, now } = deps;
  const shopping = createShopping(deps);
  const listLegs = async (cartId: string) =>
    Promise.all((await listLegsOfCart(db, cartId)).map((leg) => showLeg(deps, leg)));
  const advance = (id: LegId): Promise<void> => advanceLeg(deps, id);
  return {
    ...shopping,
    ...createFollowing(deps),
    /** Whether such goods can be paid at all. */
    isOpen: (): boolean => deps.methods.length > 0,
    methods: deps.methods,
    money: createLegMoney(deps),
    quoteLeg: (asked: QuoteAsked) => quoteLeg(deps, asked),
    acceptLeg: (accepted: Accepted) => acceptLeg(deps, accepted),
    getLeg: async (id: string) => showLeg(deps, await getLeg(deps, id)),
    listSteps: (id: LegId) => listSteps(db, id),
    /** What a cart has of other exchanges, and what was quoted or bought of it. */
    readCart: async (cartId: string) => {
      await deps.carts.getCart(cartId);
      return { baskets: await shopping.listBaskets(cartId), legs: await listLegs(cartId) };
    },
    listLegs,
    /** Where the goods of this exchange are to go, as far as its shopper has said so. */
    findDelivery: async (cartId: string, partnerKey: string) =>
      (await findWaitingLeg(db, cartId, partnerKey))?.delivery,
    /** The prices that the cart was just told, while they hold and while nothing was added or taken out since. */
    findQuoted: async (cartId: string, { partnerKey, lines }: Basket) => {
      const found = (await listLegs(cartId)).find(
        ({ state, exchange }) => exchange.key === partnerKey && (state === 'quoted' || state === 'price-changed'),
      );
      const asked = found?.terms?.lines.map(({ uri, quantity }) => `${uri} ${quantity}`).toSorted();
      const wished = lines.map(({ offerUri, quantity }) => `${offerUri} ${quantity}`).toSorted();
      const holds = found?.terms && new Date(found.terms.expiresAt) > now();
      return holds && isDeepStrictEqual(asked, wished) ? found : undefined;
    },
    /** The shopper came back from the provider's page: it is asked, the address is not believed. */
    refresh: async (id: string) => {
      const leg = await getLeg(deps, id);
      await refreshLeg(deps, leg.id);
      return showLeg(deps, await getLeg(deps, id));
    },
    /** The provider told of a session that no payment of ours has. */
    heardOf: async (sessionId: string): Promise<void> => {
      const leg = await findLegBySession(db, sessionId);
      if (leg && WAITING.includes(leg.state)) await refreshLeg(deps, leg.id);
    },
    advance,
    /** Money at the provider that no leg knows: after a database of ours was put back. How many legs were found. */
    recover: (): Promise<number> => recoverLegs(deps),
    /** Takes up what waits for its next turn; how many. One that fails keeps no other from its own. */
    advanceDue: async (): Promise<number> =>
      oneByOne(await listDue(db, now(), lookedAtOnce), async (id) => {
        await advance(id);
        return true;
      }),
  };
};
