import type { Random } from '../random.ts';
import { type Books, refundedOf } from './stripe-books.ts';

/** What happens to the next calls; each is used up by one. `lost`: done and booked, but the answer never arrives. */
export type Trouble = 'lost' | 'unavailable' | 'too-many' | 'in-use' | 'garbage';

/** While a lab runs: which of the calls fails, and how. Most are answered; of the others most were done. */
export function createWildness(books: Books) {
  let random: Random | undefined;
  const met = new Map<string, number>();
  /** For some calls in a row nothing comes through: what a client tries three times stays unknown then. */
  const outage = { calls: 0, trouble: 'lost' as Trouble };
  const count = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);
  return {
    met,
    /** From now on a share of the calls fails as this draws; without one none does. */
    setWild: (by: Random | undefined): void => {
      random = by;
    },
    draw: (method: string, path: string): Trouble | undefined => {
      if (!random) return undefined;
      const intent = books.intents.get(/^\/v1\/payment_intents\/(\w+)\/capture$/.exec(path)?.[1] ?? '');
      // The card's bank has taken its word back: what was set aside is not there any more.
      if (intent?.status === 'requires_capture' && random.chance(0.04)) {
        books.intents.set(intent.id, { ...intent, status: 'canceled', cancellation_reason: 'expired' });
        count('capture declined');
      }
      if (outage.calls === 0 && random.chance(0.06))
        Object.assign(outage, {
          calls: random.between(3, 6),
          trouble: random.pick<Trouble>(['lost', 'lost', 'unavailable']),
        });
      const isOut = outage.calls > 0;
      if (isOut) outage.calls -= 1;
      else if (!random.chance(0.3)) return undefined;
      const trouble = isOut
        ? outage.trouble
        : random.pick<Trouble>([...Array<Trouble>(4).fill('lost'), 'unavailable', 'too-many', 'in-use', 'garbage']);
      count(`${trouble}${method === 'POST' && trouble === 'lost' ? ' though done' : ''}`);
      return trouble;
    },
  };
}

/** What the provider took, holds and gave back, by whatever its sessions were marked with. */
export const moneyBy = (books: Books, mark: string) => {
  const sums = new Map<
    string,
    { taken: number; captures: number; back: number; setAside: number; references: string[] }
  >();
  for (const { metadata, payment_intent: id } of books.sessions.values()) {
    const [name, intent] = [metadata[mark], typeof id === 'string' && books.intents.get(id)];
    if (name === undefined || !intent) continue;
    const sum = sums.get(name) ?? { taken: 0, captures: 0, back: 0, setAside: 0, references: [] };
    sum.references.push(intent.id);
    sum.captures += intent.status === 'succeeded' ? 1 : 0;
    sum.taken += intent.amount_received;
    sum.back += refundedOf(books, intent.id);
    sum.setAside += intent.status === 'requires_capture' ? intent.amount : 0;
    sums.set(name, sum);
  }
  return sums;
};

/** What else sessions were marked with, by a mark of theirs. */
export const namesBy = (books: Books, mark: string, other: string): ReadonlyMap<string, string> =>
  new Map([...books.sessions.values()].map(({ metadata }) => [metadata[mark] ?? '', metadata[other] ?? '']));
