import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { Value } from 'typebox/value';
import { type Environment, readValues, type Values } from './env.ts';
import { ConfigError, type Fault } from './faults.ts';
import { type OidcConfig, readOidc } from './oidc.ts';
import { keptSecret, Secret } from './secrets.ts';
import { VARIABLE_NAMES, VARIABLES, type VariableName } from './variables.ts';

export type Role = 'all' | 'web' | 'worker';

/** Which engine answers searches. `embedded` becomes `meilisearch` at the address that `startEmbedded` gives. */
export type SearchConfig =
  | { readonly engine: 'embedded'; readonly indexPrefix: string }
  | { readonly engine: 'postgres'; readonly indexPrefix: string }
  | {
      readonly engine: 'meilisearch';
      readonly url: string;
      readonly key: Secret | undefined;
      readonly indexPrefix: string;
    };

/** Where bank transfers are paid to. `demonstration` marks an account that no bank has. */
export type CollectingAccount = {
  readonly bankBin: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly demonstration: boolean;
};

type CourierAccess = {
  readonly token: Secret;
  readonly webhookToken: Secret;
  readonly apiBase: string | undefined;
};
export type Config = {
  readonly role: Role;
  /** Sample data, labelled pages, made-up keys. */
  readonly demo: boolean;
  /** Absolute. Embedded servers, made-up secrets and uploaded files live under it. */
  readonly dataDir: string;
  /** Scheme, host and port as shoppers type them; no slash at the end. */
  readonly publicUrl: string;
  readonly http: { readonly host: string; readonly port: number };
  /** Whose word on the address of a client is taken, beside that of this machine. */
  readonly trustedProxies: readonly string[];
  /** A provider of identities, from `DATA_DIR/secrets/oidc.json`; undefined: none is offered. */
  readonly oidc: OidcConfig | undefined;
  /** On a private port; undefined: not served. */
  readonly metrics: { readonly port: number } | undefined;
  /** Undefined: the embedded PostgreSQL is started. */
  readonly database: { readonly url: Secret } | undefined;
  readonly search: SearchConfig;
  readonly stripe:
    | { readonly secretKey: Secret; readonly webhookSecret: Secret; readonly apiBase: string | undefined }
    | undefined;
  /** A carrier that is undefined is not offered, and its webhook is closed. */
  readonly couriers: {
    readonly ghn: (CourierAccess & { readonly shopId: string }) | undefined;
    readonly ghtk: CourierAccess | undefined;
  };
  /** A bank feed that is undefined has its webhook closed. */
  readonly bankFeeds: {
    /** `madeUp`: the demonstration invented it, so the start page shows it. */
    readonly sepay: { readonly apiKey: Secret; readonly madeUp: boolean } | undefined;
    readonly payos: { readonly checksumKey: Secret } | undefined;
    readonly casso: { readonly key: Secret } | undefined;
  };
  readonly vnpay: { readonly tmnCode: string; readonly secret: Secret; readonly url: string } | undefined;
  readonly vietqr: CollectingAccount | undefined;
  readonly federation: { readonly keyFile: string; readonly allowLoopback: boolean };
  readonly mail: { readonly url: Secret } | undefined;
  readonly storage: { readonly url: Secret } | undefined;
};

const defaultPort = '3000';

/** BIN 999999 is outside what NAPAS gives out, so nobody can send real money to the demonstration by mistake. */
const demonstrationAccount: CollectingAccount = {
  bankBin: '999999',
  accountNumber: '0000000000',
  accountName: 'SAN CHO NOI DU LIEU MAU',
  demonstration: true,
};

/**
 * The configuration that `env` describes, typed and frozen. Throws ConfigError with every fault there is.
 * In the demonstration an unset SEPAY_API_KEY is made up and kept under DATA_DIR, so that a second start has the same.
 */
export function loadConfig(env: Environment): Config {
  const { values, faults: unread } = readValues(env);
  const malformed = VARIABLE_NAMES.flatMap((name) => malformedFault(name, values[name]));
  const between = [
    ...rules.map((rule) => rule(values)).filter((fault) => fault !== false),
    ...missingCompanions(values),
  ];
  // A secret whose file cannot be read was meant to be set: saying as well that it is missing would mislead.
  const meant = new Set(unread.map(({ variable }) => variable.replace(/_FILE$/, '')));
  const faults = [...unread, ...malformed, ...between.filter(({ variable }) => !meant.has(variable))];
  if (faults.length > 0) throw new ConfigError(faults);
  return deepFreeze(compile(values));
}

function malformedFault(name: VariableName, value: string | undefined): Fault[] {
  const { schema, secret, en, vi, example } = VARIABLES[name];
  if (value === undefined || (Value.Check(schema, value) && isUrlIfItLooksLikeOne(value))) return [];
  // A secret's value stays out of the message: messages end up in logs and in screenshots.
  const [notEn, notVi] = secret ? ['', ''] : [`, not "${value}"`, `, không phải "${value}"`];
  return [{ variable: name, en: `must be ${en}${notEn}`, vi: `phải là ${vi}${notVi}`, example: `${name}=${example}` }];
}

