import { readFile } from 'node:fs/promises';
import { REVIEW_VERDICTS, type SignedResult, VERBS, type Verb } from '#features/federation/types.ts';
import { type Command, type Context, required, UsageError, type Values } from './command.ts';

const withKey = { key: { type: 'string' } } as const;
const withReason = { ...withKey, reason: { type: 'string' } } as const;
const operator = 'operator';
const keyOf = (values: Values): string => required(values, 'key');
const textOf = (value: Values[string]): string | undefined => (typeof value === 'string' ? value : undefined);
const becauseOf = ({ reason }: Values) => (typeof reason === 'string' ? { reason } : {});
const reasonOf = (values: Values) => ({ reason: required(values, 'reason') });

type Doing = Pick<Context, 'services' | 'print'>;

/** What every step ends with: where the partner stands now. */
async function standing(values: Values, { services, print }: Doing) {
  const { key, state } = await services.federation.getPartner(keyOf(values));
  print(`${key} is ${state}`);
  return { ok: true, key, state };
}

function verbsIn(values: Values): readonly Verb[] {
  const asked = required(values, 'grants').split(',');
  const unknown = asked.find((one) => !(VERBS as readonly string[]).includes(one));
  if (unknown !== undefined) throw new UsageError(`--grants takes ${VERBS.join(',')}; ${unknown} is none of them`);
  return asked as Verb[];
}

const invite: Command = {
  name: 'partner:invite',
  summary:
    'Invite an exchange by its agreement, and print the code once: --domain <host> --legal-entity <name> --tax-code <code> --fingerprint <of the agreement> [--key <name>] [--name <title>] [--reason <why>]',
  options: {
    ...withReason,
    domain: { type: 'string' },
    'legal-entity': { type: 'string' },
    'tax-code': { type: 'string' },
    fingerprint: { type: 'string' },
    name: { type: 'string' },
  },
  run: async (values, { services, print }) => {
    const agreement = {
      domain: required(values, 'domain'),
      legalEntity: required(values, 'legal-entity'),
      taxCode: required(values, 'tax-code'),
      fingerprint: required(values, 'fingerprint'),
      key: textOf(values.key),
      name: textOf(values.name),
    };
    const invitation = await services.federation.invite(operator, agreement, becauseOf(values));
    print(`${invitation.key} is invited. The code, shown this once, good until ${invitation.expiresAt.toISOString()}:`);
    print(invitation.code);
    return { ok: true, ...invitation };
  },
};

const join: Command = {
  name: 'partner:join',
  summary: 'Redeem the code that another exchange gave us: --key <name it has here> --code <its code>',
  options: { ...withKey, code: { type: 'string' } },
  run: async (values, { services, print }) => {
    const joined = await services.federation.joinAt(operator, keyOf(values), required(values, 'code'));
    print(`${joined.origin} knows us as ${joined.partner}: ${joined.state}`);
    return { ok: true, joined };
  },
};

const prove: Command = {
  name: 'partner:prove',
  summary: 'Have a partner prove its key now: --key <name> [--reason <why>]',
  options: withReason,
  run: async (values, context) => {
    await context.services.federation.prove(operator, keyOf(values), becauseOf(values));
    return await standing(values, context);
  },
};

function signedIn(json: string): SignedResult {
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError('--result names a file that is no JSON');
  }
}

const sandbox: Command = {
  name: 'partner:sandbox',
  summary:
    'Take what the kit found at a partner, or let in a shop that has no protocol: --key <name> [--result result.signed.json [--junit junit.xml]]',
  options: { ...withReason, result: { type: 'string' }, junit: { type: 'string' } },
  run: async (values, context) => {
    const { federation } = context.services;
    const [file, junit] = [textOf(values.result), textOf(values.junit)];
    if (file === undefined) await federation.openSandbox(operator, keyOf(values), becauseOf(values));
    else {
      const signed = signedIn(await readFile(file, 'utf8'));
      const report = junit === undefined ? undefined : await readFile(junit, 'utf8');
      const { level } = await federation.takeConformance(operator, keyOf(values), signed, report, becauseOf(values));
      context.print(`The kit reached ${level}`);
    }
    return await standing(values, context);
  },
};

/** `1=fit,2=unfit:no such set` */
const judgedIn = (text: string) =>
  text.split(',').map((one) => {
    const [, position, said, note] = /^(\d+)=([a-z]+)(?::(.+))?$/.exec(one.trim()) ?? [];
    const verdict = REVIEW_VERDICTS.find((known) => known === said);
    if (!position || !verdict) throw new UsageError('--judge takes 1=fit,2=unfit:why,…');
    return { position: Number(position), verdict, note };
  });

