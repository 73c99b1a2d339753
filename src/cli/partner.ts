import type { QuarantineId } from '#features/federation/types.ts';
import { type Command, required, type Values } from './command.ts';

const keyOf = (values: Values): string => required(values, 'key');
const withKey = { key: { type: 'string' } } as const;
const operator = 'operator';

const numberOf = (value: Values[string]): { readonly cadenceSeconds?: number } =>
  typeof value === 'string' && Number.isInteger(Number(value)) && Number(value) > 0
    ? { cadenceSeconds: Number(value) }
    : {};

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
    'Introduce a partner: --url <address> --fingerprint <of the agreement> [--key <name>] [--name <title>] [--every <s>]',
  options: {
    ...withKey,
    url: { type: 'string' },
    fingerprint: { type: 'string' },
    name: { type: 'string' },
    every: { type: 'string' },
  },
  run: async (values, { services, print }) => {
    const { key, name } = values;
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

const activate: Command = {
  name: 'partner:activate',
  summary: 'Let a partner in: it may read our feed, and its listings are pulled and shown: --key <name>',
  options: withKey,
  run: async (values, { services, print }) => {
    await services.federation.activate(operator, keyOf(values));
    print(`${keyOf(values)} is active`);
    return { ok: true, key: keyOf(values), state: 'active' };
  },
};

const suspend: Command = {
  name: 'partner:suspend',
  summary: 'Shut a partner out at once and hide its listings: --key <name>',
  options: withKey,
  run: async (values, { services, print }) => {
    await services.federation.suspend(operator, keyOf(values));
    print(`${keyOf(values)} is suspended`);
    return { ok: true, key: keyOf(values), state: 'suspended' };
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

export const partnerCommands: readonly Command[] = [identity, add, activate, suspend, list, pull, quarantine];
