import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineName } from '#features/search/index.ts';

/**
 * Asks until `engine` answers. On a machine that runs many tests at once Meilisearch may take longer than its 300 ms now
 * and then, and the right answer then comes from PostgreSQL; a test of one engine asks again.
 */
export async function askUntil<Answer extends { readonly engine: EngineName }>(
  engine: EngineName,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await ask();
    if (answer.engine === engine || attempt === 100) return answer;
    await sleep(100);
  }
}
