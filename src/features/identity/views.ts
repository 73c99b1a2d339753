import { asc, inArray } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';

export type NamedBusiness = { readonly businessId: Id<'Business'>; readonly name: string };

/** Businesses by name, whatever their state, for who acts for several. */
export const listNames = (reader: Reader, ids: readonly Id<'Business'>[]): Promise<NamedBusiness[]> =>
  reader
    .select({ businessId: businesses.id, name: businesses.name })
    .from(businesses)
    .where(inArray(businesses.id, [...ids]))
    .orderBy(asc(businesses.name))
    .limit(200);