/** A pattern lets `postgres://user:p@ss:word@` through, which no driver can take apart. */
const isUrlIfItLooksLikeOne = (value: string): boolean => !/^[a-z0-9]+:\/\//.test(value) || URL.canParse(value);

/** What single values cannot tell: each rule looks at several variables and is broken or not. */
const rules: readonly ((values: Values) => Fault | false)[] = [
  ({ ROLE: role, DATABASE_URL: url }) =>
    (role === 'web' || role === 'worker') &&
    !url && {
      variable: 'DATABASE_URL',
      en: `must be set, because ROLE=${role} does not start a database of its own`,
      vi: `phải được đặt, vì ROLE=${role} không tự khởi động cơ sở dữ liệu`,
      example: `DATABASE_URL=${VARIABLES.DATABASE_URL.example}`,
    },
  (values) =>
    values.FEDERATION_ALLOW_LOOPBACK === '1' &&
    (values.PUBLIC_URL ?? '').startsWith('https:') && {
      variable: 'FEDERATION_ALLOW_LOOPBACK',
      en: 'is for two exchanges on one machine and must be off when PUBLIC_URL is https',
      vi: 'chỉ dành cho hai sàn trên cùng một máy và phải tắt khi PUBLIC_URL là https',
      example: 'FEDERATION_ALLOW_LOOPBACK=0',
    },
  ({ METRICS_PORT: metrics, PORT: port = defaultPort }) =>
    metrics === port && {
      variable: 'METRICS_PORT',
      en: 'must differ from PORT, because strangers reach PORT',
      vi: 'phải khác PORT, vì người ngoài vào được PORT',
      example: `METRICS_PORT=${VARIABLES.METRICS_PORT.example}`,
    },
  ({ TRUSTED_PROXIES: proxies }) => {
    const wrong = listOf(proxies).find((range) => !isRange(range));
    return (
      wrong !== undefined && {
        variable: 'TRUSTED_PROXIES',
        en: `must name addresses or ranges of few machines, not "${wrong}"`,
        vi: `phải là địa chỉ hoặc dải của ít máy, không phải "${wrong}"`,
        example: `TRUSTED_PROXIES=${VARIABLES.TRUSTED_PROXIES.example}`,
      }
    );
  },
  (values) =>
    isDemo(values) &&
    /^(sk|rk)_live_/.test(values.STRIPE_SECRET_KEY ?? '') && {
      variable: 'STRIPE_SECRET_KEY',
      en: 'is a live key, and a demonstration (DEMO=1) must not charge real cards',
      vi: 'là khóa thật, mà bản trình diễn (DEMO=1) không được trừ tiền thẻ thật',
      example: `STRIPE_SECRET_KEY=${VARIABLES.STRIPE_SECRET_KEY.example}`,
    },
];

/**
 * Each group's names all, once the first is given. A webhook secret without its key, or an account number without its
 * bank, would fail at the first payment instead.
 */
const companions: readonly (readonly [VariableName, ...VariableName[]])[] = [
  ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  ['STRIPE_WEBHOOK_SECRET', 'STRIPE_SECRET_KEY'],
  ['VNPAY_TMN_CODE', 'VNPAY_SECRET', 'VNPAY_URL'],
  ['VNPAY_SECRET', 'VNPAY_TMN_CODE'],
  ['VIETQR_BANK_BIN', 'VIETQR_ACCOUNT_NUMBER', 'VIETQR_ACCOUNT_NAME'],
  ['VIETQR_ACCOUNT_NUMBER', 'VIETQR_BANK_BIN'],
  ['GHN_TOKEN', 'GHN_SHOP_ID', 'GHN_WEBHOOK_TOKEN'],
  ['GHN_WEBHOOK_TOKEN', 'GHN_TOKEN', 'GHN_SHOP_ID'],
  ['GHTK_TOKEN', 'GHTK_WEBHOOK_TOKEN'],
  ['GHTK_WEBHOOK_TOKEN', 'GHTK_TOKEN'],
  ['MEILI_KEY', 'MEILI_URL'],
];

const missingCompanions = (values: Values): Fault[] =>
  companions.flatMap(([given, ...others]) =>
    others
      .filter((name) => values[given] && !values[name])
      .map((name) => ({
        variable: name,
        en: `must be set, because ${given} is`,
        vi: `phải được đặt, vì ${given} đã được đặt`,
        example: `${name}=${VARIABLES[name].example}`,
      })),
  );

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').flatMap((part) => part.trim() || []);

/** A range that holds half the internet would let half the internet say where it comes from. */
function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return (
    /^\d{1,3}$/.test(bits) && Number(bits) >= (version === 4 ? 8 : 16) && Number(bits) <= (version === 4 ? 32 : 128)
  );
}

const isDemo = (values: Values): boolean => (values.DEMO ?? (values.DATABASE_URL ? '0' : '1')) === '1';
const compileUrl = (url: string | undefined): { url: Secret } | undefined =>
  url ? { url: new Secret(url) } : undefined;
