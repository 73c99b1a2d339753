import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type EndpointId = Id<'WebhookEndpoint'>;
export type MessageId = Id<'WebhookMessage'>;

/** What a business's own system can be told. The data hold codes, ids and states; whoever needs more asks the API. */
export const WEBHOOK_EVENTS = ['order.paid', 'order.changed', 'product.changed', 'certificate.changed'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
export const MESSAGE_STATES = ['queued', 'delivered', 'failed'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** What is posted, in the shape of Standard Webhooks (standardwebhooks.com). */
export type Payload = {
  readonly type: WebhookEvent | 'ping';
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** The only way out: https to public addresses, no redirects, bytes and time capped. Rejects when nothing came back. */
export type Post = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<{ readonly status: number }>;

export const webhookProblems = defineProblems({
  'webhook-endpoint-not-found': {
    status: 404,
    vi: ['Không có địa chỉ nhận tin này', 'Tải lại danh sách địa chỉ nhận tin của cơ sở.'],
    en: ['There is no such endpoint', 'Reload the list of endpoints of your business.'],
  },
  'webhook-message-not-found': {
    status: 404,
    vi: ['Không có tin này', 'Tải lại nhật ký của địa chỉ nhận tin.'],
    en: ['There is no such message', 'Reload the log of the endpoint.'],
  },
  'webhook-url-refused': {
    status: 422,
    vi: ['Không gửi được tới địa chỉ này', 'Dùng địa chỉ https công khai, không kèm tên đăng nhập.'],
    en: ['This address cannot be used', 'Give a public https address without credentials.'],
  },
  'webhook-endpoints-full': {
    status: 409,
    vi: ['Đã đủ địa chỉ nhận tin', 'Mỗi cơ sở có tối đa 10 địa chỉ; gỡ bớt trước khi thêm.'],
    en: ['There are enough endpoints', 'A business has at most 10; remove one before you add another.'],
  },
});
