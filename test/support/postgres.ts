import type pg from 'pg';
import { inject } from 'vitest';
import { asOwner } from '#db/migrate.ts';

/** The address of `database` on the run's server. */
export function urlOf(database: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs `work` on the server itself, beside all test databases. */
export const onServer = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => asOwner(urlOf('postgres'), work);

/** Runs `work` as the owner of a test database: to look behind the application's role, or to break things on purpose. */
export const inDatabase = asOwner;
