import { vnd } from '#core/money.ts';
import type { Origins } from '#features/exchange-orders/types.ts';
import type { AtProvider, Gateway, GatewayOutcome } from '#features/payments/types.ts';
import type { Random } from '#test/support/random.ts';

/** How a question may end for whoever asks, beside being answered. */
type Fate = 'answered' | 'silent' | 'lost' | 'died-before' | 'died-after';
class Died extends Error {}
/** A process that is killed leaves everything as it was written. */
export const isDeath = (error: unknown): boolean =>
  error instanceof AggregateError ? error.errors.every(isDeath) : error instanceof Died;

type Money = {
  readonly amount: number;
  state: 'open' | 'set-aside' | 'taken' | 'gone';
  captures: number;
  back: number;
};

/** What happens to questions, drawn anew for each; `share` of them go wrong. */
export function createFate(random: Random) {
  const met: Record<string, number> = {};
  let share = 0;
  return {
    met,
    setShare: (to: number): void => {
      share = to;
    },
    put: async <Answer>(ask: () => Promise<Answer> | Answer, unknown: Answer): Promise<Answer> => {
      const fate: Fate = random.chance(share)
        ? random.pick<Fate>(['silent', 'lost', 'lost', 'died-before', 'died-after'])
        : 'answered';
      met[fate] = (met[fate] ?? 0) + 1;
      if (fate === 'died-before') throw new Died(fate);
      if (fate === 'silent') return unknown;
      const answer = await ask();
      if (fate === 'died-after') throw new Died(fate);
      return fate === 'lost' ? unknown : answer;
    },
  };
}
type Fates = ReturnType<typeof createFate>;

/** A partner whose answers get lost. */
export const faced = (origins: Origins, fates: Fates): Origins => {
  const unknown = { unknown: 'timed-out' } as const;
  return {
    isOrderable: origins.isOrderable,
    quote: (...given) => fates.put(() => origins.quote(...given), unknown),
    reserve: (...given) => fates.put(() => origins.reserve(...given), unknown),
    confirm: (...given) => fates.put(() => origins.confirm(...given), unknown),
    cancel: (...given) => fates.put(() => origins.cancel(...given), unknown),
    orderState: (...given) => fates.put(() => origins.orderState(...given), unknown),
    orderChanges: (...given) => fates.put(() => origins.orderChanges(...given), unknown),
    settlement: (...given) => fates.put(() => origins.settlement(...given), unknown),
  };
};

/** A card provider in this process, with books of its own: money is taken once, and a refund is known by its key. */
export function createCards(random: Random, fates: Fates) {
  const books = new Map<string, Money>();
  const refunds = new Set<string>();
  const unknown: GatewayOutcome = { kind: 'unknown', cause: 'no answer' };
  const of = ({ sessionId }: Pick<AtProvider, 'sessionId'>): Money => {
    const money = books.get(sessionId);
    if (!money) throw new Error(`No session ${sessionId}`);
    return money;
  };
  const told = (id: string): GatewayOutcome => {
    const { state, amount } = of({ sessionId: id });
    if (state === 'taken') return { kind: 'paid', amountVnd: vnd(amount), reference: id };
    if (state === 'gone') return { kind: 'declined', reason: 'gone' };
    return state === 'set-aside' ? { kind: 'pending', authorised: id } : { kind: 'pending' };
  };
  const capture = ({ sessionId }: AtProvider): GatewayOutcome => {
    const money = of({ sessionId });
    // The card's bank has taken its word back.
    if (money.state === 'set-aside' && random.chance(0.03)) money.state = 'gone';
    if (money.state !== 'set-aside') return { kind: 'declined', reason: money.state };
    money.state = 'taken';
    money.captures += 1;
    return told(sessionId);
  };
  const letGo = ({ sessionId }: AtProvider): GatewayOutcome => {
    const money = of({ sessionId });
    if (money.state !== 'taken') money.state = 'gone';
    return money.state === 'taken' ? unknown : told(sessionId);
  };
  const gateway: Gateway = {
    method: 'stripe',
    start: async ({ paymentId, amountVnd }) => {
      const sessionId = `s:${paymentId}`;
      if (!books.has(sessionId)) books.set(sessionId, { amount: amountVnd, state: 'open', captures: 0, back: 0 });
      return { sessionId, redirectUrl: `https://cards.example/${sessionId}` };
    },
    query: (payment) => fates.put(() => told(payment.sessionId), unknown),
    capture: (payment) => fates.put(() => capture(payment), unknown),
    void: (payment) => fates.put(() => letGo(payment), unknown),
    refund: ({ key, payment, amountVnd }) =>
      fates.put((): GatewayOutcome => {
        if (!refunds.has(key)) of(payment).back += amountVnd;
        refunds.add(key);
        return { kind: 'paid', amountVnd, reference: key };
      }, unknown),
    queryRefund: async (reference, { amountVnd }) => ({ kind: 'paid', amountVnd, reference }),
    readEvent: () => undefined,
  };
  return {
    gateway,
    books,
    pay: (sessionId: string): void => {
      of({ sessionId }).state = 'set-aside';
    },
  };
}
