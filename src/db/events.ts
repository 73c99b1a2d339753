import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { type Id, newId } from '#core/ids.ts';
import { type Bell, createBell } from './bell.ts';
import { type Db, preparedSql, type Tx } from './client.ts';
import { at } from './columns.ts';
import { insertOf, valuesOf } from './insert-rows.ts';
import type { Jobs } from './jobs.ts';
import type { Channel } from './signals.ts';

/** What happened, in the past tense. Ids only: a handler reads the state that is true when it runs. */
export type Event =
  | { readonly type: 'account.erased'; readonly accountId: Id<'Account'>; readonly erasedAt: string }
  | { readonly type: 'product.changed'; readonly productId: Id<'Product'> }
  /** Goods of partners: one event for what one page of theirs brought, which may be hundreds. */
  | { readonly type: 'mirrors.changed'; readonly productIds: readonly Id<'Product'>[] }
  | { readonly type: 'business.changed'; readonly businessId: Id<'Business'> }
  | { readonly type: 'certificate.changed'; readonly certificateId: Id<'Certificate'> }
  | { readonly type: 'order-group.placed'; readonly groupId: Id<'OrderGroup'> }
  | { readonly type: 'order-group.paid'; readonly groupId: Id<'OrderGroup'> }
  | { readonly type: 'order-group.expired'; readonly groupId: Id<'OrderGroup'> }
  | { readonly type: 'order.received'; readonly orderId: Id<'Order'> }
  | { readonly type: 'order.refunded-directly'; readonly orderId: Id<'Order'> }
  | { readonly type: 'order.changed'; readonly orderId: Id<'Order'> }
  | { readonly type: 'payment.changed'; readonly paymentId: Id<'Payment'> }
  | { readonly type: 'partner.moved'; readonly partnerKey: string }
  | { readonly type: 'refund.queued'; readonly refundId: Id<'Refund'> };
export type EventType = Event['type'];
export type EventOf<Type extends EventType> = Extract<Event, { type: Type }>;

export const events = pgTable(
  'events',
  {
    id: uuid().primaryKey(),
    type: text().$type<EventType>().notNull(),
    payload: jsonb().$type<Event>().notNull(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    happenedAt: at().notNull().default(sql`now()`),
  },
  (table) => [index('events_type_at').on(table.type, table.happenedAt)],
);

/** Which queues hear of which event. Written in `compose.ts`, where every slice is in sight. */
export type Subscriptions = Partial<Record<EventType, readonly string[]>>;

/** Events are rows of the transaction that made them true; their handlers' jobs are rows beside them. */
export type Events = { add(tx: Tx, ...happened: readonly Event[]): Promise<void> };

/** The same event twice in one call is one event: a cart with two sizes of one product changes that product once. */
const distinct = (happened: readonly Event[]): readonly Event[] => [
  ...new Map(happened.map((event) => [JSON.stringify(event), event])).values(),
];

const catalogueTypes: readonly EventType[] = ['product.changed', 'mirrors.changed', 'partner.moved'];
const changesCatalogue = ({ type }: Event): boolean => catalogueTypes.includes(type);

/** Who waits for news at this moment: every process that keeps lists, and every screen that shows a payment. */
const signalsOf = (tx: Tx, all: readonly Event[], catalogue: Bell): readonly (readonly [Channel, string])[] => [
  ...(all.some(changesCatalogue) && catalogue.take(tx) ? [['catalogue', ''] as const] : []),
  ...all.flatMap((event) => (event.type === 'payment.changed' ? [['payment', event.paymentId] as const] : [])),
];

const byQueue = (all: readonly Event[], subscriptions: Subscriptions): Map<string, Event[]> => {
  const queued = new Map<string, Event[]>();
  for (const event of all) {
    for (const queue of subscriptions[event.type] ?? []) {
      const waiting = queued.get(queue);
      if (waiting) waiting.push(event);
      else queued.set(queue, [event]);
    }
  }
  return queued;
};

const eventKeys = ['id', 'type', 'payload'];
const told = preparedSql(
  'events-add',
  sql`with told as (${insertOf({ table: events, keys: eventKeys }, 'events')})
    select pg_notify(channel, payload) from unnest(${sql.placeholder('channels')}::text[], ${sql.placeholder('payloads')}::text[]) as signals (channel, payload)`,
);

export function createEvents(
  { db, jobs }: { readonly db: Db; readonly jobs: Pick<Jobs, 'add'> },
  subscriptions: Subscriptions,
): Events {
  const catalogue = createBell(db, 'catalogue');
  return {
    add: async (tx, ...happened) => {
      const all = distinct(happened);
      const rows = all.map((event) => ({ id: newId(), type: event.type, payload: event }));
      const signals = signalsOf(tx, all, catalogue);
      await Promise.all([
        told(tx, {
          ...valuesOf({ table: events, keys: eventKeys, rows }, 'events'),
          channels: signals.map(([channel]) => channel),
          payloads: signals.map(([, payload]) => payload),
        }),
        ...[...byQueue(all, subscriptions)].map(([queue, queued]) => jobs.add(tx, queue, queued)),
      ]);
    },
  };
}
