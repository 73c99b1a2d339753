import { parseArgs } from 'node:util';
import { CannotStart } from '#config/cannot-start.ts';
import { loadConfig } from '#config/config.ts';
import { environment } from '#config/env.ts';
import { Problem } from '#core/problem.ts';
import { composeServices } from '../compose.ts';
import { jobHandlers } from '../jobs.ts';
import { createLog, openStores } from '../stores.ts';
import { auditVerify } from './audit-verify.ts';
import { bankImport } from './bank-import.ts';
import { type Command, UsageError, type Values } from './command.ts';
import { conformanceDriver } from './conformance-driver.ts';
import { doctor } from './doctor.ts';
import { erasuresReplay } from './erasures-replay.ts';
import { exportBusiness } from './export.ts';
import { importSheet } from './import.ts';
import { keysRotate } from './keys-rotate.ts';
import { ledgerVerify } from './ledger-verify.ts';
import { migrate } from './migrate.ts';
import { nodeKeyRotate } from './node-key-rotate.ts';
import { partnerCommands } from './partner.ts';
import { partnerRoadCommands } from './partner-road.ts';
import { reindex } from './reindex.ts';
import { seed } from './seed.ts';
import { statementKeysRotate } from './statement-keys-rotate.ts';
import { userCreate } from './user-create.ts';

const commands: readonly Command[] = [
  importSheet,
  exportBusiness,
  doctor,
  migrate,
  seed,
  reindex,
  bankImport,
  ledgerVerify,
  auditVerify,
  userCreate,
  keysRotate,
  statementKeysRotate,
  nodeKeyRotate,
  erasuresReplay,
  ...partnerCommands,
  ...partnerRoadCommands,
  conformanceDriver,
];

const usage = (): string =>
  `npm run cli -- <command> [options] [--json]\n\n${commands.map(({ name, summary }) => `  ${name.padEnd(20)} ${summary}`).join('\n')}\n`;

function progressOn(stream: NodeJS.WriteStream): (text: string) => void {
  return stream.isTTY ? (text) => void stream.write(`\r\x1b[2K${text}`) : () => {};
}

/** Runs a command beside the exchange, whether or not one is running, and closes what it opened. */
async function runCommand(command: Command, values: Values, json: boolean): Promise<number> {
  const config = loadConfig(environment());
  const stores = await openStores(config, createLog('warn'), { beside: true });
  const services = composeServices(stores, config);
  try {
    if (command.name !== 'migrate') {
      for (const handler of jobHandlers(services)) stores.jobs.handle(handler);
      await stores.jobs.open();
    }
    const print = (line: string): void => {
      if (!json) console.log(line);
    };
    const result = await command.run(values, {
      config,
      stores,
      services,
      print,
      progress: json ? () => {} : progressOn(process.stderr),
    });
    if (json) console.log(JSON.stringify(result));
    return result.ok ? 0 : 1;
  } finally {
    await stores.jobs.stop();
    await services.close();
    await stores.close();
  }
}

/** A mistake of the caller's, which is told in a sentence; of anything else the trace is shown. */
const isKnown = (error: unknown): error is Error =>
  error instanceof CannotStart ||
  error instanceof UsageError ||
  error instanceof Problem ||
  (error instanceof TypeError && 'code' in error);

async function run([name, ...rest]: readonly string[]): Promise<number> {
  const command = commands.find((one) => one.name === name);
  if (!command) {
    console.error(usage());
    return name === undefined || name === 'help' || name === '--help' ? 0 : 2;
  }
  const { values } = parseArgs({
    args: [...rest],
    options: { ...command.options, json: { type: 'boolean' } },
    strict: true,
  });
  return runCommand(command, values as Values, values.json === true);
}

/** Runs the command that the arguments name; the code with which the process ends. */
export const runCli = (args: readonly string[]): Promise<number> =>
  run(args).catch((error: unknown) => {
    console.error(isKnown(error) ? error.message : error);
    return isKnown(error) ? 2 : 1;
  });
