import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { type Clock, hourMs } from '#core/clock.ts';
import { type Id, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import { type BusinessId, type By, businessProblems } from '#features/businesses/types.ts';
import { readPhone } from '#features/identity/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Places } from '#features/places/index.ts';
import {
  addTeamMember,
  type ConsentRow,
  countAsked,
  findConsentByLink,
  findTeam,
  insertConsent,
  insertTeams,
  listTeamsOf,
  lockConsent,
  removeTeamMember,
  revokeGiven,
  updateConsent,
} from './queries.ts';
import { CODE_MINUTES, checkScopes, consentUntil, MAX_CODES_AN_HOUR, stateOf, takesCode } from './rules.ts';
import { assistanceProblems, CONSENT_WORDING, type ConsentId, type TeamId } from './types.ts';
import { findAccount, findHouseholds, listConsents, listTeams } from './views.ts';

const refuse = refusals(assistanceProblems);
const refuseBusiness = refusals(businessProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly businesses: Businesses;
  readonly places: Places;
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'tell'>;
};
export type Assistance = ReturnType<typeof createAssistance>;

export type Assistant = By & { readonly accountId: Id<'Account'>; readonly name: string };
export type NewTeam = { readonly code: string; readonly name: string; readonly wardCode: string };
export type Ask = { readonly scopes: readonly string[]; readonly months: number };

type Household = { readonly businessId: BusinessId; readonly name: string; readonly phone: string };

const minuteMs = 60_000;
const maxTeams = 2_000;
const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
/** Six digits have no secret of their own: bound to the consent, one table of hashes opens none of them. */
const codeHash = (id: ConsentId, code: string): string => hash(`${id}:${code}`);
const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Teams and who is in them: what officers keep. */
const createTeams = ({ db, now, places, audit }: Deps) => ({
  listTeams: () => listTeams(db, maxTeams),
  /** Adds teams; those whose code is known are left as they are. Each ward must exist. How many were new. */
  addTeams: async (by: By, teams: readonly NewTeam[]): Promise<number> => {
    for (const { wardCode } of teams) if (!(await places.findWard(wardCode))) await places.getWardIn('', wardCode);
    return transact(db, by.actor, async (tx) => {
      const at = now();
      const rows = teams.map(({ code, name, wardCode }) => ({
        id: newId<'AssistTeam'>(),
        code: clean(code).slice(0, 40),
        name: clean(name).slice(0, 200),
        wardCode,
        createdAt: at,
      }));
      const added = await insertTeams(tx, rows);
      const subject = { kind: 'assist-team', id: teams.length === 1 ? (rows[0]?.code ?? '') : 'many' };
      await audit.record(tx, { action: 'assist-team.added', subject, after: { added }, address: by.address });
      return added;
    });
  },
  assign: (by: By, teamId: TeamId, login: string): Promise<void> =>
    transact(db, by.actor, async (tx) => {
      if (!(await findTeam(tx, teamId))) throw refuse('team-not-found');
      const account = await findAccount(tx, { phone: readPhone(login), email: clean(login).toLowerCase() });
      if (!account) throw refuse('assistant-unknown', { pointer: '/login' });
      await addTeamMember(tx, teamId, account.accountId, by.actor, now());
      const subject = { kind: 'assist-team', id: teamId };
      await audit.record(tx, { action: 'assistant.assigned', subject, after: account, address: by.address });
    }),
  /** Takes somebody out of a team; what households consented to through it is over at once. */
  dismiss: (by: By, teamId: TeamId, accountId: Id<'Account'>): Promise<void> =>
    transact(db, by.actor, async (tx) => {
      if (!(await removeTeamMember(tx, teamId, accountId))) throw refuse('team-not-found');
      const ended = await revokeGiven(tx, { teamId, assistantId: accountId }, by.actor, now());
      const subject = { kind: 'assist-team', id: teamId };
      const after = { accountId, consentsEnded: ended.length };
      await audit.record(tx, { action: 'assistant.dismissed', subject, after, address: by.address });
    }),
});

/** Writes the question down and sends the code to the household's phone. */
async function ask(
  { now, notices }: Deps,
  tx: Tx,
  assistant: Assistant,
  household: Household,
  teamId: TeamId,
  { scopes, months }: Ask,
) {
  const at = now();
  const asked = await countAsked(tx, household.phone, new Date(at.getTime() - hourMs));
  if (asked >= MAX_CODES_AN_HOUR) throw refuse('consent-asked-too-often', { retryAfterSeconds: 3_600 });
  const id = newId<'Consent'>();
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const link = randomBytes(24).toString('base64url');
  const expiresAt = consentUntil(months, at);
  await insertConsent(tx, {
    id,
    businessId: household.businessId,
    teamId,
    assistantId: assistant.accountId,
    scopes: checkScopes(scopes),
    phone: household.phone,
    wording: CONSENT_WORDING,
    askedAt: at,
    codeHash: codeHash(id, code),
    codeUntil: new Date(at.getTime() + CODE_MINUTES * minuteMs),
    expiresAt,
    linkHash: hash(link),
  });
  const values = { code, assistant: assistant.name, household: household.name, minutes: CODE_MINUTES, months };
  await notices.tell(tx, { kind: 'consent.code', to: { phone: household.phone }, values, path: `/uy-quyen/${link}` });
  return id;
}

/** Asking for a household's consent, and a household's giving it. */
function createConsents(deps: Deps) {
  const { db, now, businesses, audit } = deps;
  const teamsOf = async (assistant: Assistant) => {
    const teams = await listTeamsOf(db, assistant.accountId);
    const [first] = teams;
    if (!first) throw refuse('not-an-assistant');
    return { teams, first };
  };

  return {
    listTeamsOf: (assistant: Assistant) => listTeamsOf(db, assistant.accountId),
    /** Consents that this assistant asked for: the households that it may see, and nothing of any other. */
    listAsked: (assistant: Assistant) => listConsents(db, { assistantId: assistant.accountId }),
    listOf: (businessId: BusinessId) => listConsents(db, { businessId }),
    /** Asks a household that is in the register, found by its phone in the wards of the team, for its consent. */
    askHousehold: async (assistant: Assistant, typed: string, wanted: Ask): Promise<ConsentId> => {
      const { teams, first } = await teamsOf(assistant);
      const phone = readPhone(typed);
      if (!phone) throw refuseBusiness('business-phone-invalid', { pointer: '/phone' });
      const wardCodes = teams.map(({ wardCode }) => wardCode);
      const [household] = await findHouseholds(db, phone, wardCodes);
      if (!household) throw refuse('household-not-found');
      return transact(db, assistant.actor, (tx) => ask(deps, tx, assistant, { ...household, phone }, first.id, wanted));
    },
    /** Opens an application for a household that is not in the register, and asks for its consent. */
    beginHousehold: async (
      assistant: Assistant,
      household: { readonly name: string; readonly phone: string },
      wanted: Ask,
    ): Promise<ConsentId> => {
      const { first } = await teamsOf(assistant);
      checkScopes(wanted.scopes);
      consentUntil(wanted.months, now());
      const businessId = await businesses.begin(assistant, { ...household, type: 'household' });
      const { name, phone } = await businesses.getOwn(businessId);
      return transact(db, assistant.actor, (tx) =>
        ask(deps, tx, assistant, { businessId, name, phone: phone ?? '' }, first.id, wanted),
      );
    },
    /** The household reads the code aloud, the assistant types it. Five wrong ones spend it. 422 `consent-code-wrong`. */
    confirm: async (assistant: Assistant, id: ConsentId, code: string): Promise<BusinessId> => {
      const given = await transact(db, assistant.actor, async (tx) => {
        const consent = await lockConsent(tx, id);
        if (consent?.assistantId !== assistant.accountId) throw refuse('consent-not-found');
        if (!takesCode(consent, now())) return undefined;
        if (!isSame(consent.codeHash, codeHash(id, code.replace(/\s/g, '')))) {
          await updateConsent(tx, id, { wrongCodes: consent.wrongCodes + 1 });
          return undefined;
        }
        const { businessId, scopes, expiresAt } = consent;
        await revokeGiven(tx, { businessId, assistantId: assistant.accountId }, assistant.actor, now());
        await updateConsent(tx, id, { givenAt: now() });
        await audit.record(tx, {
          action: 'consent.given',
          subject: { kind: 'consent', id },
          after: { businessId, scopes, until: expiresAt.toISOString(), wording: consent.wording },
          onBehalfOf: businessId,
          address: assistant.address,
        });
        return consent;
      });
      // Counted in a transaction that commits: a wrong guess that rolled back would be free.
      if (!given) throw refuse('consent-code-wrong', { pointer: '/code' });
      return given.businessId;
    },
  };
}

/**
 * Writes down a consent that was given elsewhere, as it is: what the demonstration begins with. People give theirs by a
 * code; no route leads here.
 */
const createGiven = ({ now }: Deps) => ({
  addConsent: async (
    tx: Tx,
    given: Pick<ConsentRow, 'businessId' | 'teamId' | 'assistantId' | 'scopes' | 'phone' | 'expiresAt'>,
  ): Promise<void> => {
    const at = now();
    await addTeamMember(tx, given.teamId, given.assistantId, 'system', at);
    const dates = { askedAt: at, codeUntil: at, givenAt: at };
    const secrets = { codeHash: '', linkHash: hash(randomBytes(24).toString('base64url')) };
    await insertConsent(tx, { id: newId(), ...given, wording: CONSENT_WORDING, ...dates, ...secrets });
  },
});

/** Taking a consent back, and looking at what was done with it. */
function createRevoking({ db, now, businesses, audit }: Deps) {
  const end = async (tx: Tx, { id, businessId }: ConsentRow, by: By): Promise<void> => {
    await updateConsent(tx, id, { revokedAt: now(), revokedBy: by.actor });
    const subject = { kind: 'consent', id };
    await audit.record(tx, { action: 'consent.revoked', subject, after: { businessId }, address: by.address });
  };
  const findLive = async (id: ConsentId, tx: Tx): Promise<ConsentRow> => {
    const consent = await lockConsent(tx, id);
    if (!consent || ['revoked', 'expired'].includes(stateOf(consent, now()))) throw refuse('consent-not-found');
    return consent;
  };
  const byLink = async (token: string): Promise<ConsentRow> => {
    const consent = await findConsentByLink(db, hash(token));
    if (!consent) throw refuse('consent-not-found');
    return consent;
  };

  return {
    /** One press of the household, of its members, or of an officer. The next request of the assistant finds the door closed. */
    revoke: (by: By, id: ConsentId): Promise<void> => {
      const { actor, businessIds } = by;
      const work = async (tx: Tx): Promise<void> => {
        const consent = await findLive(id, tx);
        if (businessIds && !businessIds.includes(consent.businessId)) throw refuse('consent-not-found');
        await end(tx, consent, by);
      };
      return businessIds ? transactAsSeller(db, { actor, businessIds }, work) : transact(db, actor, work);
    },
    /** What the link in the household's message shows: the consent and what was done with it. */
    readByLink: async (token: string) => {
      const { id, businessId } = await byLink(token);
      const consent = (await listConsents(db, { businessId })).find(({ consentId }) => consentId === id);
      if (!consent) throw refuse('consent-not-found');
      return { consent, acts: await businesses.listActsFor(businessId) };
    },
    revokeByLink: async (token: string, address: string): Promise<void> => {
      const { id, phone } = await byLink(token);
      const by = { actor: `household:${phone.slice(-4)}`, address };
      await transact(db, by.actor, async (tx) => end(tx, await findLive(id, tx), by));
    },
  };
}

export const createAssistance = (deps: Deps) => ({
  now: deps.now,
  ...createTeams(deps),
  ...createConsents(deps),
  ...createRevoking(deps),
  ...createGiven(deps),
});
