import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '../client.ts';
import { type Books, createBooks, refundedOf } from './stripe-books.ts';
import { createWildness, moneyBy, namesBy, type Trouble } from './stripe-lab.ts';
import type { Dispute, Intent, Refund, RefundManner, Session, StripeEvent } from './stripe-objects.ts';

export type { Dispute, StripeEvent } from './stripe-objects.ts';

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
    metadata: Object.fromEntries(
      [...form].flatMap(([name, value]) => {
        const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
        return key ? [[key, value]] : [];
      }),
    ),
    created: Math.floor(Date.now() / 1000),
    success_url: form.get('success_url') ?? '',
    cancel_url: form.get('cancel_url') ?? '',
    url: `${url}/c/pay/${id}`,
    payment_intent: null,
    payment_status: 'unpaid',
    status: 'open',
  };
  books.sessions.set(id, session);
  if (form.get('payment_intent_data[capture_method]') === 'manual') books.manual.add(id);
  return { status: 200, body: session };
}

const chargedOf = (books: Books, intent: string): number =>
  [...books.sessions.values()]
    .filter((session) => session.payment_intent === intent && session.payment_status === 'paid')
    .reduce((sum, session) => sum + session.amount_total, 0);
function createRefund(books: Books, form: Form): Reply {
  const intent = form.get('payment_intent') ?? '';
  const amount = Number(form.get('amount'));
  const charged = chargedOf(books, intent);
  if (books.set.refunds === 'refused')
    return errorOf(400, 'invalid_request_error', 'The charge is disputed', 'charge_disputed');
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
    status: books.set.refunds,
    failure_reason: books.set.refunds === 'failed' ? 'expired_or_canceled_card' : null,
  };
  books.refunds.set(refund.id, refund);
  return { status: 200, body: refund };
}

/** Money that was set aside is taken or let go, once. */
function changeIntent(books: Books, id: string, verb: string): Reply {
  const intent = books.intents.get(id);
  if (!intent) return errorOf(404, 'invalid_request_error', 'No such payment_intent', 'resource_missing');
  if (intent.status !== 'requires_capture')
    return errorOf(400, 'invalid_request_error', `It is ${intent.status}`, 'payment_intent_unexpected_state');
  const taken = verb === 'capture';
  const next: Intent = {
    ...intent,
    status: taken ? 'succeeded' : 'canceled',
    amount_received: taken ? intent.amount : 0,
  };
  books.intents.set(id, next);
  for (const session of books.sessions.values())
    if (taken && session.payment_intent === id) books.sessions.set(session.id, { ...session, payment_status: 'paid' });
  return { status: 200, body: next };
}

/** The session as it is shown: with its money where the question asks for that. */
const shownSession = (books: Books, session: Session, form: Form): Session => {
  const intent = typeof session.payment_intent === 'string' ? books.intents.get(session.payment_intent) : undefined;
  return form.get('expand[0]') === 'payment_intent' && intent ? { ...session, payment_intent: intent } : session;
};

/** What was finished since, each with its money and what of it went back. */
function listSessions(books: Books, form: Form): Reply {
  const since = Number(form.get('created[gte]') ?? 0);
  const data = [...books.sessions.values()]
    .filter(({ status, created }) => status === 'complete' && created >= since)
    .map((session) => {
      const intent = typeof session.payment_intent === 'string' && books.intents.get(session.payment_intent);
      const charge = { object: 'charge', amount_refunded: intent ? refundedOf(books, intent.id) : 0 };
      return intent ? { ...session, payment_intent: { ...intent, latest_charge: charge } } : session;
    });
  return { status: 200, body: { object: 'list', url: '/v1/checkout/sessions', has_more: false, data } };
}

