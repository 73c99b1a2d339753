import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '../client.ts';
import { createRandom } from '../random.ts';

export type Session = {
  readonly id: string;
  readonly object: 'checkout.session';
  readonly amount_total: number;
  readonly currency: string;
  readonly client_reference_id: string | null;
  readonly mode: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly success_url: string;
  readonly cancel_url: string;
  readonly url: string | null;
  readonly payment_intent: string | null;
  readonly payment_status: 'unpaid' | 'paid';
  readonly status: 'open' | 'complete' | 'expired';
};
export type Refund = {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly payment_intent: string;
  readonly status: 'succeeded' | 'pending' | 'failed';
};
export type StripeEvent = {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly type: string;
  readonly data: { readonly object: Session };
};

/** What happens to the next calls; each is used up by one. `lost`: done and booked, but the answer never arrives. */
export type Trouble = 'lost' | 'unavailable' | 'too-many';
export type Delivery = {
  /** Forged: signed with another secret. Stale: the right secret, ten minutes ago. */
  readonly signature?: 'good' | 'forged' | 'stale' | 'none';
};
export type StripeSimulator = Awaited<ReturnType<typeof startStripe>>;

type Reply = { readonly status: number; readonly body: unknown };
type Form = ReadonlyMap<string, string>;

const secretKey = 'sk_test_simulator';
const webhookSecret = 'whsec_simulator';

const errorOf = (status: number, type: string, message: string, code?: string): Reply => ({
  status,
  body: { error: { type, message, ...(code ? { code } : {}) } },
});

/** `line_items[0][price_data][currency]=vnd`, as the SDK writes nested parameters. */
const readForm = (text: string): Form => new Map(new URLSearchParams(text));
const digestOf = (method: string, path: string, text: string): string =>
  createHash('sha256').update(`${method} ${path}\n${text}`).digest('hex');

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function createBooks(seed: number) {
  const random = createRandom(seed);
  const sessions = new Map<string, Session>();
  const refunds = new Map<string, Refund>();
  const events: StripeEvent[] = [];
  const idOf = (prefix: string): string =>
    `${prefix}_${Array.from({ length: 24 }, () => '0123456789abcdefghijklmnopqrstuvwxyz'[random.between(0, 35)]).join('')}`;
  const get = (id: string): Session => {
    const session = sessions.get(id);
    if (!session) throw new Error(`No such session: ${id}`);
    return session;
  };
  /** Changes a session and records the event that tells of it. */
  const change = (id: string, type: string, members: Partial<Session>): StripeEvent => {
    const session = { ...get(id), ...members };
    sessions.set(id, session);
    const event: StripeEvent = {
      id: idOf('evt'),
      object: 'event',
      api_version: '2026-01-01',
      created: Math.floor(Date.now() / 1000),
      type,
      data: { object: session },
    };
    events.push(event);
    return event;
  };
  return { sessions, refunds, events, idOf, get, change };
}
type Books = ReturnType<typeof createBooks>;

function createSession(books: Books, form: Form, url: string): Reply {
  const unit = Number(form.get('line_items[0][price_data][unit_amount]'));
  const quantity = Number(form.get('line_items[0][quantity]'));
  const currency = form.get('line_items[0][price_data][currency]') ?? '';
  if (!Number.isSafeInteger(unit) || unit <= 0 || !Number.isSafeInteger(quantity) || quantity <= 0)
    return errorOf(400, 'invalid_request_error', 'Invalid integer', 'parameter_invalid_integer');
  if (!/^[a-z]{3}$/.test(currency)) return errorOf(400, 'invalid_request_error', 'Invalid currency');
  const id = books.idOf('cs_test');
  const session: Session = {
    id,
    object: 'checkout.session',
    amount_total: unit * quantity,
    currency,
    client_reference_id: form.get('client_reference_id') ?? null,
    mode: form.get('mode') ?? '',
    metadata: { code: form.get('metadata[code]') ?? '' },
    success_url: form.get('success_url') ?? '',
    cancel_url: form.get('cancel_url') ?? '',
    url: `${url}/c/pay/${id}`,
    payment_intent: null,
    payment_status: 'unpaid',
    status: 'open',
  };
  books.sessions.set(id, session);
  return { status: 200, body: session };
}

