import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { MemberRole, StaffRole } from '#core/roles.ts';

export type NoticeId = Id<'Notice'>;
export type DeliveryId = Id<'NoticeDelivery'>;

/** Whom a notice is for. A business means its members of those roles (owner and manager by default); staff, everybody of that role. */
export type Recipient =
  | { readonly accountId: Id<'Account'> }
  | { readonly businessId: Id<'Business'>; readonly roles?: readonly MemberRole[] }
  | { readonly staffRole: StaffRole }
  | {
      readonly phone: string;
      /** Of whoever ordered with that number, where they gave one: a spare way, for an exchange that sends nothing to phones. */
      readonly email?: string;
      readonly language?: Language;
    }
  | { readonly email: string };

/** A buyer, as the order has them. */
type Buyer = {
  readonly phone: string;
  readonly delivery: { readonly recipient: { readonly email?: string }; readonly language?: Language };
};
export const buyerAt = ({ phone, delivery: { recipient, language } }: Buyer): Recipient => ({
  phone,
  ...(recipient.email && { email: recipient.email }),
  ...(language && { language }),
});

export type Values = Readonly<Record<string, string | number>>;

/**
 * Something to tell somebody. `kind` names a template (`business.approved`), `values` fill it in (plain text), `path` is
 * where on this site to go on. Values and path of a kind whose template is
 * `secret` are sealed, and forgotten once sent.
 */
export type Notice = {
  readonly kind: string;
  readonly to: Recipient;
  readonly values?: Values;
  readonly path?: string;
  /** The same key is told once, however often it is asked for: `certificate-expiry:<id>:30`. */
  readonly key?: string;
};

/** The ways to reach somebody. `zalo` is a template message of Zalo's notification service (ZNS). */
export const CHANNELS = ['in-app', 'email', 'sms', 'zalo'] as const;
export type Channel = (typeof CHANNELS)[number];
export const DELIVERY_STATES = ['queued', 'sent', 'failed'] as const;

export const LANGUAGES = ['vi', 'en', 'km'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A subject and a body; `{{name}}` is filled in from the values. Plain text. */
export type Words = readonly [subject: string, body: string];
export type Template = {
  /** Ways that make sense for it; the first ones that reach the person are taken, see `rules.ts`. */
  readonly channels: readonly Channel[];
  /** Sent at night too: a code that somebody waits for, or money and access in danger. Not to be switched off. */
  readonly urgent?: true;
  /** Holds a code: never kept in clear, and forgotten once it was sent. */
  readonly secret?: true;
  /** Where it went is forgotten once it was sent: the last word to somebody who is not known any more. */
  readonly farewell?: true;
  /** Values that may be a code of a list, with what its texts begin with: `{ reason: 'reason.' }`. Other words stay as they are. */
  readonly listed?: Readonly<Record<string, string>>;
} & Readonly<Record<Language, Words>>;

/** What goes out by one way. `id` is the same at every try, so that a mail system can drop what it already has. */
export type Message = {
  readonly id: DeliveryId;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Only mail has it. */
  readonly html?: string;
};
/** Sends and answers with what the provider calls the message. Rejects when it is not known to have been taken. */
export type Carrier = { readonly send: (message: Message) => Promise<string> };
/** Those that this exchange has. */
export type Carriers = Readonly<Partial<Record<Exclude<Channel, 'in-app'>, Carrier>>>;

/** What stands in the book of a carrier that only records. */
export type RecordedMessage = {
  readonly id: DeliveryId;
  readonly channel: Exclude<Channel, 'in-app'>;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};
export type MessageBook = { readonly list: () => readonly RecordedMessage[] };

/** What a person chose. Hours are local, from 0 to 23; quiet from `quietFrom` until `quietUntil`, over midnight too. */
export type Settings = {
  readonly language: Language;
  readonly channels: readonly Channel[];
  readonly quietFrom: number;
  readonly quietUntil: number;
};
export const defaultSettings: Settings = { language: 'vi', channels: CHANNELS, quietFrom: 21, quietUntil: 7 };

export const noticeProblems = defineProblems({
  'notice-not-found': {
    status: 404,
    vi: ['Không có thông báo này', 'Tải lại danh sách thông báo của bạn.'],
    en: ['There is no such notice', 'Reload the list of your notices.'],
  },
  'notice-not-failed': {
    status: 409,
    vi: ['Tin này không bị lỗi', 'Chỉ gửi lại được tin chưa gửi được; tải lại danh sách.'],
    en: ['This message has not failed', 'Only a message that failed can be sent again; reload the list.'],
  },
});
