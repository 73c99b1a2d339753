import { once } from 'node:events';
import { createDriver } from '../demo/driver.ts';
import { type Command, UsageError } from './command.ts';

const defaultPort = 7000;

export const conformanceDriver: Command = {
  name: 'conformance:driver',
  summary: 'Write to this demonstration when the conformance kit asks: [--port 7000]; Ctrl+C ends it',
  options: { port: { type: 'string' } },
  run: async ({ port }, { services, config, print }) => {
    if (!config.demo) throw new UsageError('Only a demonstration (DEMO=1) lets itself be written to by a kit');
    const server = createDriver(services, new URL(config.publicUrl).host);
    server.listen(Number(port ?? defaultPort), '127.0.0.1');
    await once(server, 'listening');
    print(`Give the kit --driver http://127.0.0.1:${port ?? defaultPort}`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    server.close();
    return { ok: true };
  },
};
