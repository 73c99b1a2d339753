import fc from 'fast-check';
import { type Action, type Model, step } from './model.ts';
import { RETURN_WORDS } from './returns.ts';

const index = fc.nat({ max: 2 });
const deal = fc.nat({ max: 9 });
const pieces = fc.integer({ min: 1, max: 3 });
const someOrAll = fc.nat({ max: 2 });
const of = (kind: Action['kind'], rest: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Action> =>
  fc.record({ kind: fc.constant(kind), ...rest }) as unknown as fc.Arbitrary<Action>;

const weighted: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<Action>])[] = [
  [3, of('order', { id: deal, wanted: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 }), fc.nat({ max: 2 })) })],
  [3, of('open', { deal })],
  [4, of('transfer', { deal, much: fc.constantFrom(0, 0, 0, -2_000, 3_000) })],
  [2, of('card', { deal })],
  [2, of('charge', { deal })],
  [4, of('confirm', { deal, index })],
  [2, of('pack', { deal, index, pieces: someOrAll })],
  [3, of('ship', { deal, index, pieces: someOrAll })],
  [3, of('deliver', { deal, index })],
  [1, of('cancel', { deal, index, pieces: someOrAll })],
  [1, of('refund', { deal, index, id: fc.nat({ max: 3 }), amountVnd: fc.constantFrom(1_000, 20_000, 90_000) })],
  [3, of('ask', { deal, index, pieces, isFault: fc.boolean() })],
  [6, of('answer', { deal, index, nth: fc.nat({ max: 2 }), word: fc.constantFrom(...RETURN_WORDS) })],
  [1, of('wait', { minutes: fc.constantFrom(5, 16, 31) })],
  [1, of('expire', {})],
];

const action = fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
/** What is furthest along the way of an order comes first: few orders would come to their end by chance. */
const along: readonly Action['kind'][] = [
  ...(['answer', 'ask', 'deliver', 'ship', 'pack', 'confirm', 'charge', 'transfer', 'card', 'open'] as const),
  ...(['refund', 'cancel', 'order', 'wait', 'expire'] as const),
];
const byProgress = (thoughts: readonly Action[]): readonly Action[] =>
  thoughts.toSorted((a, b) => along.indexOf(a.kind) - along.indexOf(b.kind));

/**
 * What somebody thinks of doing. By `mood` they do what can be done and is furthest along, or the first that can be done,
 * or simply the first, whatever the shop will say to it.
 */
export type Move = { readonly thoughts: readonly Action[]; readonly mood: number };
const move: fc.Arbitrary<Move> = fc.record({
  thoughts: fc.tuple(action, action, action, action, action),
  mood: fc.nat({ max: 9 }),
});
/** One after the other, or two that begin in the same instant. */
export const turn = fc.oneof({ weight: 5, arbitrary: fc.tuple(move) }, { weight: 1, arbitrary: fc.tuple(move, move) });

/** The clock and the jobs belong to nobody, and what is new is known to the other only when it is there. */
const alone: readonly Action['kind'][] = ['wait', 'expire', 'order', 'open', 'card', 'ask'];
export const mayMeet = (actions: readonly Action[]): boolean =>
  actions.length === 1 || actions.every(({ kind }) => !alone.includes(kind));

/** Everything that the action can mean in the last few deals. */
function meanings(model: Model, action: Action): readonly Action[] {
  if (!('deal' in action)) return [action];
  const recent = [...model.deals].slice(-5);
  return recent.flatMap(([number, { orders }]): readonly Action[] => {
    if (!('index' in action)) return [{ ...action, deal: number }];
    return orders.flatMap((order, nth): readonly Action[] => {
      if (!order) return [];
      const meant = { ...action, deal: number, index: nth };
      return meant.kind === 'answer' ? order.returns.map((_back, which) => ({ ...meant, nth: which })) : [meant];
    });
  });
}

/** Tried on a copy of the deal that it is about; time and its end can always come. */
function isDone(model: Model, one: Action): boolean {
  if (one.kind === 'wait' || one.kind === 'expire') return true;
  const deals = new Map(model.deals);
  const own = 'deal' in one ? deals.get(one.deal) : undefined;
  if (own && 'deal' in one) deals.set(one.deal, structuredClone(own));
  return step({ ...model, onHand: [...model.onHand], deals }, one) === 'done';
}

/** What comes of a move: an action that means something which is there. A new deal has the next number. */
export function aim(model: Model, { thoughts, mood }: Move): Action {
  const [first] = thoughts;
  if (!first) throw new RangeError('Nobody thinks of nothing');
  const looks = mood < 8;
  const tried = mood < 5 ? byProgress(thoughts) : looks ? thoughts : [first];
  for (const thought of tried) {
    const action = thought.kind === 'order' ? { ...thought, id: model.deals.size } : thought;
    const all = meanings(model, action);
    const fitting = looks ? all.filter((one) => isDone(model, one)) : all;
    const chosen = fitting['deal' in action ? action.deal % Math.max(1, fitting.length) : 0];
    if (chosen) return chosen;
  }
  return first.kind === 'order' ? { ...first, id: model.deals.size } : first;
}
