import { dayMs, localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { clean } from '#core/vietnamese.ts';
import { type Tx, transact, violatedConstraint } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { type Deps, lockOwn, refuse, tellCatalogue, transactBy } from './deps.ts';
import {
  insertMeasure,
  listDueMeasures,
  listOpenMeasures,
  lockMeasure,
  type MeasureRow,
  updateMeasure,
} from './queries/measures.ts';
import { type BusinessRow, listHolidayTurns, updateBusiness } from './queries/register.ts';
import { checkHoliday, checkTransition, effectOf, type Holiday, type MeasureDraft, stateAfter } from './rules.ts';
import type { BusinessId, BusinessState, By, MeasureId } from './types.ts';

const text = (value: string | undefined): string =>
  clean(value ?? '')
    .slice(0, 1_000)
    .toWellFormed();

/** Takes the goods of a business off the shelves everywhere. Orders that are open go on. */
async function apply(
  { now, events, audit, notices }: Deps,
  tx: Tx,
  measure: Pick<MeasureRow, 'id' | 'businessId' | 'kind' | 'reason'>,
): Promise<void> {
  const { businessId, kind, reason } = measure;
  const business = await lockOwn(tx, businessId);
  const status = stateAfter(kind);
  // Suspended already on another ground: this one stands beside it, and lifting one does not lift the other.
  if (business.status !== status && business.status !== 'closed') {
    checkTransition(business.status, status);
    await updateBusiness(tx, businessId, { status }, now());
  }
  await updateMeasure(tx, measure.id, { appliedAt: now() });
  await audit.record(tx, {
    action: `business.${status}`,
    subject: { kind: 'business', id: businessId },
    before: { status: business.status },
    after: { status },
    reason,
  });
  const values = { business: business.name, reason };
  await notices.tell(tx, { kind: `business.${status}`, to: { businessId }, values, path: '/ban-hang/co-so' });
  await tellCatalogue(tx, events, businessId);
}

const rowOf = (by: By, businessId: BusinessId, draft: MeasureDraft, at: Date) => {
  const given = {
    ...draft,
    reason: text(draft.reason),
    authority: text(draft.authority),
    requestNumber: text(draft.requestNumber),
  };
  const effectiveAt = effectOf(given, at);
  const byAuthority = draft.ground === 'authority';
  return {
    id: newId<'Measure'>(),
    businessId,
    kind: draft.kind,
    ground: draft.ground,
    reason: given.reason,
    basis: text(draft.basis) || null,
    authority: byAuthority ? given.authority : null,
    requestNumber: byAuthority ? given.requestNumber : null,
    requestedAt: byAuthority ? (draft.requestedAt ?? null) : null,
    noticeAt: at,
    effectiveAt,
    decidedBy: by.actor,
  };
};

/** Suspension and closure. */
function createDeciding(deps: Deps) {
  const { db, now, audit, notices } = deps;
  return {
    /** Decides a measure. What takes effect now is carried out in the same transaction; the rest by the clock. */
    decideMeasure: (by: By, businessId: BusinessId, draft: MeasureDraft): Promise<MeasureId> =>
      transact(db, by.actor, async (tx) => {
        const business = await lockOwn(tx, businessId);
        checkTransition(business.status === 'suspended' ? 'approved' : business.status, stateAfter(draft.kind));
        const row = rowOf(by, businessId, draft, now());
        await insertMeasure(tx, row);
        const subject = { kind: 'business', id: businessId };
        const { kind, ground, basis, requestNumber, effectiveAt } = row;
        const after = { kind, ground, basis, requestNumber, effectiveAt: effectiveAt.toISOString() };
        await audit.record(tx, { action: 'measure.decided', subject, after, reason: row.reason, address: by.address });
        if (effectiveAt <= now()) await apply(deps, tx, row);
        else
          await notices.tell(tx, {
            kind: 'business.measure-announced',
            to: { businessId },
            values: { business: business.name, measure: kind, reason: row.reason, from: localDate(effectiveAt) },
            path: '/ban-hang/co-so',
          });
        return row.id;
      }).catch((error: unknown) => {
        throw violatedConstraint(error) === 'business_measures_open' ? refuse('business-state-forbids') : error;
      }),
    /** Carries out what was announced and is due; how many. One that fails keeps no other from its turn. */
    applyDueMeasures: async (): Promise<number> =>
      oneByOne(await listDueMeasures(db, now()), ({ id, businessId }) =>
        transact(db, 'system:measures', async (tx) => {
          await lockOwn(tx, businessId);
          const measure = await lockMeasure(tx, id);
          if (!measure || measure.appliedAt || measure.liftedAt) return false;
          await apply(deps, tx, measure);
          return true;
        }),
      ),
  };
}

/** A measure that may still be taken back: a closure that took effect is for good. */
async function lockLiftable(tx: Tx, id: MeasureId): Promise<MeasureRow> {
  const measure = await lockMeasure(tx, id);
  if (!measure || measure.liftedAt) throw refuse('measure-not-found');
  if (measure.kind === 'closure' && measure.appliedAt) throw refuse('business-state-forbids', { status: 'closed' });
  return measure;
}

function checkReason(reason: string): string {
  const said = text(reason);
  if (said === '') throw refuse('business-reason-missing', { pointer: '/reason' });
  return said;
}

/** A suspended business is open again once no measure that took effect is left. */
async function freeIfNothingStands(tx: Tx, { id, status }: BusinessRow, at: Date): Promise<BusinessState> {
  const standing = await listOpenMeasures(tx, id);
  if (status !== 'suspended' || standing.some(({ appliedAt }) => appliedAt)) return status;
  await updateBusiness(tx, id, { status: 'approved' }, at);
  return 'approved';
}

const createLifting = ({ db, now, events, audit, notices }: Deps) => ({
  /** Takes a measure back, before or after it took effect. Another one that stands keeps the business suspended; a closure is for good. */
  liftMeasure: (by: By, id: MeasureId, reason: string): Promise<void> =>
    transact(db, by.actor, async (tx) => {
      const measure = await lockLiftable(tx, id);
      const said = checkReason(reason);
      const business = await lockOwn(tx, measure.businessId);
      await updateMeasure(tx, id, { liftedAt: now(), liftedBy: by.actor, liftReason: said });
      const status = await freeIfNothingStands(tx, business, now());
      const { businessId, kind } = measure;
      await audit.record(tx, {
        action: 'measure.lifted',
        subject: { kind: 'business', id: businessId },
        before: { kind, status: business.status },
        after: { status },
        reason: said,
        address: by.address,
      });
      const values = { business: business.name, reason: said };
      await notices.tell(tx, { kind: 'business.measure-lifted', to: { businessId }, values, path: '/ban-hang/co-so' });
      if (status !== business.status) await tellCatalogue(tx, events, businessId);
    }),
});

const createHolidays = ({ db, now, events, audit }: Deps) => ({
  /** From when to when nothing is sent; null ends the holiday. Applies at once. */
  setHoliday: (by: By, businessId: BusinessId, holiday: Holiday | null): Promise<void> =>
    transactBy(db, by, async (tx) => {
      const before = await lockOwn(tx, businessId);
      const days = holiday && checkHoliday(holiday, now());
      const change = { holidayFrom: days?.from ?? null, holidayTo: days?.to ?? null };
      await updateBusiness(tx, businessId, change, now());
      await audit.record(tx, {
        action: 'holiday.set',
        subject: { kind: 'business', id: businessId },
        before: { from: before.holidayFrom, to: before.holidayTo },
        after: { from: change.holidayFrom, to: change.holidayTo },
        onBehalfOf: by.onBehalfOf,
        address: by.address,
      });
      await tellCatalogue(tx, events, businessId);
    }),
  /** At midnight: tells of the goods of businesses whose holiday begins today or ended yesterday. */
  turnHolidays: (): Promise<number> =>
    transact(db, 'system:holidays', async (tx) => {
      const [today, yesterday] = [localDate(now()), localDate(new Date(now().getTime() - dayMs))];
      const turned = await listHolidayTurns(tx, today, yesterday);
      for (const { id } of turned) await tellCatalogue(tx, events, id);
      return turned.length;
    }),
});

/** All that takes a business's goods off the shelves, for a time or for good. */
export const createMeasures = (deps: Deps) => ({
  ...createDeciding(deps),
  ...createLifting(deps),
  ...createHolidays(deps),
});
