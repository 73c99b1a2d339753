import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { sealed } from '#db/sealed.ts';
import { businesses } from '#features/businesses/tables.ts';
import { MESSAGE_STATES, type Payload, type WebhookEvent } from './types.ts';

/** Where a business's own system wants to be told. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: idOf<'WebhookEndpoint'>().primaryKey(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    url: text().notNull(),
    events: text().array().$type<WebhookEvent[]>().notNull(),
    secretSealed: sealed().notNull(),
    oldSecretSealed: sealed(),
    oldSecretUntil: at(),
    createdAt: at().notNull(),
    /** Since when nothing gets through; null while it does. */
    failingSince: at(),
    disabledAt: at(),
  },
  (table) => [index('webhook_endpoints_business').on(table.businessId)],
);

/** What one endpoint is to be told, once for each thing that happened. */
export const webhookMessages = pgTable(
  'webhook_messages',
  {
    id: idOf<'WebhookMessage'>().primaryKey(),
    endpointId: idOf<'WebhookEndpoint'>()
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    /** The event behind it and what of it is concerned; the same is told once. */
    cause: text().notNull(),
    type: text().notNull(),
    payload: jsonb().$type<Payload>().notNull(),
    state: text({ enum: MESSAGE_STATES }).notNull(),
    attempts: smallint().notNull().default(0),
    createdAt: at().notNull(),
    nextTryAt: at(),
    deliveredAt: at(),
  },
  (table) => [
    uniqueIndex('webhook_messages_once').on(table.endpointId, table.cause),
    index('webhook_messages_log').on(table.endpointId, table.id),
    check('webhook_messages_state', sql`${table.state} in (${oneOf(MESSAGE_STATES)})`),
    check('webhook_messages_delivered', sql`(${table.state} = 'delivered') = (${table.deliveredAt} is not null)`),
  ],
);

/** Each try, with what came back. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    id: idOf<'WebhookAttempt'>().primaryKey(),
    messageId: idOf<'WebhookMessage'>()
      .notNull()
      .references(() => webhookMessages.id, { onDelete: 'cascade' }),
    at: at().notNull(),
    /** Null: nothing came back. */
    status: integer(),
    tookMs: integer().notNull(),
    error: text(),
  },
  (table) => [index('webhook_attempts_message').on(table.messageId, table.id)],
);
