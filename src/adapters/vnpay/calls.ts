import { randomUUID } from 'node:crypto';
import { systemClock } from '#core/clock.ts';
import { vnd } from '#core/money.ts';
import type { GatewayOutcome } from '#features/payments/types.ts';
import { hashOfValues, sameHash } from './signing.ts';

const timeoutMs = 8_000;

type Options = {
  readonly tmnCode: string;
  readonly secret: string;
  readonly url: string;
  readonly fetch: typeof fetch;
};
type Subject = { readonly txnRef: string; readonly startedAt: Date };
type Refund = Subject & {
  readonly requestId: string;
  readonly transactionNo: string;
  /** In hundredths of a đồng. */
  readonly amount: string;
  readonly isWhole: boolean;
  readonly info: string;
};

/** `20261123140237`, on the clock of Vietnam. */
export const localTime = (at: Date): string =>
  new Date(at.getTime() + 7 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);

const responseOrder = [
  ...['ResponseId', 'Command', 'ResponseCode', 'Message', 'TmnCode', 'TxnRef', 'Amount', 'BankCode', 'PayDate'],
  ...['TransactionNo', 'TransactionType', 'TransactionStatus', 'OrderInfo'],
];
const orders = { querydr: [...responseOrder, 'PromotionCode', 'PromotionAmount'], refund: responseOrder } as const;

const unknown = (error: unknown): GatewayOutcome => ({
  kind: 'unknown',
  cause: error instanceof Error ? error.message : String(error),
});

/** An answer as text members; throws unless VNPAY signed it. A refusal to look at a request is not signed by all of its versions. */
function readAnswer(secret: string, command: keyof typeof orders, body: unknown): ReadonlyMap<string, string> {
  if (typeof body !== 'object' || body === null) throw new Error('VNPAY gave no object');
  const members = new Map(Object.entries(body).map(([name, value]) => [name, String(value ?? '')]));
  const values = orders[command].map((name) => members.get(`vnp_${name}`) ?? '');
  if (!sameHash(hashOfValues(secret, values), members.get('vnp_SecureHash') ?? ''))
    throw new Error(
      `VNPAY answered ${members.get('vnp_ResponseCode') ?? 'nothing'} with a signature that is not its own`,
    );
  return members;
}

const refundStates: Readonly<Record<string, 'paid' | 'pending' | 'declined'>> = {
  '00': 'paid',
  '05': 'pending',
  '06': 'pending',
  '09': 'declined',
};

/** What became of money that goes back, as an answer about the payment tells it. */
function refundOutcome(answer: ReadonlyMap<string, string>, reference: string): GatewayOutcome {
  const status = answer.get('vnp_TransactionStatus') ?? '';
  const state = refundStates[status];
  if (state === 'paid') return { kind: 'paid', amountVnd: vnd(Number(answer.get('vnp_Amount')) / 100), reference };
  if (state === 'declined') return { kind: 'declined', reason: `vnpay ${status}` };
  return state === 'pending' ? { kind: 'pending', reference } : { kind: 'unknown', cause: `vnpay ${status}` };
}

/** The two questions that VNPAY answers server to server. Outcomes, never errors. */
export function createCalls({ tmnCode, secret, url, fetch }: Options) {
  const api = new URL('/merchant_webapi/api/transaction', url);
  const ask = async (command: keyof typeof orders, members: Readonly<Record<string, string>>) => {
    const response = await fetch(api, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(members),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`VNPAY answered ${response.status}`);
    return readAnswer(secret, command, await response.json());
  };
  const head = (command: string, requestId: string) => ({
    vnp_RequestId: requestId,
    vnp_Version: '2.1.0',
    vnp_Command: command,
    vnp_TmnCode: tmnCode,
  });
  /** Asked after from this machine: VNPAY wants some address, and ours is not a shopper's. */
  const tail = (info: string) => ({
    vnp_CreateDate: localTime(systemClock()),
    vnp_IpAddr: '127.0.0.1',
    vnp_OrderInfo: info,
  });

  const query = ({ txnRef, startedAt }: Subject): Promise<ReadonlyMap<string, string>> => {
    const members = {
      ...head('querydr', randomUUID().replaceAll('-', '')),
      vnp_TxnRef: txnRef,
      vnp_TransactionDate: localTime(startedAt),
      ...tail(`Query ${txnRef}`),
    };
    return ask('querydr', { ...members, vnp_SecureHash: hashOfValues(secret, Object.values(members)) });
  };

  const refund = async (asked: Refund): Promise<GatewayOutcome> => {
    const { requestId, transactionNo, isWhole, amount, txnRef, startedAt, info } = asked;
    const start = {
      ...head('refund', requestId),
      vnp_TransactionType: isWhole ? '02' : '03',
      vnp_TxnRef: txnRef,
      vnp_Amount: amount,
      vnp_TransactionNo: transactionNo,
      vnp_TransactionDate: localTime(startedAt),
    };
    const { vnp_CreateDate, vnp_IpAddr, vnp_OrderInfo } = tail(info);
    const members = { ...start, vnp_CreateBy: 'cho-noi', vnp_CreateDate, vnp_IpAddr, vnp_OrderInfo };
    const answer = await ask('refund', { ...members, vnp_SecureHash: hashOfValues(secret, Object.values(members)) });
    const code = answer.get('vnp_ResponseCode') ?? '';
    if (code === '00') return refundOutcome(answer, requestId);
    // 94: this very request was taken before; its answer got lost, and what became of it is asked for later.
    if (code === '94') return { kind: 'pending', reference: requestId };
    return code === '99' ? { kind: 'unknown', cause: 'vnpay 99' } : { kind: 'declined', reason: `vnpay ${code}` };
  };

  return {
    /** The members of VNPAY's answer about a payment, or an outcome where there is nothing to read. */
    query: async (subject: Subject): Promise<ReadonlyMap<string, string> | GatewayOutcome> => {
      try {
        const answer = await query(subject);
        const code = answer.get('vnp_ResponseCode');
        if (code === '00') return answer;
        // 91: nobody has come to its page yet, or ever; the payment ends with its order group.
        return code === '91' ? { kind: 'pending' } : { kind: 'unknown', cause: `vnpay ${code}` };
      } catch (error) {
        return unknown(error);
      }
    },
    refund: (asked: Refund): Promise<GatewayOutcome> => refund(asked).catch(unknown),
    queryRefund: (subject: Subject, reference: string): Promise<GatewayOutcome> =>
      query(subject).then((answer) => refundOutcome(answer, reference), unknown),
  };
}
