import { refusals } from '#core/problem.ts';
import { slugify } from '#core/vietnamese.ts';
import { type Db, type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Sealed, Vault } from '#db/sealed.ts';
import type { Ctx } from '#federation/adapters/adapter.ts';
import { faultOfSettings, isForeign, secretNamesOf } from '#federation/adapters/declared.ts';
import { invited } from './partners.ts';
import { changePartner, forgetCheckpoints } from './queries/connections.ts';
import { findPartner, type NewPartner, type PartnerRow, savePartner } from './queries.ts';
import type { MoveDeps } from './states.ts';
import { federationProblems } from './types.ts';

const refuse = refusals(federationProblems);
const defaultCadenceSeconds = 900;

type Told = {
  readonly settings?: unknown;
  /** By the names that the adapter declares. They replace all that were kept. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly cadenceSeconds?: number;
};
/** A shop or exchange that does not speak our protocol, as its agreement describes it. */
type Connection = Told & {
  readonly url: string;
  readonly adapter: string;
  /** The host of its pages, where the API has another one. */
  readonly origin?: string;
  readonly key?: string;
  readonly name?: string;
};

type Deps = MoveDeps & {
  readonly db: Db;
  readonly vault: Vault;
  /** Our own origin. */
  readonly origin: string;
  readonly allowLoopback: boolean;
};

const sealOf = (key: string): string => `partners.secrets_sealed:${key}`;

/** Opens a partner's secrets when its adapter asks for one, and not before. */
export const secretsOf =
  (vault: Vault, { key, secretsSealed }: Pick<PartnerRow, 'key' | 'secretsSealed'>): Ctx['secret'] =>
  async (name) => {
    if (!secretsSealed) return undefined;
    const secrets: Readonly<Record<string, string>> = JSON.parse(vault.open(secretsSealed, sealOf(key)));
    return Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  };

const foreignOf = (adapter: string) => {
  if (isForeign(adapter)) return adapter;
  throw refuse('partner-adapter-unknown', { adapter });
};

function checkedSettings(adapter: string, settings: unknown): Readonly<Record<string, unknown>> {
  const fault = faultOfSettings(foreignOf(adapter), settings);
  if (fault !== undefined) throw refuse('partner-settings-wrong', { reason: fault });
  return settings as Readonly<Record<string, unknown>>;
}

/** Null for none. */
function sealedSecrets(
  vault: Vault,
  key: string,
  adapter: string,
  secrets: Readonly<Record<string, string>>,
): Sealed | null {
  const declared = secretNamesOf(foreignOf(adapter));
  const unknown = Object.keys(secrets).find((name) => !declared.includes(name));
  if (unknown !== undefined) throw refuse('partner-secret-unknown', { secret: unknown, declared });
  return Object.keys(secrets).length === 0 ? null : vault.seal(JSON.stringify(secrets), sealOf(key));
}

function addressOf(url: string, allowLoopback: boolean): URL {
  const address = URL.parse(url);
  const isFit = address && (address.protocol === 'https:' || (allowLoopback && address.protocol === 'http:'));
  if (isFit && !address.username && !address.password) return address;
  throw refuse('partner-address-wrong', {});
}

function originOf(origin: string | undefined, address: URL): string {
  const host = origin ?? address.host;
  if (URL.parse(`https://${host}`)?.host === host) return host;
  throw refuse('partner-address-wrong', {});
}

function rowOf(
  vault: Vault,
  connection: Connection,
  known: PartnerRow | undefined,
  { address, origin }: { readonly address: URL; readonly origin: string },
): NewPartner {
  const { key = slugify(origin), name, settings = {}, secrets } = connection;
  const adapter = foreignOf(connection.adapter);
  const isSameDoor = known?.adapter === adapter && URL.parse(known.baseUrl)?.origin === address.origin;
  const kept = isSameDoor ? known.secretsSealed : null;
  return {
    key,
    ...titlesOf(name, known, origin),
    adapter,
    baseUrl: address.href,
    cadenceSeconds: connection.cadenceSeconds ?? known?.cadenceSeconds ?? defaultCadenceSeconds,
    origin,
    settings: checkedSettings(adapter, settings),
    secretsSealed: secrets ? sealedSecrets(vault, key, adapter, secrets) : kept,
  };
}

const titlesOf = (name: string | undefined, known: PartnerRow | undefined, origin: string) => ({
  nameVi: name ?? known?.nameVi ?? origin,
  nameEn: name ?? known?.nameEn ?? origin,
});

/** Partners on other people's systems: what their adapter must know of them, and what opens their doors. */
export const createForeign = (deps: Deps) => {
  const { db, now, vault, audit, origin: self } = deps;

  /** Never what a secret is, only that there is another one. */
  const recordAct = (tx: Tx, action: string, before: PartnerRow | undefined, after: PartnerRow) =>
    audit.record(tx, {
      action,
      subject: { kind: 'partner', id: after.key },
      before: before && { baseUrl: before.baseUrl, adapter: before.adapter, settings: before.settings },
      after: {
        baseUrl: after.baseUrl,
        adapter: after.adapter,
        settings: after.settings,
        secretsReplaced: before?.secretsSealed !== after.secretsSealed,
      },
    });

  const save = (
    actor: string,
    action: string,
    before: PartnerRow | undefined,
    write: (tx: Tx) => Promise<PartnerRow>,
  ): Promise<PartnerRow> =>
    transact(db, actor, async (tx) => {
      const written = await write(tx);
      const saved = action === 'partner.connected' ? await invited(tx, deps, written) : written;
      // What was read by other settings says something else: the next pull reads everything anew.
      await forgetCheckpoints(tx, saved.key);
      await recordAct(tx, action, before, saved);
      return saved;
    }).catch((error: unknown) => {
      throw violatedConstraint(error) === 'partners_origin' ? refuse('partner-key-taken', {}) : error;
    });

  return {
    /**
     * Writes down a partner whose system is not ours. Its agreement stands then, and nothing more. Named again it is written anew; a
     * secret that was kept for one host is never sent to another, so with a new address it must be given again.
     */
    connect: async (actor: string, connection: Connection): Promise<PartnerRow> => {
      const address = addressOf(connection.url, deps.allowLoopback);
      const origin = originOf(connection.origin, address);
      if (origin === self || address.host === self) throw refuse('partner-is-ourselves', { origin: self });
      const known = await findPartner(db, connection.key ?? slugify(origin));
      if (known?.keyid) throw refuse('partner-is-native', { key: known.key });
      const row = { ...rowOf(vault, connection, known, { address, origin }), updatedAt: now() };
      return await save(actor, 'partner.connected', known, (tx) => savePartner(tx, row));
    },
    /** Changes what an adapter is told, whether or not the partner is let in. What is left out stays. */
    configure: async (actor: string, key: string, { settings, secrets, cadenceSeconds }: Told): Promise<PartnerRow> => {
      const known = await findPartner(db, key);
      if (!known) throw refuse('partner-not-found', { key });
      const set = {
        ...(settings === undefined ? {} : { settings: checkedSettings(known.adapter, settings) }),
        ...(secrets === undefined ? {} : { secretsSealed: sealedSecrets(vault, key, known.adapter, secrets) }),
        ...(cadenceSeconds === undefined ? {} : { cadenceSeconds }),
        updatedAt: now(),
      };
      return await save(actor, 'partner.configured', known, (tx) => changePartner(tx, key, set));
    },
  };
};
