import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPaymentUrlSearchParams, calculateSecureHash, HashAlgorithm, hash, VNPay } from 'vnpay';
import { createClient } from '../client.ts';
import { createRandom } from '../random.ts';

type Members = Readonly<Record<string, string>>;
type Transaction = {
  readonly txnRef: string;
  /** In hundredths of a đồng, as VNPAY counts. */
  readonly amount: number;
  readonly createDate: string;
  readonly returnUrl: string;
  readonly transactionNo: string;
  readonly status: 'open' | 'paid' | 'declined';
  readonly code: string;
  readonly refunds: readonly { readonly requestId: string; readonly amount: number; readonly status: string }[];
};
/** What happens to the next calls, each used up by one. `lost`: done and booked, but the answer never arrives. */
export type VnpayTrouble = 'lost' | 'unavailable' | 'garbage' | 'forged';
export type VnpayDelivery = { readonly signature?: 'good' | 'forged' | 'none'; readonly amountVnd?: number };
export type VnpaySimulator = Awaited<ReturnType<typeof startVnpay>>;

const tmnCode = 'CHONOI01';
const secureSecret = 'vnpay-simulator-secret-0123456789';

/** Hashes are made by VNPAY's own kind of library, so that ours are held to more than themselves. */
const hashOfText = (text: string): string => hash(secureSecret, Buffer.from(text, 'utf8'), HashAlgorithm.SHA512);
const queryOf = (members: Members): string => {
  const params = buildPaymentUrlSearchParams(members);
  const secureHash = calculateSecureHash({
    secureSecret,
    data: params.toString(),
    hashAlgorithm: HashAlgorithm.SHA512,
    bufferEncode: 'utf-8',
  });
  return `${params.toString()}&vnp_SecureHash=${secureHash}`;
};

const querydrOrder = [
  'RequestId',
  'Version',
  'Command',
  'TmnCode',
  'TxnRef',
  'TransactionDate',
  'CreateDate',
  'IpAddr',
];
const refundOrder = [
  ...['RequestId', 'Version', 'Command', 'TmnCode', 'TransactionType', 'TxnRef', 'Amount', 'TransactionNo'],
  ...['TransactionDate', 'CreateBy', 'CreateDate', 'IpAddr'],
];
const answerOrder = [
  ...['ResponseId', 'Command', 'ResponseCode', 'Message', 'TmnCode', 'TxnRef', 'Amount', 'BankCode', 'PayDate'],
  ...['TransactionNo', 'TransactionType', 'TransactionStatus', 'OrderInfo'],
];
const joined = (members: Members, names: readonly string[]): string =>
  names.map((name) => members[`vnp_${name}`] ?? '').join('|');

function createBooks(seed: number) {
  const random = createRandom(seed);
  const transactions = new Map<string, Transaction>();
  const set = { refunds: '00' };
  const get = (txnRef: string): Transaction => {
    const transaction = transactions.get(txnRef);
    if (!transaction) throw new Error(`VNPAY knows no ${txnRef}`);
    return transaction;
  };
  const change = (txnRef: string, members: Partial<Transaction>): Transaction => {
    const next = { ...get(txnRef), ...members };
    transactions.set(txnRef, next);
    return next;
  };
  return { transactions, set, get, change, newNo: () => String(random.between(10_000_000, 99_999_999)) };
}
type Books = ReturnType<typeof createBooks>;

/** Another amount, or more than was paid, is refused; the same request again is 94. */
function refund(books: Books, asked: Members): Members {
  const known = books.transactions.get(asked.vnp_TxnRef ?? '');
  const amount = Number(asked.vnp_Amount);
  const requestId = asked.vnp_RequestId ?? '';
  if (known?.status !== 'paid') return { vnp_ResponseCode: '91' };
  if (known.refunds.some((one) => one.requestId === requestId)) return { vnp_ResponseCode: '94' };
  const before = known.refunds.filter(({ status }) => status !== '09').reduce((sum, one) => sum + one.amount, 0);
  if (!Number.isSafeInteger(amount) || amount <= 0 || before + amount > known.amount) return { vnp_ResponseCode: '02' };
  if (books.set.refunds === 'refused') return { vnp_ResponseCode: '95' };
  const status = books.set.refunds;
  books.change(known.txnRef, { refunds: [...known.refunds, { requestId, amount, status }] });
  return { vnp_ResponseCode: '00', vnp_TransactionStatus: status, vnp_Amount: String(amount) };
}

function query(books: Books, asked: Members): Members {
  const known = books.transactions.get(asked.vnp_TxnRef ?? '');
  if (!known || known.createDate !== asked.vnp_TransactionDate) return { vnp_ResponseCode: '91' };
  const about = { vnp_ResponseCode: '00', vnp_TransactionNo: known.transactionNo };
  const back = known.refunds.at(-1);
  if (back)
    return { ...about, vnp_Amount: String(back.amount), vnp_TransactionType: '03', vnp_TransactionStatus: back.status };
  const status = known.status === 'paid' ? '00' : known.status === 'open' ? '01' : '02';
  return { ...about, vnp_Amount: String(known.amount), vnp_TransactionStatus: status };
}

/** An answer as VNPAY writes it, signed; a request that was not signed by us is 97. */
function answer(books: Books, asked: Members): Members {
  const isRefund = asked.vnp_Command === 'refund';
  const signed = hashOfText(joined(asked, [...(isRefund ? refundOrder : querydrOrder), 'OrderInfo']));
  const isOurs = signed === asked.vnp_SecureHash && asked.vnp_TmnCode === tmnCode;
  const made = !isOurs ? { vnp_ResponseCode: '97' } : isRefund ? refund(books, asked) : query(books, asked);
  const members: Members = {
    vnp_ResponseId: books.newNo(),
    vnp_Command: asked.vnp_Command ?? '',
    vnp_Message: 'simulated',
    vnp_TmnCode: tmnCode,
    vnp_TxnRef: asked.vnp_TxnRef ?? '',
    vnp_OrderInfo: asked.vnp_OrderInfo ?? '',
    ...made,
  };
  const names = isRefund ? answerOrder : [...answerOrder, 'PromotionCode', 'PromotionAmount'];
  return { ...members, vnp_SecureHash: hashOfText(joined(members, names)) };
}

