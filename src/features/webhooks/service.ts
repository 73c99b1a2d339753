import { type Id, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import { readAsSeller, type SellerScope, transactAsSeller } from '#db/seller.ts';
import type { WebhookDeps } from './deps.ts';
import {
  countEndpoints,
  deleteEndpoint,
  type EndpointRow,
  findMessage,
  insertEndpoint,
  insertMessages,
  listEndpoints,
  listMessages,
  lockEndpoint,
  updateEndpoint,
  updateMessage,
} from './queries.ts';
import { checkUrl, maxEndpoints, oldSecretMs } from './rules.ts';
import { createSending, SEND_QUEUE } from './sending.ts';
import { newWebhookSecret } from './signing.ts';
import { type EndpointId, type MessageId, type WebhookEvent, webhookProblems } from './types.ts';

const refuse = refusals(webhookProblems);
export type Webhooks = ReturnType<typeof createWebhooks>;
export type NewEndpoint = {
  readonly businessId: Id<'Business'>;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
};
const logLength = 50;

const viewOf = ({ id, businessId, url, events, createdAt, failingSince, disabledAt }: EndpointRow) => ({
  endpointId: id,
  businessId,
  url,
  events: [...events],
  createdAt,
  failingSince,
  disabledAt,
});

async function lockOwn(tx: Tx, id: EndpointId, { businessIds }: SellerScope): Promise<EndpointRow> {
  const endpoint = await lockEndpoint(tx, id, businessIds);
  if (!endpoint) throw refuse('webhook-endpoint-not-found');
  return endpoint;
}

const createEndpoints = ({ db, vault, audit, allowLoopback, now }: WebhookDeps) => {
  const record = (tx: Tx, what: string, { id, url }: Pick<EndpointRow, 'id' | 'url'>): Promise<void> =>
    audit.record(tx, { action: `webhook-endpoint.${what}`, subject: { kind: 'webhook-endpoint', id }, after: { url } });

  return {
    list: async ({ businessIds }: SellerScope) =>
      (await readAsSeller(db, businessIds, (reader) => listEndpoints(reader, businessIds))).map(viewOf),
    /** Opens an endpoint; the secret is shown this once. 404 of a business that is not one's own, 409, 422. */
    open: (by: SellerScope, { businessId, url, events }: NewEndpoint) =>
      transactAsSeller(db, by, async (tx) => {
        if (!by.businessIds.includes(businessId)) throw refuse('webhook-endpoint-not-found');
        const address = checkUrl(url, allowLoopback);
        if ((await countEndpoints(tx, businessId)) >= maxEndpoints) throw refuse('webhook-endpoints-full');
        const id: EndpointId = newId();
        const secret = newWebhookSecret();
        const row = {
          id,
          businessId,
          url: address,
          events: [...new Set(events)],
          secretSealed: vault.seal(secret, `webhook_endpoints.secret_sealed:${id}`),
          oldSecretSealed: null,
          oldSecretUntil: null,
          createdAt: now(),
          failingSince: null,
          disabledAt: null,
        };
        await insertEndpoint(tx, row);
        await record(tx, 'opened', row);
        return { ...viewOf(row), secret };
      }),
    /** A new secret; the one before signs beside it for a day. */
    rotate: (by: SellerScope, id: EndpointId) =>
      transactAsSeller(db, by, async (tx) => {
        const endpoint = await lockOwn(tx, id, by);
        const secret = newWebhookSecret();
        const old = vault.open(endpoint.secretSealed, `webhook_endpoints.secret_sealed:${id}`);
        await updateEndpoint(tx, id, {
          secretSealed: vault.seal(secret, `webhook_endpoints.secret_sealed:${id}`),
          oldSecretSealed: vault.seal(old, `webhook_endpoints.old_secret_sealed:${id}`),
          oldSecretUntil: new Date(now().getTime() + oldSecretMs),
        });
        await record(tx, 'secret-changed', endpoint);
        return { ...viewOf(endpoint), secret };
      }),
    close: (by: SellerScope, id: EndpointId): Promise<void> =>
      transactAsSeller(db, by, async (tx) => {
        const endpoint = await lockOwn(tx, id, by);
        await deleteEndpoint(tx, id);
        await record(tx, 'closed', endpoint);
      }),
    /** Switches one on again that was switched off because nothing got through. */
    resume: (by: SellerScope, id: EndpointId): Promise<void> =>
      transactAsSeller(db, by, async (tx) => {
        const endpoint = await lockOwn(tx, id, by);
        await updateEndpoint(tx, id, { disabledAt: null, failingSince: null });
        await record(tx, 'resumed', endpoint);
      }),
  };
};

const createMessages = ({ db, jobs, now }: WebhookDeps) => ({
  log: (by: SellerScope, id: EndpointId) =>
    transactAsSeller(db, by, async (tx) => {
      await lockOwn(tx, id, by);
      return listMessages(tx, id, logLength);
    }),
  /** Sends a message again, whatever became of it: a receiver that lost it asks for it. */
  replay: (by: SellerScope, id: EndpointId, messageId: MessageId): Promise<void> =>
    transactAsSeller(db, by, async (tx) => {
      await lockOwn(tx, id, by);
      if (!(await findMessage(tx, messageId, id))) throw refuse('webhook-message-not-found');
      await updateMessage(tx, messageId, { state: 'queued', attempts: 0, nextTryAt: null, deliveredAt: null });
      await jobs.add(tx, SEND_QUEUE, [{ messageId }]);
    }),
  /** Sends a test message, so that a receiver can be built before anything happens. */
  ping: (by: SellerScope, id: EndpointId): Promise<MessageId | undefined> =>
    transactAsSeller(db, by, async (tx) => {
      await lockOwn(tx, id, by);
      const at = now();
      const messageId: MessageId = newId();
      const payload = { type: 'ping' as const, timestamp: at.toISOString(), data: { endpointId: id } };
      const row = { id: messageId, endpointId: id, cause: `ping:${messageId}`, type: 'ping', payload, createdAt: at };
      const [fresh] = await insertMessages(tx, [{ ...row, state: 'queued' }]);
      await jobs.add(tx, SEND_QUEUE, [{ messageId }]);
      return fresh;
    }),
});

export const createWebhooks = (deps: WebhookDeps) => ({
  ...createSending(deps),
  ...createEndpoints(deps),
  ...createMessages(deps),
});
