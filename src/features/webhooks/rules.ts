import { refusals } from '#core/problem.ts';
import { type MessageState, webhookProblems } from './types.ts';

const refuse = refusals(webhookProblems);
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Milliseconds to each further try, as Standard Webhooks proposes: a receiver that was down for a day gets everything. */
const retries = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour];

/** How long after try number `attempts` the next one comes; undefined when it was the last. */
const nextTryMs = (attempts: number): number | undefined => retries[attempts - 1];

/** An endpoint to which nothing got through for so long is switched off, and its owner told. */
const deadAfterMs = 5 * 24 * hour;
export const maxEndpoints = 10;
/** A secret that was replaced signs beside the new one for so long, so that a receiver can change over at leisure. */
export const oldSecretMs = 24 * hour;

/** Says no to what is certainly wrong. Whether a name leads to a public address is looked at when it is dialled. */
export function checkUrl(text: string, allowLoopback: boolean): string {
  const url = URL.parse(text);
  const local = allowLoopback && url !== null && /^(127\.\d+\.\d+\.\d+|localhost)$/.test(url.hostname);
  if (!url || (url.protocol !== 'https:' && !local) || url.username || url.password || text.length > 500)
    throw refuse('webhook-url-refused');
  return url.href;
}

export type Tried = {
  readonly attempts: number;
  readonly failingSince: Date | null;
  readonly status: number | undefined;
};
export type AfterTry = {
  readonly state: MessageState;
  readonly deliveredAt: Date | null;
  readonly nextTryAt: Date | null;
  readonly failingSince: Date | null;
  /** Nothing got through for days, or the receiver said with 410 that it wants no more. */
  readonly dead: boolean;
};

/** What a try changes, for the message and for its endpoint. */
export function afterTry({ attempts, failingSince, status }: Tried, now: Date): AfterTry {
  if (status !== undefined && status >= 200 && status < 300)
    return { state: 'delivered', deliveredAt: now, nextTryAt: null, failingSince: null, dead: false };
  const since = failingSince ?? now;
  const wait = status === 410 ? undefined : nextTryMs(attempts);
  return {
    state: wait === undefined ? 'failed' : 'queued',
    deliveredAt: null,
    nextTryAt: wait === undefined ? null : new Date(now.getTime() + wait),
    failingSince: since,
    dead: status === 410 || now.getTime() - since.getTime() > deadAfterMs,
  };
}