const secretOf = (value: string | undefined): Secret | undefined => (value ? new Secret(value) : undefined);

function compile(values: Values): Config {
  const host = values.HOST ?? '127.0.0.1';
  const port = Number(values.PORT ?? defaultPort);
  const dataDir = resolve(values.DATA_DIR ?? '.data');
  const demo = isDemo(values);
  return {
    role: (values.ROLE ?? 'all') as Role,
    demo,
    dataDir,
    publicUrl: (values.PUBLIC_URL ?? `http://${reachable(host)}:${port}`).replace(/\/$/, ''),
    http: { host, port },
    trustedProxies: listOf(values.TRUSTED_PROXIES),
    oidc: readOidc(dataDir),
    metrics: values.METRICS_PORT ? { port: Number(values.METRICS_PORT) } : undefined,
    database: compileUrl(values.DATABASE_URL),
    search: compileSearch(values),
    stripe: compileStripe(values),
    couriers: compileCouriers(values),
    bankFeeds: compileBankFeeds(values, demo, dataDir),
    vnpay: compileVnpay(values),
    vietqr: compileVietqr(values) ?? (demo ? demonstrationAccount : undefined),
    federation: {
      keyFile: resolve(values.FEDERATION_KEY_FILE ?? join(dataDir, 'secrets', 'federation-key.pem')),
      allowLoopback: values.FEDERATION_ALLOW_LOOPBACK === '1',
    },
    mail: compileUrl(values.SMTP_URL),
    storage: compileUrl(values.STORAGE_URL),
  };
}

/** A server that listens on every address is reached by a name, and an IPv6 address stands in brackets. */
const reachable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;

function compileSearch(values: Values): SearchConfig {
  const indexPrefix = values.MEILI_INDEX_PREFIX ?? '';
  if (values.MEILI_URL) {
    const url = values.MEILI_URL.replace(/\/$/, '');
    return { engine: 'meilisearch', url, key: secretOf(values.MEILI_KEY), indexPrefix };
  }
  return { engine: values.DATABASE_URL ? 'postgres' : 'embedded', indexPrefix };
}

function compileStripe(values: Values): Config['stripe'] {
  const secretKey = secretOf(values.STRIPE_SECRET_KEY);
  const webhookSecret = secretOf(values.STRIPE_WEBHOOK_SECRET);
  return secretKey && webhookSecret && { secretKey, webhookSecret, apiBase: values.STRIPE_API_BASE };
}

function compileCouriers(values: Values): Config['couriers'] {
  const [ghnToken, ghnWebhook] = [secretOf(values.GHN_TOKEN), secretOf(values.GHN_WEBHOOK_TOKEN)];
  const [ghtkToken, ghtkWebhook] = [secretOf(values.GHTK_TOKEN), secretOf(values.GHTK_WEBHOOK_TOKEN)];
  const shopId = values.GHN_SHOP_ID ?? '';
  return {
    ghn: ghnToken && ghnWebhook && { token: ghnToken, webhookToken: ghnWebhook, shopId, apiBase: values.GHN_API_BASE },
    ghtk: ghtkToken && ghtkWebhook && { token: ghtkToken, webhookToken: ghtkWebhook, apiBase: values.GHTK_API_BASE },
  };
}

function compileBankFeeds(values: Values, demo: boolean, dataDir: string): Config['bankFeeds'] {
  const checksumKey = secretOf(values.PAYOS_CHECKSUM_KEY);
  const key = secretOf(values.CASSO_KEY);
  return {
    sepay: compileSepay(values, demo, dataDir),
    payos: checksumKey && { checksumKey },
    casso: key && { key },
  };
}

function compileSepay(values: Values, demo: boolean, dataDir: string): Config['bankFeeds']['sepay'] {
  const apiKey = secretOf(values.SEPAY_API_KEY);
  if (apiKey) return { apiKey, madeUp: false };
  if (!demo) return undefined;
  try {
    return { apiKey: new Secret(keptSecret(dataDir, 'sepay-api-key')), madeUp: true };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError([
      {
        variable: 'DATA_DIR',
        en: `is a folder that cannot be written to: ${dataDir} (${reason})`,
        vi: `là thư mục không ghi được: ${dataDir} (${reason})`,
        example: 'DATA_DIR=/var/lib/cho-noi',
      },
    ]);
  }
}

function compileVnpay(values: Values): Config['vnpay'] {
  const { VNPAY_TMN_CODE: tmnCode, VNPAY_URL: url } = values;
  const secret = secretOf(values.VNPAY_SECRET);
  return tmnCode && secret && url ? { tmnCode, secret, url } : undefined;
}

function compileVietqr(values: Values): CollectingAccount | undefined {
  const { VIETQR_BANK_BIN: bankBin, VIETQR_ACCOUNT_NUMBER: accountNumber, VIETQR_ACCOUNT_NAME: accountName } = values;
  return bankBin && accountNumber && accountName
    ? { bankBin, accountNumber, accountName, demonstration: false }
    : undefined;
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
