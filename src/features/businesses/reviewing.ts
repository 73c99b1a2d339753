import { localDate } from '#core/clock.ts';
import type { Id } from '#core/ids.ts';
import { newId } from '#core/ids.ts';
import { clean, slugify } from '#core/vietnamese.ts';
import { type Tx, transact } from '#db/client.ts';
import { type Deps, lockOwn, refuse, sealOf, tellCatalogue, transactBy } from './deps.ts';
import { insertWithholding } from './queries/measures.ts';
import { lockMembers } from './queries/members.ts';
import { insertReview, listPapers } from './queries/papers.ts';
import { type BusinessRow, isSlugFree, listPaperRules, takeCode, updateBusiness } from './queries/register.ts';
import { checklistOn, checkReview, checkTransition, type Review } from './rules.ts';
import type { BusinessId, By, WithholdingMode } from './types.ts';

const text = (value: string, max = 1_000): string => clean(value).slice(0, max).toWellFormed();
const maxRemarks = 40;

/** An officer and the account behind it: nobody decides on a business of their own. */
export type Officer = By & { readonly accountId: Id<'Account'> };

function createDecisions({ db, now, events, audit, notices, queues }: Deps) {
  const checkForeign = async (tx: Tx, id: BusinessId, officer: Officer): Promise<void> => {
    const members = await lockMembers(tx, id);
    if (members.some(({ accountId }) => accountId === officer.accountId)) throw refuse('own-business');
  };
  /** The register number, and the name of its page as short as it can be. */
  const registration = async (tx: Tx, { name, slug, code }: BusinessRow) => {
    const short = slugify(name);
    const free = short !== '' && (await isSlugFree(tx, short));
    return { code: code ?? (await takeCode(tx)), slug: free ? short : slug, approvedAt: now() };
  };

  return {
    /** Approves, sends back with remarks beside the fields, or rejects. The decision is kept and the business told. */
    review: (officer: Officer, id: BusinessId, given: Review): Promise<void> => {
      const remarks = Object.fromEntries(
        Object.entries(given.remarks)
          .slice(0, maxRemarks)
          .flatMap(([field, said]) => (text(said) === '' ? [] : [[field.slice(0, 60), text(said)]])),
      );
      const review = { verdict: given.verdict, reason: text(given.reason), remarks };
      return transact(db, officer.actor, async (tx) => {
        const business = await lockOwn(tx, id);
        await checkForeign(tx, id, officer);
        const checklist = checklistOn(await listPaperRules(tx, business.type), localDate(now()));
        const status = checkReview(review, await listPapers(tx, id), checklist, now());
        checkTransition(business.status, status);
        const change = status === 'approved' ? await registration(tx, business) : {};
        await updateBusiness(tx, id, { status, ...change }, now());
        await insertReview(tx, {
          id: newId(),
          businessId: id,
          ...review,
          reason: review.reason || null,
          reviewedBy: officer.actor,
          reviewedAt: now(),
        });
        await queues.settle(tx, { kind: 'business', id }, review.verdict);
        const action = `business.${review.verdict}`;
        await audit.record(tx, {
          action,
          subject: { kind: 'business', id },
          before: { status: business.status },
          after: { status, ...(Object.keys(remarks).length > 0 && { remarks }) },
          reason: review.reason || undefined,
          address: officer.address,
        });
        await notices.tell(tx, {
          kind: action,
          to: { businessId: id },
          values: { business: business.name, reason: review.reason },
          path: status === 'approved' ? '/ban-hang/co-so' : `/ban-hang/dang-ky/${id}`,
        });
        if (status === 'approved') await tellCatalogue(tx, events, id);
      });
    },
  };
}

const createRecords = ({ db, now, audit, vault, logReading }: Deps) => ({
  /** A rejected application may be mended and sent again. */
  reopen: (by: By, id: BusinessId): Promise<void> =>
    transactBy(db, by, async (tx) => {
      const { status } = await lockOwn(tx, id);
      if (status !== 'rejected') throw refuse('business-state-forbids', { status });
      await updateBusiness(tx, id, { status: 'draft' }, now());
      const subject = { kind: 'business', id };
      await audit.record(tx, { action: 'business.reopened', subject, before: { status }, address: by.address });
    }),
  /** A person's number in full. Each reading is an act with a reason, written before the number leaves. */
  readPersonalNumber: (by: By, id: BusinessId, reason: string): Promise<string> => {
    if (text(reason) === '') throw refuse('business-reason-missing', { pointer: '/reason' });
    return transact(db, by.actor, async (tx) => {
      const { personalNumberSealed } = await lockOwn(tx, id);
      if (!personalNumberSealed) throw refuse('business-not-found');
      const subject = { kind: 'business', id };
      const address = by.address === undefined ? {} : { address: by.address };
      await logReading(tx, { subject, field: 'personalNumber', reason: text(reason), ...address });
      return vault.open(personalNumberSealed, sealOf('businesses.personal_number_sealed', id));
    });
  },
  /** Who withholds tax from a day on; what was before stays in the history. */
  setWithholding: (by: By, id: BusinessId, mode: WithholdingMode, validFrom: string, reason: string): Promise<void> => {
    if (text(reason) === '') throw refuse('business-reason-missing', { pointer: '/reason' });
    return transact(db, by.actor, async (tx) => {
      await lockOwn(tx, id);
      await insertWithholding(tx, {
        id: newId(),
        businessId: id,
        mode,
        validFrom,
        reason: text(reason),
        setBy: by.actor,
        setAt: now(),
      });
      const subject = { kind: 'business', id };
      const after = { mode, validFrom };
      await audit.record(tx, {
        action: 'withholding.set',
        subject,
        after,
        reason: text(reason),
        address: by.address,
      });
    });
  },
});

export const createReviewing = (deps: Deps) => ({ ...createDecisions(deps), ...createRecords(deps) });
