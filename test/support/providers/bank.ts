import { createHmac } from 'node:crypto';
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
  /** A virtual account that leads to it. */
  readonly subAccount?: string;
  /** The whole text as the bank writes it, in place of the memo among other words. */
  readonly content?: string;
  /** The bank's own name for it; every transfer has one of its own otherwise. */
  readonly reference?: string;
};
/** The services that tell of transfers, each in its own words and with its own proof. */
export type Dialect = 'sepay' | 'payos' | 'casso';

export type Bank = ReturnType<typeof createBank>;

const payosKey = 'payos-simulator-key-0123456789';
const cassoKey = 'casso-simulator-key-0123456789';
const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function payosMessage(payload: SepayPayload) {
  const data: Record<string, string | number> = {
    accountNumber: payload.accountNumber,
    amount: payload.transferAmount,
    code: '00',
    counterAccountNumber: '0123456789',
    description: payload.content,
    orderCode: payload.id,
    reference: payload.referenceCode,
    transactionDateTime: payload.transactionDate,
  };
  // Already in the order of the alphabet.
  const text = Object.entries(data)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const signature = createHmac('sha256', payosKey).update(text).digest('hex');
  return { body: { code: '00', desc: 'success', data, signature }, headers: {} };
}

function cassoMessage(payload: SepayPayload) {
  const amount = payload.transferType === 'out' ? -payload.transferAmount : payload.transferAmount;
  // Already in the order of the alphabet, at every depth.
  const data = {
    accountNumber: payload.accountNumber,
    amount,
    description: payload.content,
    id: payload.id + 1,
    reference: payload.referenceCode,
    transactionDateTime: payload.transactionDate,
  };
  const message = { data, error: 0 };
  const t = Date.now();
  const v1 = createHmac('sha512', cassoKey)
    .update(`${t}.${JSON.stringify(message)}`)
    .digest('hex');
  return { body: message, headers: { 'x-casso-signature': `t=${t},v1=${v1}` } };
}

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
    subAccount,
    content,
    reference,
  }: Transfer): SepayPayload => {
    nextId += random.between(1, 9);
    const payload: SepayPayload = {
      id: nextId,
      gateway: 'VietinBank',
      transactionDate: '2026-11-23 14:02:37',
      accountNumber,
      code: null,
      content: content ?? random.pick(templates)(memo, nextId),
      transferType: direction,
      transferAmount: amountVnd,
      accumulated: 0,
      subAccount: subAccount ?? null,
      referenceCode: reference ?? `FT${nextId}`,
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
  /** Tells the same line as another service would. */
  const tellAs = async (base: string, payload: SepayPayload, dialect: Dialect): Promise<number> => {
    if (dialect === 'sepay') return tell(base, payload);
    const { body, headers } = dialect === 'payos' ? payosMessage(payload) : cassoMessage(payload);
    const { status } = await createClient(base).send('POST', `/v1/webhooks/bank/${dialect}`, { body, headers });
    if (status === 200) told.add(payload.id);
    return status;
  };
  return {
    env: { PAYOS_CHECKSUM_KEY: payosKey, CASSO_KEY: cassoKey },
    move,
    tell,
    tellAs,
    /** The bank's own statement of these lines, as its customers download it: titles above, a total below. */
    statement: (lines: readonly SepayPayload[]): Buffer => {
      for (const { id } of lines) told.add(id);
      const rows = lines.map(({ transactionDate, referenceCode, transferType, transferAmount, content }) => {
        const [date = '', time = ''] = transactionDate.split(' ');
        const amount = transferAmount.toLocaleString('en-US');
        const sides = transferType === 'in' ? ['', amount] : [amount, ''];
        return [`${date.split('-').reverse().join('/')} ${time}`, referenceCode, ...sides, content].map(cell).join(',');
      });
      const text = [
        'SAO KÊ TÀI KHOẢN,,,,',
        `Số tài khoản,${account.accountNumber},,,`,
        'Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Nội dung',
        ...rows,
        ',,,,Số dư cuối kỳ 1',
      ];
      return Buffer.from(`\ufeff${text.join('\r\n')}\r\n`);
    },
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
        .filter(({ id, transferType, accountNumber, subAccount }) => {
          const isOurs = accountNumber === account.accountNumber || subAccount === account.accountNumber;
          return told.has(id) && transferType === 'in' && isOurs;
        })
        .reduce((sum, { transferAmount }) => sum + transferAmount, 0),
  };
}