function answer(books: Books, method: string, path: string, form: Form, url: string): Reply {
  const [, intentId = '', change = ''] = /^\/v1\/payment_intents\/(\w+)\/(capture|cancel)$/.exec(path) ?? [];
  if (intentId) return changeIntent(books, intentId, change);
  const refund = books.refunds.get(/^\/v1\/refunds\/(\w+)$/.exec(path)?.[1] ?? '');
  if (refund) return { status: 200, body: refund };
  if (method === 'POST' && path === '/v1/checkout/sessions') return createSession(books, form, url);
  if (method === 'POST' && path === '/v1/refunds') return createRefund(books, form);
  if (method === 'GET' && path === '/v1/checkout/sessions') return listSessions(books, form);
  const [, id = '', verb] = /^\/v1\/checkout\/sessions\/(\w+)(\/expire)?$/.exec(path) ?? [];
  const session = books.sessions.get(id);
  if (!session) return errorOf(404, 'invalid_request_error', `No such ${id || path}`, 'resource_missing');
  if (method === 'GET') return { status: 200, body: shownSession(books, session, form) };
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
const createPayer = (books: Books) => {
  const { get, change, idOf, intents } = books;
  const intentOf = (id: string) => ({ payment_intent: get(id).payment_intent ?? idOf('pi') });
  /** The card answers yes: the money is there, or set aside where that was asked for. */
  const charge = (id: string): { payment_intent: string; payment_status: 'paid' | 'unpaid' } => {
    const isManual = books.manual.has(id);
    const amount = get(id).amount_total;
    const intent: Intent = {
      id: idOf('pi'),
      object: 'payment_intent',
      amount,
      amount_received: isManual ? 0 : amount,
      status: isManual ? 'requires_capture' : 'succeeded',
      cancellation_reason: null,
    };
    intents.set(intent.id, intent);
    return { payment_intent: intent.id, payment_status: isManual ? 'unpaid' : 'paid' };
  };
  return {
    /** Pays. A card is charged once: paying a finished session throws, as the page would show. */
    pay: (id: string): StripeEvent => {
      if (get(id).status !== 'open') throw new Error('The session is not open');
      return change(id, 'checkout.session.completed', { status: 'complete', ...charge(id) });
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

/** What happens to money after it was paid: refunds that arrive or come back, and cards' banks that claim it. */
const createAftermath = ({ refunds, disputes, sessions, idOf, record, set }: Books) => {
  const intentOf = (sessionId: string): string => String(sessions.get(sessionId)?.payment_intent);
  const moveDispute = (id: string, type: string, members: Partial<Dispute>): StripeEvent => {
    const dispute = disputes.get(id);
    if (!dispute) throw new Error(`No such dispute: ${id}`);
    const next = { ...dispute, ...members };
    disputes.set(id, next);
    return record(type, next);
  };
  const endRefund =
    (status: 'succeeded' | 'failed') =>
    (id: string): StripeEvent => {
      const refund = refunds.get(id);
      if (!refund) throw new Error(`No such refund: ${id}`);
      const next: Refund = { ...refund, status, failure_reason: status === 'failed' ? 'lost_or_stolen_card' : null };
      refunds.set(id, next);
      return record(status === 'failed' ? 'refund.failed' : 'refund.updated', next);
    };
  return {
    /** From now on refunds are so. */
    refundsAre: (manner: RefundManner): void => {
      set.refunds = manner;
    },
    refundsOf: (sessionId: string): readonly Refund[] =>
      [...refunds.values()].filter((refund) => refund.payment_intent === intentOf(sessionId)),
    arriveRefund: endRefund('succeeded'),
    failRefund: endRefund('failed'),
    /** The card's bank claims the money back; it leaves the balance at once. */
    dispute: (sessionId: string, amount: number, dueBy: Date): StripeEvent => {
      const dispute: Dispute = {
        id: idOf('du'),
        object: 'dispute',
        amount,
        payment_intent: intentOf(sessionId),
        reason: 'product_not_received',
        status: 'needs_response',
        evidence_details: { due_by: Math.floor(dueBy.getTime() / 1000) },
      };
      disputes.set(dispute.id, dispute);
      return record('charge.dispute.created', dispute);
    },
    answerDispute: (id: string) => moveDispute(id, 'charge.dispute.updated', { status: 'under_review' }),
    closeDispute: (id: string, status: 'won' | 'lost') => moveDispute(id, 'charge.dispute.closed', { status }),
    /** What cards' banks hold or have kept. */
    disputedVnd: (): number =>
      [...disputes.values()].filter(({ status }) => status !== 'won').reduce((sum, { amount }) => sum + amount, 0),
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
  const wildness = createWildness(books);
  const calls: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const query = (request.url ?? '').split('?')[1] ?? '';
      const text = (await readBody(request)) || query;
      const method = request.method ?? '';
      const path = (request.url ?? '').split('?')[0] ?? '';
      calls.push(`${method} ${path}`);
      if (request.headers.authorization !== `Bearer ${secretKey}`)
        return respond(response, errorOf(401, 'authentication_error', 'Invalid API Key provided'));
      const trouble = troubles.shift() ?? wildness.draw(method, path);
      if (trouble === 'unavailable') return respond(response, errorOf(503, 'api_error', 'Try again later'));
      if (trouble === 'in-use')
        return respond(response, errorOf(409, 'idempotency_error', 'In use', 'idempotency_key_in_use'));
      if (trouble === 'garbage') return void response.writeHead(200).end('<html>not what you asked for</html>');
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
    ...createAftermath(books),
    tell,
    untold,
    /** The next calls meet this, one each. */
    trouble: (...next: readonly Trouble[]) => void troubles.push(...next),
    /** Every call that was made, such as `POST /v1/refunds`. */
    calls: (path: string) => calls.filter((call) => call === path).length,
    setWild: wildness.setWild,
    /** What calls met while it was wild. */
    met: wildness.met as ReadonlyMap<string, number>,
    moneyBy: (mark: string) => moneyBy(books, mark),
    /** What else sessions were marked with, by a mark of theirs. */
    namesBy: (mark: string, other: string) => namesBy(books, mark, other),
    /** Whatever of refunds is still on its way. */
    pendingRefunds: () => [...books.refunds.values()].filter(({ status }) => status === 'pending').map(({ id }) => id),
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
