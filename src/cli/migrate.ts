import { migrate as bring } from '#db/migrate.ts';
import { migrationsFolder } from '../stores.ts';
import type { Command } from './command.ts';

export const migrate: Command = {
  name: 'migrate',
  summary: 'Bring the database to the version of this code',
  run: async (_values, { stores, print }) => {
    const applied = await bring({ url: stores.databaseUrl, folder: migrationsFolder, log: print });
    print(applied.length === 0 ? 'Nothing to apply' : `${applied.length} applied`);
    return { ok: true, applied };
  },
};
