import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKS } from './checks/checks.ts';
import { createIntroduction } from './introduction.ts';
import { LEVELS, type Level, PROFILES, type Profile } from './kit/check.ts';
import { commandDriver, type Driver, httpDriver } from './kit/driver.ts';
import { type Identity, newPem, readIdentity } from './kit/keys.ts';
import { type Report, runChecks } from './kit/run.ts';
import { createSession } from './kit/session.ts';
import { createWire } from './kit/wire.ts';
import { junitOf } from './reports/junit.ts';
import { pageOf } from './reports/page.ts';
import { isGenuine, jsonOf, signedResult } from './reports/result.ts';
import { lineOf, summaryOf } from './reports/table.ts';
import { isReached } from './reports/words.ts';

const usage = `ocop-fed-conformance: does an exchange speak ocop-fed/1?

  --target https://…      the exchange
  --profile native|pull-only|feed
  --level bronze|silver|gold
  --key kit.pem           our key, which the target has pinned; made when it is not there
  --other-key other.pem   another key, pinned as another partner
  --sign-key own.pem      the key of the exchange that shows the result to a registry; --key when left out
  --driver http://…       what provokes writes (README, "The driver")
  --driver-command "…"    the same as a command
  --patience 30           seconds until a write must show
  --out folder            where the reports go (conformance-result)
  --feed-google --feed-table --feed-sitemap   paths of the feed files
  --list                  says what is checked, and checks nothing
  --introduce 7070        serves our profile at this port, for the target to pin; --origin host[:port]
  --verify result.signed.json --fingerprint …   whose result is it?`;

const options = {
  target: { type: 'string' },
  profile: { type: 'string', default: 'native' },
  level: { type: 'string', default: 'gold' },
  key: { type: 'string', default: 'kit.pem' },
  'other-key': { type: 'string' },
  'sign-key': { type: 'string' },
  driver: { type: 'string' },
  'driver-command': { type: 'string' },
  patience: { type: 'string', default: '30' },
  out: { type: 'string', default: 'conformance-result' },
  'feed-google': { type: 'string', default: '/feeds/google-merchant.xml' },
  'feed-table': { type: 'string', default: '/feeds/products.csv' },
  'feed-sitemap': { type: 'string', default: '/feeds/json-ld-sitemap.xml' },
  list: { type: 'boolean', default: false },
  introduce: { type: 'string' },
  origin: { type: 'string' },
  verify: { type: 'string' },
  fingerprint: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
type Asked = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

function identityIn(file: string): Identity {
  if (!existsSync(file)) {
    writeFileSync(file, newPem(), { mode: 0o600 });
    say(`A new key lies in ${file}`);
  }
  return readIdentity(readFileSync(file, 'utf8'));
}

const isOneOf = <T extends string>(all: readonly T[], one: string): one is T => all.some((known) => known === one);

function askedFor({ profile, level }: Asked): { readonly profile: Profile; readonly level: Level } {
  if (!isOneOf(PROFILES, profile)) throw new Error(`--profile is one of ${PROFILES.join(', ')}`);
  if (!isOneOf(LEVELS, level)) throw new Error(`--level is one of ${LEVELS.join(', ')}`);
  return { profile, level };
}

const driverOf = (asked: Asked): Driver | undefined => {
  if (asked.driver) return httpDriver(asked.driver);
  return asked['driver-command'] ? commandDriver(asked['driver-command']) : undefined;
};

function keep(folder: string, report: Report, identity: Identity): void {
  const junit = junitOf(report);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  write('junit.xml', junit);
  write('result.json', `${JSON.stringify(jsonOf(report), null, 2)}\n`);
  write('bao-cao.html', pageOf(report));
  write('result.signed.json', `${JSON.stringify(signedResult(report, identity, junit), null, 2)}\n`);
}

/** Runs the checks; 0 only if the asked level was reached. */
async function check(asked: Asked): Promise<number> {
  const { profile, level } = askedFor(asked);
  const target = URL.parse(asked.target ?? '');
  if (!target) throw new Error('--target is the address of the exchange');
  const identity = identityIn(asked.key);
  say(`Our fingerprint, which the target must have pinned: ${identity.keyid}\n`);
  const wire = createWire(target, 30_000);
  const session = createSession({
    target,
    wire,
    identity,
    other: asked['other-key'] ? identityIn(asked['other-key']) : undefined,
    driver: driverOf(asked),
    now: Date.now,
    patienceMs: Number(asked.patience) * 1000,
    feeds: { google: asked['feed-google'], table: asked['feed-table'], sitemap: asked['feed-sitemap'] },
  });
  const report = await runChecks(CHECKS, session, { profile, asked: level, told: (result) => say(lineOf(result)) });
  wire.close();
  keep(asked.out, report, asked['sign-key'] ? identityIn(asked['sign-key']) : identity);
  say(`${summaryOf(report)}\nReports in ${asked.out}: junit.xml, result.json, result.signed.json, bao-cao.html`);
  return isReached(report) ? 0 : 1;
}

/** Serves our profile until it is stopped. */
function introduce({ introduce: port, origin, key }: Asked): undefined {
  const identity = identityIn(key);
  const host = origin ?? `127.0.0.1:${port}`;
  createIntroduction(identity, () => host).listen(Number(port));
  say(`Profile of ${host} with the fingerprint ${identity.keyid}; Ctrl+C ends it`);
}

function verified({ verify: file = '', fingerprint = '' }: Asked): number {
  const genuine = isGenuine(JSON.parse(readFileSync(file, 'utf8')), fingerprint);
  say(genuine ? 'The result is genuine' : 'The result is NOT by this key, or was changed');
  return genuine ? 0 : 1;
}

function list(): number {
  for (const { id, level, profiles, title, spec } of CHECKS)
    say(`${level.padEnd(6)}  ${id.padEnd(34)} ${title[1]} | ${title[0]} [${profiles.join(' ')}] (${spec})`);
  say(`${CHECKS.length} checks`);
  return 0;
}

async function main(): Promise<number | undefined> {
  const { values } = parseArgs({ options });
  if (values.list) return list();
  if (values.introduce) return introduce(values);
  if (values.verify) return verified(values);
  if (values.help || !values.target) {
    say(usage);
    return values.help ? 0 : 2;
  }
  return await check(values);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
