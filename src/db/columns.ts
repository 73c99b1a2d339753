import { bigint, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';

/** Whole đồng. `number` mode is exact to 2^53 − 1, which `vnd()` guards. */
export const money = () => bigint({ mode: 'number' }).$type<Vnd>();

/** An instant, in UTC. */
export const at = () => timestamp({ withTimezone: true, precision: 3 });

export const idOf = <Kind extends string>() => uuid().$type<Id<Kind>>();
