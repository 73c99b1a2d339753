import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import writeWorkbook from 'write-excel-file/node';
import { csvOf } from '#core/spreadsheet.ts';
import { FIELD_HEADINGS, type Field } from '#features/imports/types.ts';
import { demoProducts, ocopCategories } from '../../src/demo/catalogue.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import { countFound } from './importing.ts';
import { readMemory } from './memory.ts';
import { readCpu } from './starting.ts';

export type SheetImported = {
  /** From the command to its end: starting, reading, judging, writing. */
  readonly seconds: number;
  /** From then until a search finds all of it. */
  readonly searchableSeconds: number;
  readonly peakMb: number;
  /** Of processor time in that process; PostgreSQL works beside it. */
  readonly cpuSeconds: number;
};

const fields: readonly Field[] = [
  'sku',
  'nameVi',
  'nameEn',
  'category',
  'priceVnd',
  'stock',
  'unitVi',
  'netWeightG',
  'vatRatePercent',
  'descriptionVi',
  'ingredientsVi',
];

/** As many goods as are asked for, of the demonstration's kinds, as a seller's sheet holds them. */
function sheetOf(count: number, prefix: string): (string | number)[][] {
  const drafts = demoProducts().map(({ draft }) => draft);
  const categories = new Map(ocopCategories().map(({ id, nameVi }) => [id, nameVi]));
  const rows = Array.from({ length: count }, (_, index) => {
    const draft = drafts[index % drafts.length];
    if (!draft) throw new Error('The demonstration is empty');
    const price = Math.round((draft.variants[0]?.priceVnd ?? 50_000) / 1_000) * 1_000;
    return [
      `${prefix}-${index}`,
      `${draft.nameVi} số ${index}`,
      draft.nameEn,
      categories.get(draft.categoryId) ?? '',
      // As people write it: the reader has work to do.
      index % 3 === 0 ? `${price / 1_000}k` : `${price.toLocaleString('vi-VN')}đ`,
      100,
      draft.unitVi,
      Math.max(1, draft.netWeightG),
      8,
      draft.descriptionVi,
      draft.ingredientsVi,
    ];
  });
  return [fields.map((field) => FIELD_HEADINGS[field][0]), ...rows];
}

const watchMs = 50;

/** Runs the command as an officer would, and watches how much memory it takes. */
async function runImport(exchange: Exchange, folder: DataFolder, business: string, file: string) {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ['src/cli/main.ts', 'import', '--business', business, '--file', file, '--json'],
    {
      env: { ...process.env, ...exchange.commandEnv, DATA_DIR: folder.path },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let peakMb = 0;
  let cpuSeconds = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, readMemory(child.pid ?? 0)?.peakMb ?? 0);
    cpuSeconds = Math.max(cpuSeconds, readCpu(child.pid ?? 0) ?? 0);
  }, watchMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`The import ended with ${code}: ${output}`);
  return { seconds: (performance.now() - began) / 1_000, peakMb, cpuSeconds };
}

/** Imports a sheet of `count` new goods by the officer's command, and waits until Meilisearch finds them. */
export async function importSheet(
  exchange: Exchange,
  folder: DataFolder,
  count: number,
  kind: 'csv' | 'xlsx',
): Promise<SheetImported> {
  const [business] = await exchange.query<{ slug: string }>(`select slug from businesses where code = 'B001'`);
  const file = join(folder.path, `sheet.${kind}`);
  const sheet = sheetOf(count, kind.toUpperCase());
  await writeFile(file, kind === 'csv' ? csvOf(sheet) : await writeWorkbook(sheet).toBuffer());
  const before = await countFound(exchange.url);
  const { seconds, peakMb, cpuSeconds } = await runImport(exchange, folder, business?.slug ?? '', file);
  const written = performance.now();
  while ((await countFound(exchange.url)) < before + count) {
    if (performance.now() - written > 180_000) throw new Error('The sheet is not searchable after 3 minutes');
    await sleep(100);
  }
  return { seconds, peakMb, cpuSeconds, searchableSeconds: (performance.now() - written) / 1_000 };
}
