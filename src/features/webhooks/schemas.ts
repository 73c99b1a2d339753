import { Type } from '@fastify/type-provider-typebox';
import { Count, IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { MESSAGE_STATES, WEBHOOK_EVENTS } from './types.ts';

const Events = Type.Array(Type.Enum([...WEBHOOK_EVENTS]), {
  description: 'What to be told of',
  minItems: 1,
  maxItems: WEBHOOK_EVENTS.length,
  examples: [['order.paid', 'order.changed']],
});
const endpoint = {
  endpointId: IdOf('WebhookEndpoint', 'The endpoint'),
  businessId: IdOf('Business', 'Whose it is'),
  url: Text('Where messages go', 500, 'https://phan-mem.example/cho-noi'),
  events: Events,
  createdAt: Instant('Since when'),
  failingSince: Nullable(Instant('Since when nothing gets through')),
  disabledAt: Nullable(Instant('When it was switched off because of that')),
};
export const EndpointView = Type.Object(endpoint, { title: 'WebhookEndpoint' });
export const EndpointList = Type.Object({ items: Type.Array(EndpointView, { description: 'By age', maxItems: 200 }) });
export const EndpointSecret = Type.Object(
  { ...endpoint, secret: Text('Signs every message; shown this once', 60, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') },
  { title: 'WebhookEndpointSecret' },
);
export const OpenBody = Type.Object(
  {
    businessId: IdOf('Business', 'One of your businesses'),
    url: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'A public https address',
      examples: ['https://phan-mem.example/cho-noi'],
    }),
    events: Events,
  },
  {
    additionalProperties: false,
    examples: [
      {
        businessId: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b',
        url: 'https://phan-mem.example/cho-noi',
        events: ['order.paid'],
      },
    ],
  },
);
export const EndpointParams = Type.Object({ endpointId: IdOf('WebhookEndpoint', 'The endpoint') });
export const MessageParams = Type.Object({
  endpointId: IdOf('WebhookEndpoint', 'The endpoint'),
  messageId: IdOf('WebhookMessage', 'The message, its `webhook-id`'),
});
export const MessageView = Type.Object(
  {
    messageId: IdOf('WebhookMessage', 'The message, its `webhook-id`'),
    type: Text('What happened', 40, 'order.paid'),
    state: Type.Enum([...MESSAGE_STATES], { description: 'What became of it' }),
    attempts: Count('Tries so far', 1),
    createdAt: Instant('When it was made'),
    nextTryAt: Nullable(Instant('When it is tried again')),
    deliveredAt: Nullable(Instant('When it was taken')),
    status: Nullable(Type.Integer({ description: 'What the receiver answered last', examples: [200] })),
    error: Nullable(Text('Why nothing came back', 300, 'timed out')),
  },
  { title: 'WebhookMessage' },
);
export const MessageList = Type.Object({
  items: Type.Array(MessageView, { description: 'The last 50, newest first', maxItems: 50 }),
});
