import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * A Vendure server as its maker ships it, on loopback, in a process of its own. Started by `vendure.ts` with the folder
 * where the packages lie; the types are only those that are used here, since the project does not depend on it.
 */
type Vendure = {
  readonly bootstrap: (config: object) => Promise<unknown>;
  readonly DefaultLogger: new (options: { level: number }) => object;
  readonly LogLevel: { readonly Warn: number };
  readonly LanguageCode: { readonly vi: string };
};

const { FOREIGN_DIR = '', FOREIGN_DATABASE = '', FOREIGN_PORT = '', FOREIGN_PASSWORD = '' } = process.env;
const load = createRequire(join(FOREIGN_DIR, 'package.json'));
const vendure = load('@vendure/core') as Vendure;
const database = new URL(FOREIGN_DATABASE);

await vendure.bootstrap({
  logger: new vendure.DefaultLogger({ level: vendure.LogLevel.Warn }),
  apiOptions: { port: Number(FOREIGN_PORT), hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: ['bearer', 'cookie', 'api-key'],
    superadminCredentials: { identifier: 'superadmin', password: FOREIGN_PASSWORD },
    cookieOptions: { secret: FOREIGN_PASSWORD },
  },
  dbConnectionOptions: {
    type: 'postgres',
    host: database.hostname,
    port: Number(database.port),
    username: decodeURIComponent(database.username),
    password: decodeURIComponent(database.password),
    database: database.pathname.slice(1),
    synchronize: true,
    logging: false,
  },
  paymentOptions: { paymentMethodHandlers: [] },
  defaultLanguageCode: vendure.LanguageCode.vi,
});
process.stdout.write('ready\n');
