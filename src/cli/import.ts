import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { MODES, type Mode } from '#features/imports/types.ts';
import { type Command, type Context, required, UsageError } from './command.ts';

const barWidth = 24;

/** `Reading ██████░░░░ 1.200 / 2.000`, drawn over itself. Where the whole is not known yet, only the number. */
const bar = (what: string, done: number, all?: number): string => {
  if (!all) return `${what} ${done.toLocaleString('en')}`;
  const full = Math.min(barWidth, Math.round((done / all) * barWidth));
  return `${what} ${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${done.toLocaleString('en')} / ${all.toLocaleString('en')}`;
};

const readMode = (given: unknown): Mode => {
  const mode = MODES.find((one) => one === (given ?? 'all'));
  if (!mode) throw new UsageError(`--mode is one of ${MODES.join(', ')}`);
  return mode;
};

async function send({ services, progress }: Context, slug: string, path: string) {
  const { businessId } = await services.businesses.getBusiness(slug);
  const importer = { actor: 'operator', businessIds: [businessId] };
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`${path} cannot be read`);
  });
  const file = { bytes, name: basename(path) };
  const id = await services.imports.start(importer, businessId, file, { listsAtOnce: true, readsItself: true });
  await services.imports.readNow(id, (done) => progress(bar('Reading', done)));
  progress('');
  return { importer, id };
}

/** For an officer, who answers for what is listed: new products are for sale at once. */
export const importSheet: Command = {
  name: 'import',
  summary:
    'Import a sheet for a business and list it: --business <slug> --file <csv or xlsx> [--mode all|valid] [--preview]',
  options: {
    business: { type: 'string' },
    file: { type: 'string' },
    mode: { type: 'string' },
    /** Only says what would be done. */
    preview: { type: 'boolean' },
  },
  run: async (values, context) => {
    const { services, print, progress } = context;
    const mode = readMode(values.mode);
    const { importer, id } = await send(context, required(values, 'business'), required(values, 'file'));
    const read = await services.imports.get(importer, id);
    const { counts, state, problem, version } = read;
    if (state !== 'ready' || !counts) {
      print(`The sheet was not taken: ${problem ?? 'no column of codes was recognised'}`);
      return { ok: false, importId: id, state, problem };
    }
    print(
      `${counts.rows} rows: ${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.error} wrong`,
    );
    if (values.preview === true) {
      await services.imports.cancel(importer, id);
      return { ok: counts.blocking === 0, importId: id, counts };
    }
    await services.imports.confirm(importer, id, version, mode, { writesItself: true });
    await services.imports.applyNow(id, (done) => progress(bar('Writing', done, counts.new + counts.changed)));
    progress('');
    const done = await services.imports.get(importer, id);
    print(done.state === 'done' ? 'Written' : `Not written: ${done.state}`);
    return { ok: done.state === 'done', importId: id, state: done.state, counts, written: done.written };
  },
};
