import { type Id, newId } from '#core/ids.ts';
import { type Tx, transact } from '#db/client.ts';
import type { WebhookDeps } from './deps.ts';
import {
  beginTry,
  type EndpointRow,
  findEndpoint,
  forgetMessages,
  insertMessages,
  listListening,
  type MessageRow,
  saveTry,
  updateEndpoint,
  wants,
} from './queries.ts';
import { type AfterTry, afterTry } from './rules.ts';
import { signMessage } from './signing.ts';
import type { EndpointId, MessageId } from './types.ts';
import { type Happening, listHappenings } from './views.ts';

export const SEND_QUEUE = 'webhooks.send';
const actor = 'system:webhooks';
/** Events are read again over so long: more than a transaction lives, and than a worker takes to be replaced. */
const overlapMs = 10 * 60_000;
/** Messages that are over are kept for so long, to be looked at and replayed. */
const keptMs = 30 * 24 * 3_600_000;

const messageOf = (endpointId: EndpointId, { cause, type, at, data }: Happening, now: Date) => ({
  id: newId<'WebhookMessage'>(),
  endpointId,
  cause,
  type,
  payload: { type, timestamp: at.toISOString(), data },
  state: 'queued' as const,
  createdAt: now,
});

type Answer = { readonly status: number | undefined; readonly error: string | null; readonly tookMs: number };

/** Plans and sends. Delivery is at least once and in no certain order; `webhook-id` is the same at every try. */
export const createSending = ({ db, jobs, vault, notices, post, now }: WebhookDeps) => {
  const secretsOf = ({ id, secretSealed, oldSecretSealed, oldSecretUntil }: EndpointRow): string[] => {
    const old = oldSecretSealed && oldSecretUntil && oldSecretUntil > now() ? oldSecretSealed : null;
    return [
      vault.open(secretSealed, `webhook_endpoints.secret_sealed:${id}`),
      ...(old ? [vault.open(old, `webhook_endpoints.old_secret_sealed:${id}`)] : []),
    ];
  };

  const tryOnce = async (endpoint: EndpointRow, message: MessageRow): Promise<Answer> => {
    const body = JSON.stringify(message.payload);
    const started = performance.now();
    const tookMs = (): number => Math.round(performance.now() - started);
    try {
      const headers = signMessage(secretsOf(endpoint), message.id, now(), body);
      const { status } = await post(new URL(endpoint.url), headers, body);
      return { status, error: null, tookMs: tookMs() };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { status: undefined, error: reason.slice(0, 300), tookMs: tookMs() };
    }
  };

  const settleEndpoint = async (tx: Tx, endpoint: EndpointRow, { failingSince, dead }: AfterTry): Promise<void> => {
    const at = now();
    await updateEndpoint(tx, endpoint.id, { failingSince, ...(dead && { disabledAt: at }) });
    if (!dead) return;
    await notices.tell(tx, {
      kind: 'webhook.disabled',
      to: { businessId: endpoint.businessId, roles: ['owner'] },
      values: { url: endpoint.url },
      path: '/ban-hang/webhook',
      key: `webhook-disabled:${endpoint.id}:${at.toISOString()}`,
    });
  };

  const settle = (endpoint: EndpointRow, message: MessageRow, { status, error, tookMs }: Answer): Promise<void> =>
    transact(db, actor, async (tx) => {
      const at = now();
      const after = afterTry({ attempts: message.attempts, failingSince: endpoint.failingSince, status }, at);
      const { state, nextTryAt, deliveredAt } = after;
      await saveTry(
        tx,
        { id: newId(), messageId: message.id, at, status: status ?? null, tookMs, error },
        { state, nextTryAt, deliveredAt },
      );
      if (nextTryAt) {
        const afterSeconds = (nextTryAt.getTime() - at.getTime()) / 1_000;
        await jobs.add(tx, SEND_QUEUE, [{ messageId: message.id }], { afterSeconds });
      }
      await settleEndpoint(tx, endpoint, after);
    });

  return {
    /** Makes messages of what happened lately, for the endpoints that want them; how many were new. */
    planDue: async (): Promise<number> => {
      const listening = await listListening(db);
      if (listening.length === 0) return 0;
      const at = now();
      const since = new Date(at.getTime() - overlapMs);
      const ids = [...new Set(listening.map(({ businessId }) => businessId))] as readonly Id<'Business'>[];
      const happened = await listHappenings(db, ids, since);
      const rows = listening.flatMap((endpoint) =>
        happened
          .filter(
            ({ businessId, type, at: when }) =>
              businessId === endpoint.businessId && wants(endpoint, type) && when >= endpoint.createdAt,
          )
          .map((one) => messageOf(endpoint.id, one, at)),
      );
      return transact(db, actor, async (tx) => {
        const fresh = await insertMessages(tx, rows);
        await jobs.add(
          tx,
          SEND_QUEUE,
          fresh.map((messageId) => ({ messageId })),
        );
        return fresh.length;
      });
    },
    /** One try. What does not get through is tried again over a day and a half. */
    send: async (messageId: MessageId): Promise<void> => {
      const message = await transact(db, actor, (tx) => beginTry(tx, messageId));
      const endpoint = message && (await findEndpoint(db, message.endpointId));
      if (!message || !endpoint || endpoint.disabledAt) return;
      await settle(endpoint, message, await tryOnce(endpoint, message));
    },
    forgetOld: (): Promise<number> =>
      transact(db, actor, (tx) => forgetMessages(tx, new Date(now().getTime() - keptMs))),
  };
};
