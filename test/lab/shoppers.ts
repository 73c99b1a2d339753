import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '#test/support/random.ts';
import type { Exchange } from './exchange.ts';

/** How many of an exchange's shoppers are buying at once. */
const atOnce = 5;
export type Shoppers = ReturnType<typeof createShoppers>;

/** People who buy at partners through their own exchange, pay at its card provider or do not, and come back or do not. */
export function createShoppers(random: Random, note: (what: string) => void, fail: (what: string) => void) {
  const busy = new Map<Exchange, number>();
  const under = new Set<Promise<void>>();

  const shop = async (exchange: Exchange): Promise<void> => {
    const asked = { nth: random.between(0, 9_999), quantity: random.between(1, 3), thinkMs: random.between(0, 1_500) };
    const [pays, comesBack, waitMs] = [random.chance(0.85), random.chance(0.6), random.between(0, 1_500)];
    const told = String(await exchange.ask({ do: 'buy', ...asked }));
    if (told.startsWith('refused ')) return note(`buy: ${told.slice('refused '.length)}`);
    const [leg = '', session = ''] = told.split(' ');
    await sleep(waitMs);
    if (!pays) return note('buy: left unpaid');
    exchange.stripe.pay(session);
    note('buy: paid');
    if (comesBack) await exchange.ask({ do: 'visit', leg });
  };
  return {
    /** One more shopper, unless the exchange is full of them. Nobody waits for it. */
    send: (exchange: Exchange): void => {
      const many = busy.get(exchange) ?? 0;
      if (many >= atOnce) return;
      busy.set(exchange, many + 1);
      // Whose exchange was killed sees a page that does not load, and is no fault.
      const going = shop(exchange)
        .catch((error: Error) => (error.message.includes('is dead') ? note('buy: killed') : fail(error.message)))
        .finally(() => {
          busy.set(exchange, (busy.get(exchange) ?? 1) - 1);
          under.delete(going);
        });
      under.add(going);
    },
    /** When the last has gone home. */
    gone: async (): Promise<void> => {
      await Promise.all(under);
    },
  };
}