const ipnOf = (transaction: Transaction, amountVnd?: number): Members => ({
  vnp_TmnCode: tmnCode,
  vnp_TxnRef: transaction.txnRef,
  vnp_Amount: String(amountVnd === undefined ? transaction.amount : amountVnd * 100),
  vnp_OrderInfo: 'Cho Noi',
  vnp_BankCode: 'NCB',
  vnp_PayDate: '20261123140237',
  vnp_TransactionNo: transaction.transactionNo,
  vnp_ResponseCode: transaction.code,
  vnp_TransactionStatus: transaction.code === '00' ? '00' : '02',
});

async function readBody(request: IncomingMessage): Promise<Members> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as Members;
}

const say = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
};

/** VNPAY 2.1.0 as a merchant meets it, over real HTTP and with books of its own. */
export async function startVnpay(seed = 1) {
  const books = createBooks(seed);
  const troubles: VnpayTrouble[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const asked = await readBody(request);
      const trouble = troubles.shift();
      if (trouble === 'unavailable') return say(response, 503, '{}');
      if (trouble === 'garbage') return say(response, 200, '<html>');
      const made = answer(books, asked);
      if (trouble === 'lost') return void response.destroy();
      if (trouble === 'forged') return say(response, 200, JSON.stringify({ ...made, vnp_SecureHash: 'f'.repeat(128) }));
      return say(response, 200, JSON.stringify(made));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = new VNPay({ tmnCode, secureSecret, vnpayHost: url, hashAlgorithm: HashAlgorithm.SHA512 });
  return {
    env: { VNPAY_TMN_CODE: tmnCode, VNPAY_SECRET: secureSecret, VNPAY_URL: `${url}/paymentv2/vpcpay.html` },
    /** The shopper opens the page: what was signed is looked at, and the payment exists at VNPAY from now on. */
    open: (redirectUrl = ''): string => {
      const given = Object.fromEntries(new URL(redirectUrl).searchParams);
      if (!gateway.verifyReturnUrl(given as never).isVerified)
        throw new Error('VNPAY shows: wrong signature (code 70)');
      const txnRef = given.vnp_TxnRef ?? '';
      if (!books.transactions.has(txnRef))
        books.transactions.set(txnRef, {
          txnRef,
          amount: Number(given.vnp_Amount),
          createDate: given.vnp_CreateDate ?? '',
          returnUrl: given.vnp_ReturnUrl ?? '',
          transactionNo: books.newNo(),
          status: 'open',
          code: '',
          refunds: [],
        });
      return txnRef;
    },
    /** The payment of another merchant's system that uses our name, with another reference. */
    foreign: (page: URL, txnRef: string): string => {
      const original = books.get(page.searchParams.get('vnp_TxnRef') ?? '');
      books.transactions.set(txnRef, { ...original, txnRef });
      return txnRef;
    },
    forget: (txnRef: string): void => void books.transactions.delete(txnRef),
    /** Pays, or gives up with one of VNPAY's codes. A second decision is not one. */
    decide: (txnRef: string, code = '00'): Transaction => {
      if (books.get(txnRef).status !== 'open') throw new Error('VNPAY shows: the transaction is finished');
      return books.change(txnRef, { code, status: code === '00' ? 'paid' : 'declined' });
    },
    /** The IPN, as often as a test likes; VNPAY's code that came back. */
    tell: async (
      base: string,
      txnRef: string,
      { signature = 'good', amountVnd }: VnpayDelivery = {},
    ): Promise<string> => {
      const good = queryOf(ipnOf(books.get(txnRef), amountVnd));
      const forged = good.replace(/SecureHash=..../, 'SecureHash=0000');
      const sent =
        signature === 'good' ? good : signature === 'forged' ? forged : good.replace(/&vnp_SecureHash=.*/, '');
      const { status, body } = await createClient(base).send<{ RspCode: string }>('GET', `/v1/webhooks/vnpay?${sent}`);
      if (status !== 200) throw new Error(`The webhook answered ${status}`);
      return body.RspCode;
    },
    /** The page that the shopper comes back to, with members that VNPAY signed or somebody made up. */
    returnUrl: (txnRef: string): string => {
      const transaction = books.get(txnRef);
      return `${transaction.returnUrl}&${queryOf(ipnOf(transaction))}`;
    },
    trouble: (...next: readonly VnpayTrouble[]) => void troubles.push(...next),
    /** `00` done, `05`/`06` under way, `09` refused later, `refused` at once. */
    refundsAre: (status: '00' | '05' | '09' | 'refused'): void => {
      books.set.refunds = status;
    },
    endRefunds: (txnRef: string, status: '00' | '09'): void => {
      const { refunds } = books.get(txnRef);
      books.change(txnRef, { refunds: refunds.map((one) => ({ ...one, status })) });
    },
    chargedVnd: (): number =>
      [...books.transactions.values()]
        .filter(({ status }) => status === 'paid')
        .reduce((sum, one) => sum + one.amount / 100, 0),
    refundedVnd: (): number =>
      [...books.transactions.values()]
        .flatMap(({ refunds }) => refunds)
        .filter(({ status }) => status !== '09')
        .reduce((sum, one) => sum + one.amount / 100, 0),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
