import { sql } from 'drizzle-orm';
import { Problem } from '#core/problem.ts';
import { ENDED } from '#features/exchange-orders/types.ts';
import type { VariantId } from '#features/products/types.ts';
import { home, recipient } from '#test/support/people.ts';
import type { Services } from '../../src/compose.ts';
import type { Asked } from './exchange.ts';

type Ask<Do extends Asked['do']> = Extract<Asked, { do: Do }>;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a refusal is called; anything else that a shopper or a seller meets is a fault of the exchange. */
const nameOf = (error: unknown): string => {
  if (error instanceof Problem) return `refused ${error.code}`;
  throw error;
};

/** People press the button again when an exchange did not answer. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 6 || !(error instanceof Problem) || error.code !== 'origin-silent') throw error;
      await sleep(attempt * 200);
    }
  }
}

/** Shoppers who buy at partners and sellers whom partners sold something for, in the process of an exchange of the lab. */
export function createTrade({ db, carts, exchangeOrders, orders }: Services) {
  /** The partner's goods that the number falls on, as the shop shows them now. */
  const pick = async (nth: number) => {
    const { rows } = await db.execute<{ id: VariantId; partner: string }>(
      sql`select v.id, p.partner_key as partner from products p join variants v on v.product_id = p.id
        where p.partner_key is not null and p.partner_key not like 'liar-%' and p.status = 'listed' and v.active order by v.id`,
    );
    return rows[nth % Math.max(1, rows.length)];
  };
  const buy = async ({ nth, quantity, thinkMs }: Ask<'buy'>): Promise<string> => {
    const one = await pick(nth);
    if (!one) return 'refused nothing-shown';
    const { cartId } = await carts.openCart();
    await exchangeOrders.setLine(cartId, one.id, quantity);
    const asked = { cartId, partnerKey: one.partner, recipient, address: home };
    const quoted = await patiently(() => exchangeOrders.quoteLeg(asked));
    await sleep(thinkMs);
    const accepted = { legId: quoted.legId, shippingCode: quoted.shippingCode ?? '', ageConfirmed: true };
    const leg = await patiently(() => exchangeOrders.acceptLeg({ ...accepted, totalVnd: quoted.totalVnd ?? 0 }));
    return `${leg.legId} ${leg.redirectUrl?.split('/').at(-1) ?? ''}`;
  };
  const sell = async ({ nth, how }: Ask<'sell'>): Promise<string> => {
    const { rows } = await db.execute<{ code: string }>(
      sql`select o.code from partner_orders p join orders o on o.group_id = p.group_id
        where p.document ->> 'state' in ('confirmed', 'packed', 'shipped') order by o.code`,
    );
    const code = rows[nth % Math.max(1, rows.length)]?.code;
    if (!code) return 'refused nothing-sold';
    const seller = { actor: 'lab' };
    if (how === 'confirm') await orders.confirmOrder(code, seller);
    if (how === 'ship') await orders.shipOrder(code, seller, { carrier: 'GHN', trackingNumber: `GHN${nth}` });
    if (how === 'deliver') await orders.deliverOrder(code, seller);
    if (how === 'call-off') await orders.cancelOrder(code, seller, { reason: 'Hết hàng' });
    return how;
  };
  const turn = async (): Promise<void> => {
    await orders.expireDue();
    await exchangeOrders.recover().catch(() => {});
    await exchangeOrders.followOrders();
    await exchangeOrders.advanceDue();
  };
  return {
    buy: (asked: Ask<'buy'>) => buy(asked).catch(nameOf),
    sell: (asked: Ask<'sell'>) => sell(asked).catch(nameOf),
    /** What the calendar would start each minute, every two seconds: a lab has few minutes. */
    live: (): void => {
      const go = async (): Promise<never> => {
        for (;;) {
          // What fails here is tried again, as a worker would; what stays undone is found at the end.
          await turn().catch(() => {});
          await sleep(2_000);
        }
      };
      void go();
    },
    finish: async (): Promise<number> => {
      await turn();
      const { rows } = await db.execute<{ open: number }>(
        sql`select (select count(*) from exchange_legs where state <> all(${sql.param([...ENDED, 'confirmed', 'fulfilling'])}))
          + (select count(*) from exchange_leg_refunds where status in ('queued', 'sent'))
          + (select count(*) from partner_orders where document ->> 'state' = 'reserved') as open`,
      );
      return Number(rows[0]?.open);
    },
  };
}
