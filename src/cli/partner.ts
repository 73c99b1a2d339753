import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { QuarantineId } from '#features/federation/types.ts';
import { type Command, type Context, required, UsageError, type Values } from './command.ts';

const keyOf = (values: Values): string => required(values, 'key');
const withKey = { key: { type: 'string' } } as const;
const withReason = { ...withKey, reason: { type: 'string' } } as const;
const operator = 'operator';

const becauseOf = ({ reason }: Values) => (typeof reason === 'string' ? { reason } : {});

const numberOf = (value: Values[string]): { readonly cadenceSeconds?: number } =>
  typeof value === 'string' && Number.isInteger(Number(value)) && Number(value) > 0
    ? { cadenceSeconds: Number(value) }
    : {};

const told = { settings: { type: 'string' }, secrets: { type: 'boolean' } } as const;
const textOf = (values: Values, name: string) => {
  const value = values[name];
  return typeof value === 'string' ? { [name]: value } : {};
};

/** Lines `name=value` of standard input: on the command line a secret would stay in the shell's history. */
async function readSecrets(): Promise<Readonly<Record<string, string>>> {
  const lines = (await text(process.stdin)).split(/\r?\n/).filter((line) => line !== '');
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf('=');
    if (at < 1) throw new UsageError('--secrets reads lines name=value from standard input');
    return [line.slice(0, at), line.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

async function toldOf(values: Values) {
  const file = values.settings;
  return {
    ...numberOf(values.every),
    ...(typeof file === 'string' ? { settings: parseSettings(await readFile(file, 'utf8')) } : {}),
    ...(values.secrets === true ? { secrets: await readSecrets() } : {}),
  };
}

function parseSettings(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError('--settings names a file that is no JSON');
  }
}

async function connect(values: Values, { services, print }: Pick<Context, 'services' | 'print'>) {
  const partner = await services.federation.connect(operator, {
    url: required(values, 'url'),
    adapter: required(values, 'adapter'),
    ...textOf(values, 'origin'),
    ...textOf(values, 'key'),
    ...textOf(values, 'name'),
    ...(await toldOf(values)),
  });
  const { key, origin, state } = partner;
  print(`${key} (${partner.nameVi}) is written down; let it in with: partner:activate --key ${key}`);
  return { ok: true, key, origin, state };
}

const set: Command = {
  name: 'partner:set',
  summary:
    'Change what a partner is read by: --key <name> [--settings <file>] [--every <s>] [--secrets: name=value lines]',
  options: { ...withKey, ...told, every: { type: 'string' } },
  run: async (values, { services, print }) => {
    const { key, state } = await services.federation.configure(operator, keyOf(values), await toldOf(values));
    print(`${key} is read anew by what it says now`);
    return { ok: true, key, state };
  },
};

const identity: Command = {
  name: 'partner:self',
  summary: 'Show the address and the fingerprint that partners need of this exchange',
  run: async (_values, { services, config, print }) => {
    const { keyid } = services.federation.identity;
    print(`${config.publicUrl}  ${keyid}`);
    return { ok: true, url: config.publicUrl, fingerprint: keyid };
  },
};

const add: Command = {
  name: 'partner:add',
  summary:
    'Write a partner down: --url <address> [--key <name>] [--name <title>] [--every <s>] with --fingerprint <of the agreement>, or --adapter <kind> [--settings <file>] [--secrets] [--origin <host>]',
  options: {
    adapter: { type: 'string' },
    origin: { type: 'string' },
    ...told,
    ...withKey,
    url: { type: 'string' },
    fingerprint: { type: 'string' },
    name: { type: 'string' },
    every: { type: 'string' },
  },
  run: async (values, { services, print }) => {
    const { key, name } = values;
    if (typeof values.adapter === 'string' && values.adapter !== 'native')
      return await connect(values, { services, print });
    const partner = await services.federation.introduce(operator, {
      url: required(values, 'url'),
      fingerprint: required(values, 'fingerprint'),
      ...(typeof key === 'string' ? { key } : {}),
      ...(typeof name === 'string' ? { name } : {}),
      ...numberOf(values.every),
    });
    print(
      `${partner.key} (${partner.nameVi}) is known by its key; let it in with: partner:activate --key ${partner.key}`,
    );
    return { ok: true, key: partner.key, origin: partner.origin, state: partner.state };
  },
};

async function stateOf(values: Values, { services, print }: Pick<Context, 'services' | 'print'>) {
  const { key, state } = await services.federation.getPartner(keyOf(values));
  print(`${key} is ${state}`);
  return { ok: true, key, state };
}

const activate: Command = {
  name: 'partner:activate',
  summary:
    'Let a suspended partner go on where it stood; over loopback, let in whoever was introduced: --key <name> [--reason <why>]',
  options: withReason,
  run: async (values, { services, print }) => {
    await services.federation.activate(operator, keyOf(values), becauseOf(values));
    return await stateOf(values, { services, print });
  },
};

const suspend: Command = {
  name: 'partner:suspend',
  summary: 'Shut a partner out at once and hide its listings: --key <name> [--reason <why>]',
  options: withReason,
  run: async (values, { services, print }) => {
    await services.federation.suspend(operator, keyOf(values), becauseOf(values));
    return await stateOf(values, { services, print });
  },
};

const list: Command = {
  name: 'partner:list',
  summary: 'Show every partner, its state and how the last pull of each lane ended',
  run: async (_values, { services, print }) => {
    const partners = await services.federation.listPartners();
    for (const { key, state, adapter, baseUrl, lanes } of partners) {
      print(`${key.padEnd(14)} ${state.padEnd(10)} ${adapter.padEnd(16)} ${baseUrl}`);
      for (const { lane, state: lastState, outcome, succeededAt } of lanes) {
        const trouble = outcome?.failure ? `  ${outcome.failure.detail}` : '';
        print(
          `  ${lane.padEnd(12)} ${lastState ?? 'never'}  last good ${succeededAt?.toISOString() ?? 'never'}${trouble}`,
        );
      }
    }
    return { ok: true, partners };
  },
};

const settlement: Command = {
  name: 'partner:settlement',
  summary: 'Show what a partner exchange owes us for a day: --key <name> --day YYYY-MM-DD',
  options: { ...withKey, day: { type: 'string' } },
  run: async (values, { services, print }) => {
    const day = required(values, 'day');
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new UsageError('--day is a day in Vietnam, such as 2026-11-27');
    const statement = await services.partnerOrders.settlementOf(keyOf(values), day);
    for (const { orderId, state, goods, shipping, refunded } of statement.orders)
      print(`${orderId}  ${state.padEnd(10)} ${goods.amount} + ${shipping.amount} - ${refunded.amount}`);
    print(`${statement.orders.length} orders, due ${statement.due.amount} VND, root ${statement.root}`);
    return { ok: true, statement };
  },
};

const pull: Command = {
  name: 'partner:pull',
  summary: 'Pull a partner now: --key <name> [--accept-deletes to release what the mass-delete guard holds]',
  options: { ...withKey, 'accept-deletes': { type: 'boolean' } },
  run: async (values, { services, print }) => {
    const acceptDeletes = values['accept-deletes'] === true;
    const report = await services.federation.pullNow(keyOf(values), { acceptDeletes });
    const lanes = report?.state === 'pulled' ? Object.entries(report.lanes) : [];
    for (const [lane, outcome] of lanes) {
      const { applied, withdrawn, quarantined } = outcome?.counts ?? { applied: 0, withdrawn: 0, quarantined: 0 };
      const end = outcome?.failure?.detail ?? outcome?.state ?? 'not reached';
      print(`${lane.padEnd(12)} ${end}: ${applied} applied, ${withdrawn} withdrawn, ${quarantined} quarantined`);
    }
    if (lanes.length === 0) print(report ? 'It is left alone for a while after failures' : 'It is not active');
    return { ok: lanes.length > 0 && lanes.every(([, outcome]) => outcome?.state === 'ok'), report: report ?? null };
  },
};

const quarantine: Command = {
  name: 'partner:quarantine',
  summary: 'Show what could not be taken from a partner: --key <name> [--replay <id> to try one of them again]',
  options: { ...withKey, replay: { type: 'string' } },
  run: async (values, { services, print }) => {
    if (typeof values.replay === 'string') {
      const result = await services.federation.replay(values.replay as QuarantineId);
      print('reason' in result ? `It stays: ${result.reason} ${result.detail}` : `It is ${result.verdict}`);
      return { ok: !('reason' in result), ...result };
    }
    const items = await services.federation.listQuarantined(keyOf(values));
    for (const { id, lane, sourceId, reason, detail } of items)
      print(`${id}  ${lane.padEnd(9)}  ${sourceId}  ${reason} ${detail}`);
    if (items.length === 0) print('Nothing is quarantined');
    return { ok: true, items };
  },
};

export const partnerCommands: readonly Command[] = [
  identity,
  add,
  set,
  activate,
  suspend,
  list,
  settlement,
  pull,
  quarantine,
];
