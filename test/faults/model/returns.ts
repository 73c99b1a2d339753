import { arrived, follow, type Order } from './orders.ts';

/** What a shopper, a seller or an officer says of a return: `keep` takes it without the goods, `shelve` puts them back. */
export const RETURN_WORDS = [
  'accept',
  'keep',
  'refuse',
  'withdraw',
  'send-back',
  'shelve',
  'receive',
  'refund',
] as const;
export type ReturnWord = (typeof RETURN_WORDS)[number];

export type ReturnAction =
  /** Pieces are asked back, by the fault of the seller or since a mind changed. */
  | {
      readonly kind: 'ask';
      readonly deal: number;
      readonly index: number;
      readonly pieces: number;
      readonly isFault: boolean;
    }
  | {
      readonly kind: 'answer';
      readonly deal: number;
      readonly index: number;
      /** Which of the order's returns. */
      readonly nth: number;
      readonly word: ReturnWord;
    };

export type Return = {
  readonly pieces: number;
  readonly isFault: boolean;
  state: 'requested' | 'accepted' | 'refused' | 'withdrawn' | 'sent-back' | 'received' | 'refunded';
  refundVnd: number;
};

export const wordOf = ({ state, refundVnd }: Return): string => `${state}:${refundVnd}`;

/** From which state a word may be said, and what comes of it. */
const moves: Readonly<Record<ReturnWord, readonly [from: readonly Return['state'][], to: Return['state']]>> = {
  accept: [['requested'], 'accepted'],
  keep: [['requested'], 'refunded'],
  refuse: [['requested'], 'refused'],
  withdraw: [['requested', 'accepted'], 'withdrawn'],
  'send-back': [['accepted'], 'sent-back'],
  shelve: [['sent-back'], 'received'],
  receive: [['sent-back'], 'received'],
  refund: [['received'], 'refunded'],
};

/** Goods, and with the last of them the freight where the seller has to answer for it; never more than is left. */
function refund(one: Order, back: Return, priceVnd: number): void {
  const isLast = one.bought - one.cancelled - one.returned === back.pieces;
  const freightVnd = back.isFault && isLast ? one.totalVnd - one.bought * priceVnd : 0;
  back.refundVnd = Math.min(back.pieces * priceVnd + freightVnd, one.totalVnd - one.refundedVnd);
  one.refundedVnd += back.refundVnd;
  one.returned += back.pieces;
  follow(one);
}

/** `priceVnd` is of one piece; `shelve` puts so many back on the order's shelf. */
export function stepReturn(
  one: Order,
  action: ReturnAction,
  { priceVnd, shelve }: { readonly priceVnd: number; readonly shelve: (pieces: number) => void },
): string {
  if (action.kind === 'ask') {
    const taken = one.returns.filter(({ state }) => state !== 'withdrawn').reduce((sum, { pieces }) => sum + pieces, 0);
    if (action.pieces > arrived(one) - taken) return 'pieces-not-returnable';
    one.returns.push({ pieces: action.pieces, isFault: action.isFault, state: 'requested', refundVnd: 0 });
    return 'done';
  }
  const back = one.returns[action.nth];
  if (!back) return 'nothing';
  const [from, to] = moves[action.word];
  if (!from.includes(back.state)) return 'return-not-movable';
  back.state = to;
  if (to === 'refunded') refund(one, back, priceVnd);
  if (action.word === 'shelve') shelve(back.pieces);
  return 'done';
}