const review: Command = {
  name: 'partner:review',
  summary:
    'Judge a sample of what a partner sends: --key <name> [--open to draw it] [--judge 1=fit,2=unfit:why,…]; shows it without either',
  options: { ...withReason, open: { type: 'boolean' }, judge: { type: 'string' } },
  run: async (values, { services, print }) => {
    const { federation } = services;
    const key = keyOf(values);
    if (values.open === true) await federation.openReview(operator, key, becauseOf(values));
    const judged = textOf(values.judge);
    if (judged !== undefined) await federation.judge(operator, key, judgedIn(judged), becauseOf(values));
    const found = await federation.getReview(key);
    for (const { position, verdict, listing } of found?.items ?? []) {
      const title = listing.kind === 'listing' ? `${listing.title.vi} [${listing.categoryCode}]` : '';
      print(`${String(position).padStart(2)}  ${(verdict ?? '?').padEnd(5)}  ${title}`);
    }
    print(found ? `${found.judged} of ${found.total} judged, ${found.unfit} unfit` : 'No sample was drawn yet');
    return { ok: true, review: found ?? null };
  },
};

const probation: Command = {
  name: 'partner:probation',
  summary: 'Show a partner within bounds for fourteen days: --key <name> [--reason <why>]',
  options: withReason,
  run: async (values, context) => {
    await context.services.federation.startProbation(operator, keyOf(values), becauseOf(values));
    return await standing(values, context);
  },
};

const propose: Command = {
  name: 'partner:propose',
  summary: 'Propose that a partner is let in; an officer approves: --key <name> --grants pull,push,… --reason <why>',
  options: { ...withReason, grants: { type: 'string' } },
  run: async (values, context) => {
    await context.services.federation.proposePromotion(operator, keyOf(values), verbsIn(values), reasonOf(values));
    return await standing(values, context);
  },
};

const approve: Command = {
  name: 'partner:approve',
  summary: 'Approve what an officer proposed: --key <name> [--reason <why>], or --refuse with a reason',
  options: { ...withReason, refuse: { type: 'boolean' } },
  run: async (values, context) => {
    const { federation } = context.services;
    if (values.refuse === true) await federation.refusePromotion(operator, keyOf(values), reasonOf(values));
    else await federation.approvePromotion(operator, keyOf(values), becauseOf(values));
    return await standing(values, context);
  },
};

const grant: Command = {
  name: 'partner:grant',
  summary: 'Replace what a partner may do: --key <name> --grants pull,push,quote,order,relay [--reason <why>]',
  options: { ...withReason, grants: { type: 'string' } },
  run: async (values, context) => {
    await context.services.federation.setGrants(operator, keyOf(values), verbsIn(values), becauseOf(values));
    return await standing(values, context);
  },
};

const retire: Command = {
  name: 'partner:retire',
  summary: 'End it with a partner for good: --key <name> --reason <why>',
  options: withReason,
  run: async (values, context) => {
    await context.services.federation.retire(operator, keyOf(values), reasonOf(values));
    return await standing(values, context);
  },
};

const revoke: Command = {
  name: 'partner:revoke-key',
  summary: 'Revoke a key of a partner at once: --key <name> --fingerprint <of the key> --reason <why>',
  options: { ...withReason, fingerprint: { type: 'string' } },
  run: async (values, context) => {
    const keyid = required(values, 'fingerprint');
    await context.services.federation.revokeKey(operator, keyOf(values), keyid, reasonOf(values));
    return await standing(values, context);
  },
};

const show: Command = {
  name: 'partner:show',
  summary: 'Show how far a partner has come, its keys and grants, and every step: --key <name>',
  options: withKey,
  run: async (values, { services, print }) => {
    const { federation } = services;
    const road = await federation.getRoad(keyOf(values));
    const { key, state, keyid, keyUntil, nextKeyid, nextKeyFrom, grants, transitions } = road;
    print(`${key} is ${state}; it may ${grants.join(', ') || 'nothing'}`);
    print(`key ${keyid ?? 'none'}${keyUntil ? ` until ${keyUntil.toISOString()}` : ''}`);
    if (nextKeyid && nextKeyFrom) print(`next ${nextKeyid} from ${nextKeyFrom.toISOString()}`);
    for (const { at, fromState, toState, actor, reason } of transitions)
      print(`${at.toISOString()}  ${fromState} → ${toState}  ${actor}  ${reason ?? ''}`);
    return { ok: true, road };
  },
};

export const partnerRoadCommands: readonly Command[] = [
  invite,
  join,
  prove,
  sandbox,
  review,
  probation,
  propose,
  approve,
  grant,
  retire,
  revoke,
  show,
];
