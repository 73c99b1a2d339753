import { join } from 'node:path';
import { loadConfig } from '#config/config.ts';
import { transact } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { exchangeEnv } from '#test/support/exchange-env.ts';
import { composeServices } from '../../src/compose.ts';
import { loadReference } from '../../src/demo/load.ts';
import { jobHandlers } from '../../src/jobs.ts';
import { createLog, migrationsFolder, openStores } from '../../src/stores.ts';
import { asPatientOwner } from './exchange.ts';

/** A database with places, product sets and one business, from which each exchange starts. */
export async function makeTemplate(server: string, name: string, folder: string): Promise<void> {
  await asPatientOwner(server, (client) => client.query(`create database ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate({ url: url.href, folder: migrationsFolder });
  const config = loadConfig({
    ...exchangeEnv,
    ROLE: 'web',
    DATABASE_URL: url.href,
    DATA_DIR: join(folder, 'template'),
  });
  const stores = await openStores(config, createLog('silent'));
  const services = composeServices(stores, config);
  for (const handler of jobHandlers(services)) stores.jobs.handle(handler);
  await stores.jobs.open();
  await transact(stores.db, 'lab', async (tx) => {
    await loadReference(services, tx);
    const business = { code: 'B001', slug: 'htx-vung-thom', name: 'HTX Vũng Thơm' };
    await services.businesses.addBusinesses(tx, [{ ...business, type: 'cooperative', status: 'approved' }]);
  });
  await stores.jobs.stop();
  await services.close();
  await stores.close();
}

export const copyDatabase = (server: string, from: string, to: string): Promise<unknown> =>
  asPatientOwner(server, async (client) => {
    await client.query(`drop database if exists ${to} with (force)`);
    await client.query(`create database ${to} template ${from}`);
  });
