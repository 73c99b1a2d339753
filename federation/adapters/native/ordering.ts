import { Compile } from 'typebox/compile';
import { parseBoundedJson } from '../../engine/bounded-json.ts';
import { retryAfterMs } from '../../engine/breaker.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { PeerAnswer } from '../../engine/http.ts';
import { mustBe, tellPeer } from '../../engine/peer.ts';
import {
  OrderChanges,
  PASSING_REFUSALS,
  Quote,
  RemoteOrder,
  Settlement,
  settlementRoot,
  termsHashOf,
} from '../../protocol/ordering.ts';
import type { Ctx, Ordering, Outcome } from '../adapter.ts';

const maxBytes = 16 * 1_048_576;
const json = 'application/json';
const orders = '/federation/v1/orders';

const checkQuote = Compile(Quote);
const checkOrder = Compile(RemoteOrder);
const checkChanges = Compile(OrderChanges);
const checkSettlement = Compile(Settlement);

type Question<T> = {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly key?: string;
  readonly read: (document: unknown, answer: PeerAnswer) => T;
};

/** Yes and no count only when the pinned key signed them; whatever else comes, or does not, leaves the matter open. */
async function ask<T>(ctx: Ctx, { path, query = {}, body, key, read }: Question<T>): Promise<Outcome<T>> {
  const more = { ...(body ? { body } : {}), ...(key === undefined ? {} : { idempotencyKey: key }) };
  try {
    const { answer, verified } = await tellPeer(ctx, path, query, { maxBytes, contentType: json, ...more });
    if (!verified) return { unknown: 'unverified-answer', ...waitOf(ctx, answer) };
    if (answer.status !== 200 && answer.status !== 201) return refusalIn(ctx, answer);
    mustBe(json, answer);
    return { ok: read(parseBoundedJson(answer.body), answer) };
  } catch (error) {
    if (error instanceof PullFailure) return { unknown: error.code };
    throw error;
  }
}

const waitOf = (ctx: Ctx, { headers }: PeerAnswer): { readonly retryAfterMs?: number } => {
  const wait = retryAfterMs(headers['retry-after']?.toString(), ctx.now().getTime());
  return wait === undefined ? {} : { retryAfterMs: wait };
};

/** Statuses that tell of the moment or of the signature, not of what was asked. */
const passing: ReadonlySet<number> = new Set([401, 408, 425, 429]);

/** A signed 4xx settles the matter, also one whose code a later version made up. */
function refusalIn(ctx: Ctx, answer: PeerAnswer): Outcome<never> {
  const { status } = answer;
  const { code, ...extra } = Object(parseBoundedJson(answer.body)) as Readonly<Record<string, unknown>>;
  const isFinal = status >= 400 && status < 500 && !passing.has(status);
  if (isFinal && typeof code === 'string' && !PASSING_REFUSALS.has(code)) return { refused: { code, status, extra } };
  return { unknown: status === 429 || status === 503 ? 'throttled' : 'http-status', ...waitOf(ctx, answer) };
}

/** The document where it is what was asked for and agrees with itself. */
function expect<T>(document: unknown, isOne: (document: unknown) => document is T, isSound: (one: T) => boolean): T {
  if (isOne(document) && isSound(document)) return document;
  throw new PullFailure('malformed', 'the body is not as its schema says');
}

const isQuote = (document: unknown): document is Quote => checkQuote.Check(document);
const isOrder = (document: unknown): document is RemoteOrder => checkOrder.Check(document);
const isChanges = (document: unknown): document is OrderChanges => checkChanges.Check(document);
const isSettlement = (document: unknown): document is Settlement => checkSettlement.Check(document);

/** An order that is about another one answers nothing. */
const orderThat =
  (isMeant: (order: RemoteOrder) => boolean) =>
  (document: unknown): RemoteOrder =>
    expect(document, isOrder, isMeant);

const proofOf = ({ headers }: PeerAnswer): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['signature', 'signature-input', 'content-digest'].map((name) => [name, String(headers[name] ?? '')]),
  );

/** Buying at another node of this software, or at anyone who speaks its protocol. */
export const ordering: Ordering = {
  quote: (ctx, asked) =>
    ask(ctx, {
      path: '/federation/v1/quotes',
      body: asked,
      read: (said) => expect(said, isQuote, (quote) => termsHashOf(quote) === quote.termsHash),
    }),
  reserve: (ctx, asked, key) =>
    ask(ctx, { path: orders, body: asked, key, read: orderThat((order) => order.key === key) }),
  confirm: (ctx, { orderId, total }) =>
    ask(ctx, {
      path: `${orders}/${encodeURIComponent(orderId)}/confirm`,
      body: { total },
      read: orderThat((order) => order.orderId === orderId),
    }),
  cancel: (ctx, orderId, reason) =>
    ask(ctx, {
      path: `${orders}/${encodeURIComponent(orderId)}/cancel`,
      body: { reason },
      read: orderThat((order) => order.orderId === orderId),
    }),
  orderState: (ctx, by) =>
    'key' in by
      ? ask(ctx, { path: orders, query: { key: by.key }, read: orderThat(({ key }) => key === by.key) })
      : ask(ctx, {
          path: `${orders}/${encodeURIComponent(by.orderId)}`,
          read: orderThat(({ orderId }) => orderId === by.orderId),
        }),
  orderChanges: (ctx, cursor) =>
    ask(ctx, {
      path: '/federation/v1/order-changes',
      query: cursor === undefined ? {} : { cursor },
      read: (said) => expect(said, isChanges, () => true),
    }),
  settlement: (ctx, day) =>
    ask(ctx, {
      path: `/federation/v1/settlements/${encodeURIComponent(day)}`,
      read: (said, answer) => {
        const isSound = (one: Settlement) => one.day === day && settlementRoot(one.orders) === one.root;
        const document = expect(said, isSettlement, isSound);
        return { document, body: answer.body.toString('utf8'), signature: proofOf(answer) };
      },
    }),
};
