import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from './client.ts';
import { fresh, type Group, home, type Payment, recipient, type Variant } from './people.ts';
import type { Bank, SepayPayload } from './providers/bank.ts';
import type { StripeEvent, StripeSimulator } from './providers/stripe.ts';
import type { Random } from './random.ts';

/** What one shopper was told, and what they gave. */
export type Deal = {
  readonly cart: string;
  readonly key: string;
  code?: string;
  totalVnd: number;
  method: 'vietqr' | 'stripe';
  paidAt?: number;
  orderCode?: string;
  calledOff?: true;
};
type Step = 'cart' | 'checkout' | 'pay' | 'money' | 'cancel';

export type Load = {
  readonly deals: readonly Deal[];
  /** How often each answer came; `none` where the connection broke. */
  readonly answers: ReadonlyMap<string, number>;
  /** When the first step of a kind was acknowledged that was asked for after an instant of `performance.now()`. */
  readonly firstAfter: (at: number, step: Step) => number | undefined;
  readonly count: (step: Step) => number;
  /** Nobody comes any more; whoever is here goes through to the end. */
  readonly end: () => Promise<void>;
};

type Options = {
  /** Where shoppers come to now: another process may have taken over. */
  readonly url: () => string;
  readonly variants: readonly Variant[];
  readonly random: Random;
  readonly bank: Bank;
  readonly stripe?: StripeSimulator;
  /** Shoppers at the same time, each beginning again when done. */
  readonly lanes: number;
  readonly pauseMs?: number;
  /** One in so many calls the order off when it is paid. */
  readonly cancelsOneIn?: number;
};
type Refusal = { readonly code?: string; readonly groupCode?: string };

/** Longer than any server takes to come back. */
const patienceMs = 90_000;

/**
 * Shoppers who keep coming, order, pay and sometimes call off, and who ask again, each with the same key, until they are
 * answered. Whatever else comes than an answer, a 503 or a key whose holder died is a fault and ends the load.
 */
export function startLoad(options: Options): Load {
  const { url, variants, random, bank, stripe, lanes, pauseMs = 0, cancelsOneIn = 0 } = options;
  const deals: Deal[] = [];
  const answers = new Map<string, number>();
  const acknowledged: { readonly begun: number; readonly at: number; readonly step: Step }[] = [];
  let ending = false;
  const note = (answer: string): void => void answers.set(answer, (answers.get(answer) ?? 0) + 1);
  const done = (step: Step, begun: number): void => void acknowledged.push({ begun, at: performance.now(), step });

  /** Guesses of a phone number are limited by address; these shoppers have one each. */
  const address = `10.${random.between(1, 250)}.${random.between(1, 250)}.1`;
  const persist = async <Body>(
    step: Step,
    method: string,
    path: string,
    body: object,
    key = fresh()['idempotency-key'],
  ): Promise<Body | Refusal> => {
    const until = performance.now() + patienceMs;
    let [used, held] = [key, 0];
    while (performance.now() < until) {
      const begun = performance.now();
      const headers = { 'idempotency-key': used, 'x-forwarded-for': address };
      const answer = await createClient(url())
        .send<Body & Refusal>(method, path, { body, headers })
        .catch(() => undefined);
      note(answer ? `${answer.status}${answer.status === 409 ? ` ${answer.body.code}` : ''}` : 'none');
      if (answer && answer.status < 300) {
        done(step, begun);
        return answer.body;
      }
      if (answer && answer.status !== 409 && answer.status !== 503)
        throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
      if (answer?.status === 409 && answer.body.code !== 'idempotency-key-in-use') return answer.body;
      // Its holder is dead, and its lease a minute. Another key does the work, which was not done, or says that it was.
      held = answer?.status === 409 ? held + 1 : 0;
      if (held >= 5) [used, held] = [fresh()['idempotency-key'], 0];
      await sleep(random.between(50, 200));
    }
    throw new Error(`${method} ${path} was not answered for ${patienceMs / 1_000} s`);
  };

  const fill = async (): Promise<string> => {
    const cart = (await persist<{ cartId: string }>('cart', 'POST', '/v1/carts', {})) as { cartId: string };
    for (const { variantId } of random.shuffle(variants).slice(0, random.between(1, 3)))
      await persist('cart', 'PUT', `/v1/carts/${cart.cartId}/lines/${variantId}`, { quantity: 1 });
    await persist('cart', 'PUT', `/v1/carts/${cart.cartId}/delivery`, { recipient, address: home });
    return cart.cartId;
  };
  const order = async (deal: Deal): Promise<void> => {
    const made = await persist<Group>('checkout', 'POST', `/v1/carts/${deal.cart}/checkout`, {}, deal.key);
    const code = 'orders' in made ? made.code : 'groupCode' in made ? made.groupCode : undefined;
    if (!code) throw new Error(`The cart became no order: ${JSON.stringify(made)}`);
    const group = await persist<Group>('cart', 'GET', `/v1/order-groups/${code}`, undefined as never);
    if (!('orders' in group)) throw new Error('An order that was acknowledged is gone');
    Object.assign(deal, { code, totalVnd: group.totalVnd, orderCode: group.orders[0]?.code });
  };
  const tell = async (money: StripeEvent | SepayPayload): Promise<number> =>
    'object' in money ? ((await stripe?.tell(url(), money)) ?? 0) : bank.tell(url(), money);
  const pay = async (deal: Deal): Promise<void> => {
    const path = `/v1/order-groups/${deal.code}/payments`;
    const payment = await persist<Payment>('pay', 'POST', path, { method: deal.method });
    if (!('paymentId' in payment)) throw new Error(`Nothing to pay: ${JSON.stringify(payment)}`);
    const money = deal.method === 'stripe' && stripe ? stripe.pay(stripe.sessionOf(payment.redirectUrl)) : undefined;
    const transfer = money ?? bank.move({ memo: payment.qr?.memo ?? '', amountVnd: deal.totalVnd });
    for (
      const until = performance.now() + patienceMs;
      performance.now() < until;
      await sleep(random.between(50, 200))
    ) {
      const status = await tell(transfer).catch(() => 0);
      note(`webhook ${status || 'none'}`);
      if (status === 200) break;
    }
    deal.paidAt = performance.now();
    done('money', deal.paidAt);
  };
  const callOff = async (deal: Deal): Promise<void> => {
    const { orderCode: code } = deal;
    await persist('cancel', 'POST', `/v1/orders/${code}/cancel`, { phone: recipient.phone, reason: 'đổi ý' });
    deal.calledOff = true;
  };
  const lane = async (): Promise<void> => {
    for (let turn = random.between(0, cancelsOneIn); !ending; turn += 1) {
      const method = stripe && turn % 2 === 0 ? 'stripe' : 'vietqr';
      const deal: Deal = { cart: await fill(), key: fresh()['idempotency-key'], totalVnd: 0, method };
      deals.push(deal);
      await order(deal);
      await pay(deal);
      if (cancelsOneIn > 0 && turn % cancelsOneIn === 0) await callOff(deal);
      await sleep(pauseMs);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  // Heard of at the end; until then it must not end the process.
  running.catch(() => {
    ending = true;
  });
  return {
    deals,
    answers,
    firstAfter: (at, step) => acknowledged.find((one) => one.step === step && one.begun > at)?.at,
    count: (step) => acknowledged.filter((one) => one.step === step).length,
    end: async () => {
      ending = true;
      await running;
    },
  };
}
