/**
 * How a partner moves. Whoever changes its state locks it (`lockPartner`) and takes the step by `movePartner`: the rules say
 * whether it is next, a trigger logs it, and the log of acts keeps who did it and why.
 */
import type { Clock } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { Audit } from '#features/audit/index.ts';
import { addGrants, dropGrants, findStanding, listTransitions, lockPartner, saveState } from './queries/registry.ts';
import type { PartnerRow } from './queries.ts';
import { checkMove, isOpen } from './rules/states.ts';
import { federationProblems, type PartnerState, VERBS, type Verb } from './types.ts';

const refuse = refusals(federationProblems);

/** Why, and from where. */
export type Because = { readonly reason?: string | undefined; readonly address?: string | undefined };
export type MoveDeps = {
  readonly now: Clock;
  readonly audit: Pick<Audit, 'record'>;
  readonly events: Pick<Events, 'add'>;
};
type Move = Because & {
  readonly to: PartnerState;
  /** As the log of acts calls it. */
  readonly action: string;
  /** What else is to be known of it. */
  readonly detail?: Readonly<Record<string, unknown>>;
};

export async function getLocked(tx: Tx, key: string): Promise<PartnerRow> {
  const partner = await lockPartner(tx, key);
  if (!partner) throw refuse('partner-not-found', { key });
  return partner;
}

/** Takes one step of a partner that is locked. Throws `partner-state-forbids` when it is not next. */
export async function movePartner(
  tx: Tx,
  { now, audit, events }: MoveDeps,
  partner: PartnerRow,
  { to, action, detail, reason, address }: Move,
): Promise<void> {
  checkMove(partner, to);
  await saveState(tx, partner, to, { reason, at: now() });
  await events.add(tx, { type: 'partner.moved', partnerKey: partner.key });
  await audit.record(tx, {
    action,
    subject: { kind: 'partner', id: partner.key },
    before: { state: partner.state },
    after: { state: to, ...detail },
    reason,
    address,
  });
}

/** Gives a partner these verbs and takes away all others. */
export async function grantVerbs(
  tx: Tx,
  { now }: Pick<MoveDeps, 'now'>,
  key: string,
  verbs: readonly Verb[],
  grantedBy: string,
): Promise<void> {
  await dropGrants(
    tx,
    key,
    VERBS.filter((verb) => !verbs.includes(verb)),
  );
  await addGrants(tx, key, verbs, { grantedBy, grantedAt: now() });
}

/** What is open between a partner and us. */
export const createGrants = (db: Db, deps: MoveDeps) => {
  const isGranted = async (key: string, verb: Verb): Promise<boolean> => {
    const standing = await findStanding(db, key);
    return standing !== undefined && isOpen(standing.state, standing.granted, verb);
  };
  return {
    /** Whether the partner may ask us this: its requests are refused otherwise, by the `verb` of their route. */
    mayAsk: isGranted,
    /** Whether we may ask or send the partner this. Whoever is about to asks here first. */
    maySend: isGranted,
    listGrants: async (key: string): Promise<readonly Verb[]> => (await findStanding(db, key))?.granted ?? [],
    /** The steps that were taken, the latest first. */
    listTransitions: (key: string) => listTransitions(db, key),
    /** Replaces what the partner was granted. What its state does not let happen stays shut all the same. */
    setGrants: (actor: string, key: string, verbs: readonly Verb[], { reason, address }: Because = {}): Promise<void> =>
      transact(db, actor, async (tx) => {
        await getLocked(tx, key);
        const before = (await findStanding(tx, key))?.granted ?? [];
        await grantVerbs(tx, deps, key, verbs, actor);
        const subject = { kind: 'partner', id: key };
        await deps.audit.record(tx, {
          action: 'partner.granted',
          subject,
          before: { verbs: before },
          after: { verbs },
          reason,
          address,
        });
      }),
  };
};
