import { Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { CHANNELS, DELIVERY_STATES, LANGUAGES } from './types.ts';

export const NoticeQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const NoticeView = Type.Object(
  {
    deliveryId: IdOf('NoticeDelivery', 'This notice to this account'),
    kind: Text('What it is about', 60, 'business.approved'),
    subject: Text('In a few words', 200, 'Cơ sở đã được duyệt'),
    body: Text('What to know and do', 2_000, 'Cơ sở của bạn đã được duyệt. Bạn có thể đăng sản phẩm.'),
    path: Nullable(Text('Where to go on, on this site', 300, '/ban-hang/co-so')),
    createdAt: Instant('When it was told'),
    readAt: Nullable(Instant('When it was read')),
  },
  { title: 'Notice' },
);
export const NoticeList = Type.Object({
  items: Type.Array(NoticeView, { description: 'Newest first', maxItems: 100 }),
  nextCursor: Nullable(CursorText),
});
export const ReadBody = Type.Object(
  {
    deliveryIds: Type.Optional(
      Type.Array(IdOf('NoticeDelivery', 'A notice'), { description: 'These; all when left out', maxItems: 100 }),
    ),
  },
  { additionalProperties: false, examples: [{}] },
);
export const ReadAnswer = Type.Object({ read: Count('How many were unread until now', 3) });

const Hour = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: 23, description, examples: [example] });
export const NoticeSettings = Type.Object(
  {
    language: Type.Enum([...LANGUAGES], { description: 'Language of what is sent' }),
    channels: Type.Array(Type.Enum([...CHANNELS]), {
      description: 'Ways that may be used; what is urgent may use any',
      maxItems: CHANNELS.length,
      uniqueItems: true,
      examples: [['in-app', 'email']],
    }),
    quietFrom: Hour('Hour in Vietnam from which the telephone stays silent', 21),
    quietUntil: Hour('Hour in Vietnam until which it does', 7),
  },
  {
    title: 'NoticeSettings',
    additionalProperties: false,
    examples: [{ language: 'vi', channels: ['in-app', 'email'], quietFrom: 21, quietUntil: 7 }],
  },
);

export const LogQuery = Type.Object({
  state: Type.Optional(Type.Enum([...DELIVERY_STATES], { description: 'Only these' })),
  kind: Type.Optional(Text('Only this kind', 60, 'certificate.ending')),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});
export const DeliveryView = Type.Object(
  {
    deliveryId: IdOf('NoticeDelivery', 'The message'),
    kind: Text('What it is about', 60, 'account.password-changed'),
    channel: Type.Enum([...CHANNELS], { description: 'The way it went' }),
    address: Text('Phone or e-mail, its middle hidden', 200, '+84…678'),
    state: Type.Enum([...DELIVERY_STATES], { description: 'What became of it' }),
    attempts: Count('Tries so far', 1),
    lastError: Nullable(Text('Why the last try failed', 300, 'connection refused')),
    notBefore: Instant('The next try is not before then'),
    createdAt: Instant('When it was told'),
    sentAt: Nullable(Instant('When it was sent')),
    providerReference: Nullable(Text('What the provider calls it', 300, '<0199…@san.example>')),
  },
  { title: 'NoticeDelivery' },
);
export const DeliveryList = Type.Object({
  items: Type.Array(DeliveryView, { description: 'Newest first', maxItems: 100 }),
  nextCursor: Nullable(CursorText),
});
export const DeliveryParams = Type.Object({ deliveryId: IdOf('NoticeDelivery', 'The message') });
