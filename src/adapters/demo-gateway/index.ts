import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import type {
  Delivery,
  DemoDesk,
  DemoSession,
  Gateway,
  GatewayEvent,
  GatewayOutcome,
  ReceivingAccount,
  StartRequest,
} from '#features/payments/types.ts';

export type DemoGatewayOptions = {
  /** Its books: one file a session, beside nothing of ours. */
  readonly folder: string;
  readonly publicUrl: string;
  /** Where this very process can be reached, for the webhooks. */
  readonly selfUrl: () => string;
  readonly secret: string;
  readonly sepayKey: string | undefined;
  readonly account: ReceivingAccount | undefined;
  readonly fetch: typeof fetch;
};
type Played = 'stripe' | 'vnpay';
type Book = StartRequest & { readonly method: Played; readonly verdict?: 'pay' | 'decline' };

/** The same payment is the same session, so that asking twice makes no second one. */
const sessionIdOf = (paymentId: string): string =>
  `demo_${createHash('sha256').update(paymentId).digest('hex').slice(0, 32)}`;

function createBooks(folder: string) {
  mkdirSync(folder, { recursive: true });
  const fileOf = (sessionId: string): string => join(folder, `${sessionId}.json`);
  return {
    read: (sessionId: string): Book | undefined => {
      if (!/^demo_[0-9a-f]{32}$/.test(sessionId)) return undefined;
      try {
        return JSON.parse(readFileSync(fileOf(sessionId), 'utf8')) as Book;
      } catch {
        return undefined;
      }
    },
    write: (sessionId: string, book: Book): void => writeFileSync(fileOf(sessionId), JSON.stringify(book)),
  };
}

const outcomeOf = (sessionId: string, book: Book): GatewayOutcome => {
  if (book.verdict === 'pay')
    return { kind: 'paid', amountVnd: book.amountVnd, reference: `demo_charge_${sessionId.slice(5)}` };
  return book.verdict === 'decline'
    ? { kind: 'declined', reason: 'declined on the demonstration page' }
    : { kind: 'pending' };
};

const sign = (secret: string, body: string): string => createHmac('sha256', secret).update(body).digest('hex');

/** The message and the proof of it: cards tell by a body, VNPAY by the query of a GET. */
function readMessage(method: Played, { body, headers, query }: Delivery): readonly [text: string, signature: string] {
  const given = new URLSearchParams(query);
  return method === 'vnpay'
    ? [given.get('message') ?? '', given.get('signature') ?? '']
    : [body.toString('utf8'), String(headers['stripe-signature'] ?? '')];
}

