import type { Command } from './command.ts';

export const reindex: Command = {
  name: 'reindex',
  summary: 'Read every product again and build a new search index beside the live one, then swap it in',
  run: async (_values, { services, print, progress }) => {
    const startedAt = performance.now();
    const counts = await services.indexing.reindex((done) => progress(`${done} products read`));
    progress('');
    const { products, postgres, mirror } = counts;
    const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(2));
    print(`${products} products read, ${postgres} of them for sale, in ${seconds} s`);
    if (mirror === undefined) print('There is no Meilisearch: PostgreSQL searches its own index, which is up to date');
    // A sale or an edit while this ran moves the live count on; more than a few apart means that something is wrong.
    const ok = mirror === undefined || Math.abs(mirror - postgres) <= Math.max(5, postgres / 1_000);
    if (mirror !== undefined)
      print(
        ok ? `${mirror} in Meilisearch: swapped in` : `FAIL Meilisearch holds ${mirror}: run doctor, then this again`,
      );
    return { ok, ...counts, seconds };
  },
};
