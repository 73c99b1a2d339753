import type { Tx } from '#db/client.ts';
import { transact } from '#db/client.ts';
import type { Notice } from '#features/notices/types.ts';
import { type Deps, tellChanged } from './deps.ts';
import { expireDue } from './queries.ts';
import { daysLeft, REMINDER_DAYS, type ReminderDays, reminderDue } from './rules/reminders.ts';
import { type EndingCertificate, listConcerned, listEnding } from './views.ts';

const actor = 'system:certificates';
const widestMs = REMINDER_DAYS[0] * 86_400_000;
/** More than the province has; a run that meets the limit tells the rest the next day. */
const remindedAtOnce = 20_000;

const valuesOf = ({ product, decisionNumber, kind, star, code, validUntil }: EndingCertificate, now: Date) => ({
  product: product.name,
  number: decisionNumber,
  certificate: kind,
  star: star ?? 0,
  code,
  // The last day on which it holds.
  until: validUntil ? new Date(validUntil.getTime() - 1).toISOString() : '',
  days: validUntil ? daysLeft(validUntil, now) : 0,
});

const decisionOf = ({ kind, issuer, decisionNumber, issuedOn }: EndingCertificate): string =>
  [kind, issuer, decisionNumber, issuedOn].join('|');

/** One notice to the business for each certificate; certifiers hear once of a decision, however many products it covers. */
function remindersOf(ending: readonly (EndingCertificate & { readonly due: ReminderDays })[], now: Date): Notice[] {
  const byDecision = Map.groupBy(ending, (one) => `${decisionOf(one)}|${one.due}`);
  return [
    ...ending.map((one) => ({
      kind: 'certificate.ending',
      to: { businessId: one.product.businessId },
      values: valuesOf(one, now),
      path: '/ban-hang/chung-nhan',
      key: `certificate-expiry:${one.certificateId}:${one.due}`,
    })),
    ...[...byDecision].flatMap(([key, [first, ...rest]]) =>
      first
        ? [
            {
              kind: 'certificate.decision-ending',
              to: { staffRole: 'certifier' as const },
              values: { ...valuesOf(first, now), count: rest.length + 1 },
              path: '/quan-tri/chung-nhan/lich',
              key: `certificate-expiry:${key}`,
            },
          ]
        : [],
    ),
  ];
}

/** What time does to certificates. */
export function createLapsing(deps: Deps) {
  const { db, notices, now } = deps;
  const tellLapsed = async (tx: Tx, ids: Parameters<typeof listConcerned>[1]): Promise<void> => {
    const concerned = await listConcerned(tx, ids);
    await notices.tell(
      tx,
      ...concerned.map(({ certificateId, product, decisionNumber, kind, star, code }) => ({
        kind: 'certificate.expired',
        to: { businessId: product.businessId },
        values: { product: product.name, number: decisionNumber, certificate: kind, star: star ?? 0, code },
        path: '/ban-hang/chung-nhan',
        key: `certificate-expired:${certificateId}`,
      })),
    );
  };
  return {
    /** Marks what has lapsed and tells everyone who shows it. Runs after each midnight and is safe to run at any time. */
    expireDue: (): Promise<number> =>
      transact(db, actor, async (tx) => {
        const lapsed = await expireDue(tx, now());
        await tellLapsed(
          tx,
          lapsed.map(({ id }) => id),
        );
        await tellChanged(deps, tx, lapsed);
        return lapsed.length;
      }),
    /** Tells whoever must act of certificates that end within 180, 90, 30 or 7 days; each of these once. How many are ending. */
    remind: (): Promise<number> =>
      transact(db, actor, async (tx) => {
        const at = now();
        const ending = await listEnding(tx, { now: at, before: new Date(at.getTime() + widestMs) }, remindedAtOnce);
        const due = ending.flatMap((one) => {
          const days = one.validUntil && reminderDue(one.validUntil, at);
          return days ? [{ ...one, due: days }] : [];
        });
        await notices.tell(tx, ...remindersOf(due, at));
        return due.length;
      }),
  };
}
