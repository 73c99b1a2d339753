import { createClient } from '../client.ts';
import { account, sepayKey } from '../exchange-env.ts';
import { createRandom, type Random } from '../random.ts';

/** SePay's payload, as its documentation has it. */
export type SepayPayload = {
  readonly id: number;
  readonly gateway: string;
  readonly transactionDate: string;
  readonly accountNumber: string;
  readonly code: string | null;
  readonly content: string;
  readonly transferType: 'in' | 'out';
  readonly transferAmount: number;
  readonly accumulated: number;
  readonly subAccount: string | null;
  readonly referenceCode: string;
  readonly description: string;
};
export type Transfer = {
  readonly memo: string;
  readonly amountVnd: number;
  readonly direction?: 'in' | 'out';
  /** Another account than the exchange's: the feed may watch several. */
  readonly accountNumber?: string;
};

export type Bank = ReturnType<typeof createBank>;

const templates: readonly ((memo: string, id: number) => string)[] = [
  (memo) => memo,
  (memo, id) => `MBVCB.${id}.${memo}.CT tu 0123456789 NGUYEN VAN A toi 113366668888`,
  (memo, id) => `IBFT ${memo.toLowerCase()} ${id}`,
  (memo, id) => `${memo}FT${id}`,
  (memo) => `chuyen tien ${memo.slice(0, 2)} ${memo.slice(2)}`,
  (memo, id) => `QR-${memo}-${id}-CHUYEN TIEN`,
];

/**
 * A bank and its feed, SePay by name: keeps its own books and tells them by webhook as feeds do, with the words that
 * banks put around a memo. The same seed gives the same ids and words.
 */
export function createBank(seed = 1, key: string = sepayKey) {
  const random: Random = createRandom(seed);
  const book: SepayPayload[] = [];
  const told = new Set<number>();
  let nextId = random.between(1_000_000, 90_000_000);

  /** Money moves: it is in the bank's books from now on, whether or not anybody is told. */
  const move = ({
    memo,
    amountVnd,
    direction = 'in',
    accountNumber = account.accountNumber,
  }: Transfer): SepayPayload => {
    nextId += random.between(1, 9);
    const payload: SepayPayload = {
      id: nextId,
      gateway: 'VietinBank',
      transactionDate: '2026-11-23 14:02:37',
      accountNumber,
      code: null,
      content: random.pick(templates)(memo, nextId),
      transferType: direction,
      transferAmount: amountVnd,
      accumulated: 0,
      subAccount: null,
      referenceCode: `FT${nextId}`,
      description: '',
    };
    book.push(payload);
    return payload;
  };
  /** Tells one line, once; the status that came back. Telling again is a duplicate, telling later is a delay. */
  const tell = async (base: string, payload: SepayPayload): Promise<number> => {
    const { status } = await createClient(base).send('POST', '/v1/webhooks/bank/sepay', {
      body: payload,
      headers: { authorization: `Apikey ${key}` },
    });
    if (status === 200) told.add(payload.id);
    return status;
  };
  return {
    move,
    tell,
    /** Moves money and tells of it at once. */
    transfer: async (base: string, transfer: Transfer): Promise<SepayPayload> => {
      const payload = move(transfer);
      const status = await tell(base, payload);
      if (status !== 200) throw new Error(`The webhook answered ${status}`);
      return payload;
    },
    /** The lines that nobody has been told of yet, oldest first. */
    untold: (): readonly SepayPayload[] => book.filter(({ id }) => !told.has(id)),
    /** What came into the exchange's account and was told, in đồng: its books must say the same. */
    toldVnd: (): number =>
      book
        .filter(({ id, transferType, accountNumber }) => {
          return told.has(id) && transferType === 'in' && accountNumber === account.accountNumber;
        })
        .reduce((sum, { transferAmount }) => sum + transferAmount, 0),
  };
}
