import { writeFile } from 'node:fs/promises';
import { EXPORT_FORMATS, EXPORT_TABLES } from '#features/exports/types.ts';
import { type Command, required, UsageError } from './command.ts';

function oneOf<Value extends string>(name: string, given: unknown, values: readonly Value[]): Value {
  const known = values.find((value) => value === given);
  if (!known) throw new UsageError(`--${name} is one of ${values.join(', ')}`);
  return known;
}

export const exportBusiness: Command = {
  name: 'export',
  summary:
    'Write everything that is a business’s own: --business <slug> --out <file> [--format csv|zip|xlsx|json] [--table <name>]',
  options: {
    business: { type: 'string' },
    out: { type: 'string' },
    format: { type: 'string' },
    table: { type: 'string' },
  },
  run: async (values, { services, print }) => {
    const { businessId } = await services.businesses.getBusiness(required(values, 'business'));
    const out = required(values, 'out');
    const format = oneOf('format', values.format ?? /\.(\w+)$/.exec(out)?.[1], EXPORT_FORMATS);
    const table = values.table === undefined ? undefined : oneOf('table', values.table, EXPORT_TABLES);
    const bytes = await services.exports.file([businessId], { businessId, format, table });
    await writeFile(out, bytes);
    print(`${out}: ${bytes.length} bytes`);
    return { ok: true, out, bytes: bytes.length, format, table: table ?? null };
  },
};