function verified(secret: string, text: string, signature: string): boolean {
  const expected = Buffer.from(sign(secret, text));
  const given = Buffer.from(signature.replace(/^demo=/, ''));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

type Books = ReturnType<typeof createBooks>;

function createPlayed({ publicUrl, secret }: DemoGatewayOptions, books: Books, method: Played): Gateway {
  const nothingSetAside = async (): Promise<GatewayOutcome> => ({
    kind: 'unknown',
    cause: 'nothing is set aside here',
  });
  return {
    method,
    start: async (request) => {
      const sessionId = sessionIdOf(request.paymentId);
      if (!books.read(sessionId)) books.write(sessionId, { ...request, method });
      return { sessionId, redirectUrl: `${publicUrl}/minh-hoa/${method === 'vnpay' ? 'vnpay' : 'the'}/${sessionId}` };
    },
    query: async ({ sessionId }) => {
      const book = books.read(sessionId);
      return book ? outcomeOf(sessionId, book) : { kind: 'unknown', cause: 'no such session' };
    },
    capture: nothingSetAside,
    void: nothingSetAside,
    readEvent: (delivery): GatewayEvent | undefined => {
      const [text, signature] = readMessage(method, delivery);
      if (!verified(secret, text, signature)) return undefined;
      const { eventId, sessionId } = JSON.parse(text) as { eventId: string; sessionId: string };
      const book = books.read(sessionId);
      const outcome: GatewayOutcome = book ? outcomeOf(sessionId, book) : { kind: 'unknown', cause: 'no such session' };
      const news = { about: 'session', sessionId, currency: 'vnd', outcome } as const;
      return { eventId, type: 'demonstration', news, raw: { eventId, sessionId } };
    },
    refund: async ({ key, amountVnd }) => ({ kind: 'paid', amountVnd, reference: `demo_refund_${key}` }),
    queryRefund: async (reference, { amountVnd }) => ({ kind: 'paid', amountVnd, reference }),
  };
}

/** Tells of a decision by the webhook that the provider itself would call. */
async function tell({ selfUrl, secret, fetch }: DemoGatewayOptions, method: Played, message: string): Promise<void> {
  const signature = `demo=${sign(secret, message)}`;
  const answer =
    method === 'vnpay'
      ? await fetch(`${selfUrl()}/v1/webhooks/vnpay?${new URLSearchParams({ message, signature }).toString()}`)
      : await fetch(`${selfUrl()}/v1/webhooks/stripe`, {
          method: 'POST',
          body: message,
          headers: { 'content-type': 'application/json', 'stripe-signature': signature },
        });
  if (!answer.ok) throw new Error(`The demonstration's webhook was answered ${answer.status}`);
}

/** Stands where Stripe and VNPAY would, in demonstrations without keys only, and says so on its pages. */
export function createDemoGateway(options: DemoGatewayOptions): {
  readonly gateways: { readonly stripe: Gateway; readonly vnpay: Gateway };
  readonly desk: DemoDesk;
} {
  const books = createBooks(options.folder);
  const post = async (path: string, body: string, headers: Record<string, string>): Promise<void> => {
    const answer = await options.fetch(`${options.selfUrl()}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    if (!answer.ok) throw new Error(`The demonstration's webhook was answered ${answer.status}`);
  };

  const view = ({ method, code, amountVnd, description, verdict, cancelUrl }: Book): DemoSession => ({
    method,
    code,
    amountVnd,
    description,
    verdict,
    cancelUrl,
  });
  const desk: DemoDesk = {
    session: (sessionId) => {
      const book = books.read(sessionId);
      return book && view(book);
    },
    decide: async (sessionId, verdict) => {
      const book = books.read(sessionId);
      if (!book) return options.publicUrl;
      // The first answer stands: a provider does not charge twice because somebody pressed twice.
      if (!book.verdict) books.write(sessionId, { ...book, verdict });
      const body = JSON.stringify({ eventId: `${sessionId}:${book.verdict ?? verdict}`, sessionId });
      await tell(options, book.method, body);
      return (book.verdict ?? verdict) === 'pay' ? book.successUrl : book.cancelUrl;
    },
    transfer: (memo, amountVnd: Vnd) => {
      const id = randomBytes(6).readUIntBE(0, 6);
      const transactionDate = new Date(systemClock().getTime() + 7 * 3_600_000)
        .toISOString()
        .slice(0, 19)
        .replace('T', ' ');
      const transfer = {
        id,
        gateway: 'Demo',
        transactionDate,
        accountNumber: options.account?.accountNumber ?? '',
        code: null,
        content: `MBVCB.${id}.${memo}.CT tu NGUOI MUA MAU`,
        transferType: 'in',
        transferAmount: amountVnd,
        accumulated: 0,
        subAccount: null,
        referenceCode: `FT${id}`,
        description: '',
      };
      return post('/v1/webhooks/bank/sepay', JSON.stringify(transfer), {
        authorization: `Apikey ${options.sepayKey ?? ''}`,
      });
    },
  };
  return {
    gateways: { stripe: createPlayed(options, books, 'stripe'), vnpay: createPlayed(options, books, 'vnpay') },
    desk,
  };
}
