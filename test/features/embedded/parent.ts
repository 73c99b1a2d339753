import { writeSync } from 'node:fs';
import { startEmbedded } from '#embedded/index.ts';

// A process that starts the servers and then has nothing to do, for tests to kill. It prints the addresses as JSON.
const [dataDir = '', programsDir] = process.argv.slice(2);
process.on('SIGINT', () => {});
try {
  const embedded = await startEmbedded({ dataDir, durable: false, ...(programsDir && { programsDir }) });
  writeSync(1, `${JSON.stringify(embedded)}\n`);
  setInterval(() => {}, 60_000);
} catch (error) {
  writeSync(2, String(error));
  process.exit(1);
}
