import { CannotStart } from '#config/cannot-start.ts';
import { loadConfig } from '#config/config.ts';
import { environment } from '#config/env.ts';
import { staySmall } from './footprint.ts';
import { quickenLoading } from './loading.ts';

/** Starts the process that the environment describes, and ends it when it is told to. */
async function main(): Promise<void> {
  staySmall(environment());
  const config = loadConfig(environment());
  quickenLoading(config.dataDir);
  const { startNode } = await import('./node.ts');
  const { startPage } = await import('./start-page.ts');
  const node = await startNode(config);
  if (config.role === 'all') process.stdout.write(startPage(config, node.searchAbsent));
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Told twice: whoever asks again does not want to wait.
      if (ending) process.exit(1);
      ending = true;
      node.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof CannotStart ? error.message : error);
  process.exit(1);
});
