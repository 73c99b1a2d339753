import { parseArgs } from 'node:util';
import { openMedusa } from './medusa.ts';
import { openPlace } from './place.ts';
import type { ForeignShop } from './shop.ts';
import { type Step, tryShop } from './trial.ts';
import { openVendure } from './vendure.ts';

/**
 * `npm run test:foreign`: our adapters against systems that nobody here wrote, installed from their makers, filled by
 * their own admin APIs. Not part of `npm test`: it needs the registry the first time, and a gigabyte of disk.
 */
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const shops = { vendure: openVendure, medusa: openMedusa } as const;
const names = (Object.keys(shops) as (keyof typeof shops)[]).filter((name) => !values.only || values.only === name);
if (names.length === 0) throw new Error(`--only is one of: ${Object.keys(shops).join(', ')}`);

type Trial = {
  readonly name: string;
  readonly version: string;
  readonly bootMs: number;
  readonly steps: readonly Step[];
};

const line = (name: string, { step, ms, saw, isRight }: Step): string =>
  `${isRight ? '✓' : '✗'} ${name.padEnd(8)} ${step.padEnd(22)} ${String(ms).padStart(7)} ms  ${saw}`;

async function trial(name: keyof typeof shops): Promise<Trial> {
  const place = await openPlace();
  let shop: ForeignShop | undefined;
  try {
    const start = performance.now();
    shop = await shops[name](place);
    const bootMs = Math.round(performance.now() - start);
    console.log(`${name} ${shop.version} stands after ${bootMs} ms`);
    const steps = await tryShop(shop, (step) => console.log(line(name, step)));
    return { name, version: shop.version, bootMs, steps };
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    return { name, version: '?', bootMs: 0, steps: [{ step: 'install and boot', ms: 0, saw, isRight: false }] };
  } finally {
    await shop?.stop();
    await place.close();
  }
}

const trials: Trial[] = [];
for (const name of names) trials.push(await trial(name));
console.log('');
for (const { name, version, bootMs, steps } of trials) {
  console.log(`${name} ${version}, node ${process.versions.node}, installed and booted in ${bootMs} ms`);
  for (const step of steps) console.log(line(name, step));
}
const isRight = trials.every(({ steps }) => steps.every((step) => step.isRight));
console.log(isRight ? 'All of it is right.' : 'Something is wrong.');
process.exitCode = isRight ? 0 : 1;
