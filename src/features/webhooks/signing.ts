import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** `whsec_` and 24 random bytes, as Standard Webhooks writes a symmetric secret. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

/** The headers by which a receiver knows that a message is ours and new: signed by each secret that is valid now. */
export const signMessage = (secrets: readonly string[], id: string, at: Date, body: string) => ({
  'content-type': 'application/json',
  'user-agent': 'cho-noi-webhooks/1',
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
});
