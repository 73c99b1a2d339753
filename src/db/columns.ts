import { sql } from 'drizzle-orm';
import { bigint, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';

/** Whole đồng. `number` mode is exact to 2^53 − 1, which `vnd()` guards. */
export const money = () => bigint({ mode: 'number' }).$type<Vnd>();

/** An instant, in UTC. */
export const at = () => timestamp({ withTimezone: true, precision: 3 });

export const idOf = <Kind extends string>() => uuid().$type<Id<Kind>>();

/** The values of a closed set, for a check: `status in (${oneOf(STATES)})`. Only for constants of ours, never for what was typed. */
export const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '));
