import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ADAPTERS } from '#federation/adapters/adapters.ts';

const lines = readFileSync(new URL('../../../federation/README.md', import.meta.url), 'utf8').split('\n');

test('the README says of each adapter what its manifest declares', () => {
  const rows = Object.values(ADAPTERS).map(({ manifest }) => {
    const { kind, simulated, lanes, deletes, revisions, money, clock, limits } = manifest;
    const since = clock.inclusive ? 'from the instant on' : 'after the instant';
    const cells = [
      `\`${kind}\``,
      simulated ? 'yes' : 'no',
      `${lanes.catalogue} / ${lanes.offer}`,
      deletes,
      revisions,
      `${money.exponent}, ${money.tax}`,
      `${clock.zone}, ${clock.overlapMs / 60_000} min, ${since}`,
      `${limits.rps}/s, ${limits.burst}, ${limits.maxPage}`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const table = lines.filter((line) => Object.keys(ADAPTERS).some((kind) => line.startsWith(`| \`${kind}\` | `)));
  expect(table).toEqual(rows);
});
