import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '#config/config.ts';
import type { Environment } from '#config/env.ts';
import { ConfigError } from '#config/faults.ts';
import { VARIABLE_NAMES, VARIABLES, type VariableName } from '#config/variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'cho-noi-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(folder, 'data-'));
});

const load = (env: Environment = {}) => loadConfig({ DATA_DIR: dataDir, ...env });
const database = { DATABASE_URL: 'postgres://someone:word@db.example/cho_noi' };

/** The variables that are complained about; empty when nothing is. */
function faultsOf(env: Environment): readonly string[] {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable }) => variable);
    throw error;
  }
}

describe('With nothing set', () => {
  test('it is the demonstration on this machine only, with servers of its own', () => {
    expect(load()).toMatchObject({
      role: 'all',
      demo: true,
      publicUrl: 'http://127.0.0.1:3000',
      http: { host: '127.0.0.1', port: 3000 },
      search: { engine: 'embedded' },
      vietqr: { demonstration: true },
      bankFeeds: { sepay: { madeUp: true } },
    });
    expect(load().database).toBeUndefined();
    expect(load().stripe).toBeUndefined();
  });

  test('the made-up bank key is the same at the next start, and nobody else can read it', () => {
    const key = load().bankFeeds.sepay?.apiKey.reveal();
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(load().bankFeeds.sepay?.apiKey.reveal()).toBe(key);
    expect(statSync(join(dataDir, 'secrets', 'sepay-api-key')).mode & 0o777).toBe(0o600);
  });

  test('nothing can be changed afterwards', () => {
    const config = load();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.http)).toBe(true);
    expect(Object.isFrozen(config.bankFeeds.sepay)).toBe(true);
  });
});

describe('With a database of its own', () => {
  test('it is no demonstration, PostgreSQL searches, and the bank webhook is closed', () => {
    const config = load(database);
    expect(config).toMatchObject({ demo: false, search: { engine: 'postgres' } });
    expect(config.bankFeeds.sepay).toBeUndefined();
    expect(config.vietqr).toBeUndefined();
    expect(config.database?.url.reveal()).toBe(database.DATABASE_URL);
  });

  test('Meilisearch is used where MEILI_URL says', () => {
    const search = load({ ...database, MEILI_URL: 'http://search:7700/', MEILI_KEY: 'k'.repeat(16) }).search;
    expect(search).toMatchObject({ engine: 'meilisearch', url: 'http://search:7700' });
  });

  test('DEMO=1 turns the demonstration on', () => {
    expect(load({ ...database, DEMO: '1' })).toMatchObject({ demo: true, bankFeeds: { sepay: { madeUp: true } } });
  });
});

describe('The public address', () => {
  test.each([
    [{ HOST: '0.0.0.0', PORT: '8080' }, 'http://localhost:8080'],
    [{ HOST: '::1' }, 'http://[::1]:3000'],
    [{ PUBLIC_URL: 'https://san.soctrang.example/' }, 'https://san.soctrang.example'],
  ])('%j → %s', (env, url) => {
    expect(load(env).publicUrl).toBe(url);
  });
});

