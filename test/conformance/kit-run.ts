import { CHECKS } from '#conformance/checks/checks.ts';
import type { Check, Level, Profile } from '#conformance/kit/check.ts';
import type { Driver } from '#conformance/kit/driver.ts';
import type { Identity } from '#conformance/kit/keys.ts';
import { type Report, runChecks } from '#conformance/kit/run.ts';
import { createSession } from '#conformance/kit/session.ts';
import { createWire } from '#conformance/kit/wire.ts';

export const FEEDS = {
  google: '/feeds/google-merchant.xml',
  table: '/feeds/products.csv',
  sitemap: '/feeds/json-ld-sitemap.xml',
};

export type Run = {
  readonly url: string;
  readonly identity: Identity;
  readonly other?: Identity;
  readonly driver?: Driver;
  readonly profile: Profile;
  readonly asked?: Level;
  readonly checks?: readonly Check[];
  readonly patienceMs?: number;
  /** Ends with the first check that fails. */
  readonly untilFailed?: boolean;
};

/** The kit in this process. */
export async function runKit({
  url,
  profile,
  asked = 'gold',
  checks = CHECKS,
  patienceMs = 20_000,
  untilFailed = false,
  ...who
}: Run): Promise<Report> {
  const target = new URL(url);
  const wire = createWire(target, 20_000);
  const t = createSession({
    ...who,
    other: who.other,
    driver: who.driver,
    target,
    wire,
    now: Date.now,
    patienceMs,
    feeds: FEEDS,
  });
  try {
    return await runChecks(checks, t, { profile, asked, untilFailed });
  } finally {
    wire.close();
  }
}

/** What did not pass, in words. */
export const faultsOf = ({ results }: Report): readonly string[] =>
  results
    .filter(({ outcome }) => outcome !== 'passed')
    .map(
      ({ check, outcome, expected, seen, missing }) =>
        `${check.id} ${outcome}: ${missing ?? `expected ${expected}, saw ${seen?.slice(0, 400)}`}`,
    );