const chargedOf = (books: Books, intent: string): number =>
  [...books.sessions.values()]
    .filter((session) => session.payment_intent === intent && session.payment_status === 'paid')
    .reduce((sum, session) => sum + session.amount_total, 0);
const refundedOf = (books: Books, intent: string): number =>
  [...books.refunds.values()]
    .filter((refund) => refund.payment_intent === intent && refund.status !== 'failed')
    .reduce((sum, refund) => sum + refund.amount, 0);

function createRefund(books: Books, form: Form): Reply {
  const intent = form.get('payment_intent') ?? '';
  const amount = Number(form.get('amount'));
  const charged = chargedOf(books, intent);
  if (charged === 0) return errorOf(404, 'invalid_request_error', 'No such payment_intent', 'resource_missing');
  if (!Number.isSafeInteger(amount) || amount <= 0)
    return errorOf(400, 'invalid_request_error', 'Invalid positive integer', 'parameter_invalid_integer');
  if (refundedOf(books, intent) + amount > charged)
    return errorOf(400, 'invalid_request_error', 'Refund is greater than charge', 'amount_too_large');
  const refund: Refund = {
    id: books.idOf('re'),
    object: 'refund',
    amount,
    payment_intent: intent,
    status: 'succeeded',
  };
  books.refunds.set(refund.id, refund);
  return { status: 200, body: refund };
}

function answer(books: Books, method: string, path: string, form: Form, url: string): Reply {
  if (method === 'POST' && path === '/v1/checkout/sessions') return createSession(books, form, url);
  if (method === 'POST' && path === '/v1/refunds') return createRefund(books, form);
  const [, id = '', verb] = /^\/v1\/checkout\/sessions\/(\w+)(\/expire)?$/.exec(path) ?? [];
  const session = books.sessions.get(id);
  if (!session) return errorOf(404, 'invalid_request_error', `No such ${id || path}`, 'resource_missing');
  if (method === 'GET') return { status: 200, body: session };
  if (method === 'POST' && verb && session.status !== 'open')
    return errorOf(400, 'invalid_request_error', 'Only open sessions can be expired');
  if (method === 'POST' && verb)
    return {
      status: 200,
      body: books.change(id, 'checkout.session.expired', { status: 'expired', url: null }).data.object,
    };
  return errorOf(404, 'invalid_request_error', 'Unrecognized request URL');
}

const signatureOf = (payload: string, { signature = 'good' }: Delivery): Record<string, string> => {
  if (signature === 'none') return {};
  const at = Math.floor(Date.now() / 1000) - (signature === 'stale' ? 600 : 0);
  const secret = signature === 'forged' ? 'whsec_somebody_else' : webhookSecret;
  const v1 = createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex');
  return { 'stripe-signature': `t=${at},v1=${v1}` };
};

/** Tells events by webhook, as often and in whatever order a test likes. */
const createTelling = (books: Books) => {
  const told = new Set<string>();
  return {
    told,
    tell: async (base: string, event: StripeEvent, delivery: Delivery = {}): Promise<number> => {
      const body = JSON.stringify(event);
      const headers = { ...signatureOf(body, delivery) };
      const { status } = await createClient(base).send('POST', '/v1/webhooks/stripe', { body, headers });
      if (status === 200) told.add(event.id);
      return status;
    },
    untold: (): readonly StripeEvent[] => books.events.filter(({ id }) => !told.has(id)),
  };
};

