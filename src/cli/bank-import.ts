import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, required, UsageError } from './command.ts';

/** Closes the gaps that webhooks left: run it with each day's statement of the bank. */
export const bankImport: Command = {
  name: 'bank:import',
  summary: "Compare the bank's statement with what webhooks told, and take in what they left out: --file <csv>",
  options: { file: { type: 'string' } },
  run: async (values, { services, print }) => {
    const path = required(values, 'file');
    const bytes = await readFile(path).catch(() => {
      throw new UsageError(`${path} cannot be read`);
    });
    const result = await services.payments.importStatement({ actor: 'operator' }, { bytes, name: basename(path) });
    const { lineCount, newCount, knownCount, missing, fromDay, toDay } = result;
    print(`${fromDay} to ${toDay}: ${lineCount} lines, ${knownCount} known, ${newCount} taken in`);
    for (const { amountVnd, content } of missing)
      print(`Told by a webhook and not in the statement: ${amountVnd} đồng, ${content}`);
    return { ok: missing.length === 0, ...result };
  },
};
