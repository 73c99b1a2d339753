import { keptSecret } from '#config/secrets.ts';
import { loadDesk } from '../demo/desk.ts';
import { loadDemo } from '../demo/load.ts';
import { type Command, UsageError } from './command.ts';

export const seed: Command = {
  name: 'seed',
  summary: 'Load the demonstration catalogue into an empty exchange (--half first|second for one of two nodes)',
  options: { half: { type: 'string' } },
  run: async ({ half }, { services, config, print }) => {
    if (half !== undefined && half !== 'first' && half !== 'second') throw new UsageError('--half is first or second');
    const password = keptSecret(config.dataDir, 'demo-password');
    const products = await loadDemo(services, { password, ...(half ? { half } : {}) });
    if (products > 0) await loadDesk(services);
    print(products === 0 ? 'The exchange is not empty: nothing was loaded' : `${products} products loaded`);
    return { ok: true, products };
  },
};
