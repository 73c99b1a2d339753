import { vnd } from '#core/money.ts';
import { fold } from '#core/vietnamese.ts';
import type { AtProvider, Delivery, Gateway, GatewayEvent, GatewayOutcome } from '#features/payments/types.ts';
import { createCalls, localTime } from './calls.ts';
import { readSigned, signedQuery } from './signing.ts';

export type VnpayOptions = {
  readonly tmnCode: string;
  readonly secret: string;
  /** The payment page; questions go to `/merchant_webapi/api/transaction` of the same host. */
  readonly url: string;
  readonly fetch: typeof fetch;
};

/** VNPAY counts in hundredths of a đồng, as if there were xu. */
const hundredths = (amountVnd: number): string => String(amountVnd * 100);
const fromHundredths = (text: string | undefined): number => Number(text) / 100;

/** Words for VNPAY's page: ASCII, without what its signature or its banks trip over. */
const words = (text: string): string =>
  fold(text)
    .replace(/[^0-9A-Za-z .:-]/g, ' ')
    .slice(0, 255);

/** Both members must say so: the first is about the request, the second about the money. */
const isPaid = (members: ReadonlyMap<string, string>): boolean =>
  members.get('vnp_ResponseCode') === '00' && (members.get('vnp_TransactionStatus') ?? '00') === '00';

function outcomeOf(members: ReadonlyMap<string, string>): GatewayOutcome {
  const code = members.get('vnp_ResponseCode') ?? '';
  const status = members.get('vnp_TransactionStatus') ?? '';
  if (isPaid(members)) {
    const amount = fromHundredths(members.get('vnp_Amount'));
    if (!Number.isSafeInteger(amount)) return { kind: 'unknown', cause: 'an amount that is no whole đồng' };
    return { kind: 'paid', amountVnd: vnd(amount), reference: members.get('vnp_TransactionNo') ?? '' };
  }
  // 07: the money was taken and VNPAY suspects a fraud; a person at VNPAY decides, and the query tells what.
  if (code === '07' || status === '01' || status === '07') return { kind: 'pending' };
  return { kind: 'declined', reason: `vnpay ${code}/${status}` };
}

function readEvent(secret: string, { query }: Delivery): GatewayEvent | undefined {
  const members = readSigned(secret, query);
  const sessionId = members?.get('vnp_TxnRef');
  if (!members || sessionId === undefined) return undefined;
  const named = ['vnp_TxnRef', 'vnp_TransactionNo', 'vnp_ResponseCode', 'vnp_TransactionStatus'];
  return {
    eventId: named.map((name) => members.get(name) ?? '').join(':'),
    type: 'ipn',
    news: { about: 'session', sessionId, currency: 'vnd', outcome: outcomeOf(members) },
    raw: Object.fromEntries(members),
  };
}

/** VNPAY 2.1.0: its page is an address that we sign; the money is told by IPN, and asked for by `querydr`. */
export function createVnpay(options: VnpayOptions): Gateway {
  const { secret, tmnCode, url } = options;
  const calls = createCalls(options);
  const about = ({ sessionId, startedAt }: AtProvider) => ({ txnRef: sessionId, startedAt });
  return {
    method: 'vnpay',
    start: async ({ code, amountVnd, description, successUrl, startedAt, expiresAt, address }) => ({
      sessionId: code,
      redirectUrl: `${url}?${signedQuery(secret, {
        vnp_Version: '2.1.0',
        vnp_Command: 'pay',
        vnp_TmnCode: tmnCode,
        vnp_TxnRef: code,
        vnp_Amount: hundredths(amountVnd),
        vnp_CurrCode: 'VND',
        vnp_OrderInfo: words(description),
        vnp_OrderType: 'other',
        vnp_Locale: 'vn',
        vnp_ReturnUrl: successUrl,
        vnp_IpAddr: address,
        vnp_CreateDate: localTime(startedAt),
        vnp_ExpireDate: localTime(expiresAt),
      })}`,
    }),
    query: async (payment) => {
      const answer = await calls.query(about(payment));
      return 'kind' in answer ? answer : outcomeOf(answer);
    },
    // VNPAY takes the money at once; nothing is ever set aside.
    capture: async () => ({ kind: 'unknown', cause: 'VNPAY sets nothing aside' }),
    void: async () => ({ kind: 'unknown', cause: 'VNPAY closes a page by its own ExpireDate' }),
    refund: ({ key, payment, amountVnd, description }) =>
      calls.refund({
        ...about(payment),
        requestId: key,
        transactionNo: payment.reference,
        amount: hundredths(amountVnd),
        isWhole: amountVnd === payment.amountVnd,
        info: words(description),
      }),
    queryRefund: (reference, { payment }) => calls.queryRefund(about(payment), reference),
    readEvent: (delivery) => readEvent(secret, delivery),
  };
}
