import { type Check, Failure, LEVELS, type Level, Missing, type Need, type Profile } from './check.ts';
import type { Session } from './session.ts';

export type Outcome = 'passed' | 'failed' | 'skipped';
export type Result = {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly ms: number;
  /** What the check sent last, what it expected and what it saw; only when it failed. */
  readonly sent?: string;
  readonly expected?: string;
  readonly seen?: string;
  /** What was missing, when it was skipped. */
  readonly missing?: Need;
};

export type Report = {
  readonly target: string;
  readonly profile: Profile;
  readonly asked: Level;
  /** The highest level whose checks, and those of the levels below, all passed; null when bronze was not reached. */
  readonly reached: Level | null;
  readonly startedAt: string;
  readonly results: readonly Result[];
};

/** The checks for this profile up to this level, in the order in which they are run. */
export function chosen(checks: readonly Check[], profile: Profile, asked: Level): readonly Check[] {
  const levels = LEVELS.slice(0, LEVELS.indexOf(asked) + 1);
  return checks.filter(({ profiles, level }) => profiles.includes(profile) && levels.includes(level));
}

const hasNeed = (t: Session, need: Need): boolean => (need === 'second-key' ? t.other !== undefined : !!t.driver);

async function runOne(check: Check, t: Session): Promise<Result> {
  const missing = check.needs.find((need) => !hasNeed(t, need));
  if (missing) return { check, outcome: 'skipped', ms: 0, missing };
  const started = t.now();
  try {
    await check.run(t);
    return { check, outcome: 'passed', ms: t.now() - started };
  } catch (error) {
    if (error instanceof Missing) return { check, outcome: 'skipped', ms: 0, missing: error.need };
    const { expected, seen } = error instanceof Failure ? error : { expected: 'an answer', seen: String(error) };
    return { check, outcome: 'failed', ms: t.now() - started, sent: sentBefore(t), expected, seen };
  }
}

/** The request after which the check gave up, as a developer would repeat it. */
function sentBefore(t: Session): string {
  const { request } = t.lastAnswer() ?? {};
  if (!request) return '';
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value.slice(0, 400)}`);
  const body = request.body.length > 0 ? [`\n${request.body.toString('utf8', 0, 400)}`] : [];
  return [`${request.method} ${request.target.slice(0, 400)}`, ...headers, ...body].join('\n');
}

function reachedLevel(results: readonly Result[], asked: Level): Level | null {
  const allowed = LEVELS.slice(0, LEVELS.indexOf(asked) + 1);
  const open = new Set(results.filter(({ outcome }) => outcome !== 'passed').map(({ check }) => check.level));
  const first = allowed.findIndex((level) => open.has(level));
  return allowed[first === -1 ? allowed.length - 1 : first - 1] ?? null;
}

export type Running = {
  readonly profile: Profile;
  readonly asked: Level;
  readonly told?: (result: Result) => void;
  /** Ends with the first check that fails, to try a mend. */
  readonly untilFailed?: boolean;
};

/** Runs them one after the other: some write, and what they see must be of their own making. */
export async function runChecks(
  checks: readonly Check[],
  t: Session,
  { profile, asked, told = () => {}, untilFailed = false }: Running,
): Promise<Report> {
  const startedAt = new Date(t.now()).toISOString();
  const results: Result[] = [];
  for (const check of chosen(checks, profile, asked)) {
    const result = await runOne(check, t);
    results.push(result);
    told(result);
    if (untilFailed && result.outcome === 'failed') break;
  }
  return { target: t.target.href, profile, asked, reached: reachedLevel(results, asked), startedAt, results };
}