describe('Faults', () => {
  test('are reported all at once, each with an example, in Vietnamese and English', () => {
    const env = {
      PORT: '80.5',
      ROLE: 'boss',
      DEMO: 'yes',
      MEILI_KEY: 'short',
      PUBLIC_URL: 'san.example',
      VIETQR_BANK_BIN: '9',
    };
    const error = (() => {
      try {
        return load(env);
      } catch (reason) {
        return reason;
      }
    })();
    if (!(error instanceof ConfigError)) throw new Error('It was accepted');
    for (const name of Object.keys(env)) {
      const fault = error.faults.find(({ variable }) => variable === name);
      expect(fault, name).toBeDefined();
      expect(error.vi).toContain(`${name} ${fault?.vi}`);
      expect(error.en).toContain(`${name} ${fault?.en}`);
      expect(error.message).toContain(fault?.example);
    }
  });

  test.each<[string, Environment]>([
    ['PORT', { PORT: '0' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '1e3' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://san.example/shop' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://db/x' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://user:p%@ss:wo#rd@:x/y' }],
    ['DATABASE_URL', { ROLE: 'web' }],
    ['DATABASE_URL', { ROLE: 'worker' }],
    ['FEDERATION_ALLOW_LOOPBACK', { FEDERATION_ALLOW_LOOPBACK: '1', PUBLIC_URL: 'https://san.example' }],
    ['METRICS_PORT', { METRICS_PORT: '3000' }],
    ['STRIPE_WEBHOOK_SECRET', { STRIPE_SECRET_KEY: 'sk_test_1' }],
    ['STRIPE_SECRET_KEY', { STRIPE_WEBHOOK_SECRET: 'whsec_1' }],
    ['STRIPE_SECRET_KEY', { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' }],
    ['MEILI_URL', { MEILI_KEY: 'k'.repeat(16) }],
    ['VIETQR_ACCOUNT_NAME', { VIETQR_BANK_BIN: '970405', VIETQR_ACCOUNT_NUMBER: '7600201012345' }],
    [
      'VIETQR_ACCOUNT_NAME',
      { VIETQR_BANK_BIN: '970405', VIETQR_ACCOUNT_NUMBER: '7600201012345', VIETQR_ACCOUNT_NAME: 'Chợ Nổi' },
    ],
  ])('%s is at fault in %j', (name, env) => {
    expect(faultsOf(env)).toEqual([name]);
  });

  test('never repeat a secret', () => {
    const secret = 'hunter2-hunter2';
    const env = { DATABASE_URL: `mysql://u:${secret}@db/x`, STRIPE_SECRET_KEY: secret, SMTP_URL: secret };
    expect(() => load(env)).toThrow(ConfigError);
    expect(() => load(env)).not.toThrow(new RegExp(secret));
  });

  test('a folder that cannot be written to', () => {
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    expect(faultsOf({ DATA_DIR: file })).toEqual(['DATA_DIR']);
  });

  test('every example of ours is accepted', () => {
    const examples = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, VARIABLES[name].example]));
    const { FEDERATION_ALLOW_LOOPBACK: _, ...env } = examples;
    expect(faultsOf({ ...env, DATA_DIR: dataDir })).toEqual([]);
  });

  test('what other programs read is left alone', () => {
    expect(faultsOf({ NODE_ENV: 'production', PGPASSWORD: 'x', MEILI_MASTER_KEY: 'y' })).toEqual([]);
  });

  test('an empty variable counts as unset', () => {
    expect(load({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ http: { port: 3000 }, demo: true });
  });
});

describe('A secret', () => {
  const write = (text: string) => {
    const file = join(dataDir, 'given');
    writeFileSync(file, text);
    return file;
  };

  test('comes from the file that <NAME>_FILE names, without its line break', () => {
    const config = load({ DATABASE_URL_FILE: write(`${database.DATABASE_URL}\n`) });
    expect(config.database?.url.reveal()).toBe(database.DATABASE_URL);
  });

  test('is refused when both are set, when the file is missing and when it is empty', () => {
    expect(faultsOf({ ...database, DATABASE_URL_FILE: write('x') })).toEqual(['DATABASE_URL']);
    expect(faultsOf({ ROLE: 'web', DATABASE_URL_FILE: join(dataDir, 'nowhere') })).toEqual(['DATABASE_URL_FILE']);
    expect(faultsOf({ SEPAY_API_KEY_FILE: write('\n') })).toEqual(['SEPAY_API_KEY_FILE']);
  });

  test('does not show in what is logged', () => {
    const secrets = VARIABLE_NAMES.filter((name: VariableName) => VARIABLES[name].secret);
    const env: Record<string, string> = {};
    for (const name of secrets) env[name] = VARIABLES[name].example;
    const config = load({
      ...env,
      MEILI_URL: 'http://search:7700',
      VNPAY_TMN_CODE: 'CHONOI01',
      VNPAY_URL: VARIABLES.VNPAY_URL.example,
      GHN_SHOP_ID: VARIABLES.GHN_SHOP_ID.example,
    });
    const shown = `${JSON.stringify(config)} ${inspect(config, { depth: 9, showHidden: true })} ${config.database?.url}`;
    for (const name of secrets) expect(shown, name).not.toContain(VARIABLES[name].example);
    expect(shown).toContain('[secret]');
  });
});