/** What the shopper, or the shopper's bank, does at the provider's page. Each gives the event that tells of it. */
const createPayer = ({ get, change, idOf }: Books) => {
  const intentOf = (id: string) => ({ payment_intent: get(id).payment_intent ?? idOf('pi') });
  return {
    /** Pays. A card is charged once: paying a finished session throws, as the page would show. */
    pay: (id: string): StripeEvent => {
      if (get(id).status !== 'open') throw new Error('The session is not open');
      return change(id, 'checkout.session.completed', { status: 'complete', payment_status: 'paid', ...intentOf(id) });
    },
    /** Finishes the page with a slow method: the money comes later, by `succeed`, or not, by `fail`. */
    promise: (id: string): StripeEvent =>
      change(id, 'checkout.session.completed', { status: 'complete', payment_status: 'unpaid', ...intentOf(id) }),
    succeed: (id: string): StripeEvent =>
      change(id, 'checkout.session.async_payment_succeeded', { payment_status: 'paid', ...intentOf(id) }),
    fail: (id: string): StripeEvent => change(id, 'checkout.session.async_payment_failed', {}),
    lapse: (id: string): StripeEvent => change(id, 'checkout.session.expired', { status: 'expired', url: null }),
    /** Pays, but what the provider says of it has another amount or currency than was asked. */
    payOddly: (id: string, members: Partial<Pick<Session, 'amount_total' | 'currency'>>): StripeEvent =>
      change(id, 'checkout.session.completed', {
        status: 'complete',
        payment_status: 'paid',
        ...intentOf(id),
        ...members,
      }),
  };
};

/** An idempotency layer like Stripe's: the first answer is kept and replayed, other parameters under the same key are a 400. */
function createReplay() {
  const kept = new Map<string, { readonly digest: string; readonly reply: Reply }>();
  return (key: string | undefined, digest: string, make: () => Reply): Reply => {
    if (key === undefined) return make();
    const known = kept.get(key);
    if (known && known.digest !== digest)
      return errorOf(
        400,
        'idempotency_error',
        'Keys for idempotent requests can only be used with the same parameters',
      );
    const reply = known?.reply ?? make();
    kept.set(key, { digest, reply });
    return reply;
  };
}

function respond(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_simulator' });
  response.end(JSON.stringify(body));
}

/** The part of Stripe that we use, over real HTTP, with books of its own. Spoken to by the real SDK. */
export async function startStripe(seed = 1) {
  const books = createBooks(seed);
  const replay = createReplay();
  const troubles: Trouble[] = [];
  const calls: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const text = await readBody(request);
      const method = request.method ?? '';
      const path = (request.url ?? '').split('?')[0] ?? '';
      calls.push(`${method} ${path}`);
      if (request.headers.authorization !== `Bearer ${secretKey}`)
        return respond(response, errorOf(401, 'authentication_error', 'Invalid API Key provided'));
      const trouble = troubles.shift();
      if (trouble === 'unavailable') return respond(response, errorOf(503, 'api_error', 'Try again later'));
      if (trouble === 'too-many') return respond(response, errorOf(429, 'rate_limit_error', 'Too many requests'));
      const key = request.headers['idempotency-key'];
      const reply = replay(typeof key === 'string' ? key : undefined, digestOf(method, path, text), () =>
        answer(books, method, path, readForm(text), url),
      );
      if (trouble === 'lost') return void response.destroy();
      return respond(response, reply);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { told, tell, untold } = createTelling(books);
  return {
    url,
    env: { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, STRIPE_API_BASE: url },
    ...createPayer(books),
    tell,
    untold,
    /** The next calls meet this, one each. */
    trouble: (...next: readonly Trouble[]) => void troubles.push(...next),
    /** Every call that was made, such as `POST /v1/refunds`. */
    calls: (path: string) => calls.filter((call) => call === path).length,
    session: books.get,
    sessionOf: (redirectUrl = '') => redirectUrl.split('/').at(-1) ?? '',
    sessionCount: () => books.sessions.size,
    chargedVnd: () =>
      [...books.sessions.values()]
        .filter((session) => session.payment_status === 'paid' && session.currency === 'vnd')
        .reduce((sum, session) => sum + session.amount_total, 0),
    refundedVnd: () =>
      [...books.refunds.values()]
        .filter((refund) => refund.status !== 'failed')
        .reduce((sum, refund) => sum + refund.amount, 0),
    wasTold: (event: StripeEvent) => told.has(event.id),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
