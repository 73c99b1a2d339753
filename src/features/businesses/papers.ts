import { dayMs, localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { clean } from '#core/vietnamese.ts';
import { transact } from '#db/client.ts';
import type { Upload } from '#features/files/types.ts';
import { type Deps, lockOwn, refuse, transactBy } from './deps.ts';
import { findPaper, listExpiring, replacePaper, saveVerdict } from './queries/papers.ts';
import { lockBusiness } from './queries/register.ts';
import { checkPaperDates, checkVerdict, REMINDER_DAYS, reminderDue } from './rules.ts';
import type { BusinessId, By, PaperId, PaperKind, PaperVerdict } from './types.ts';

export type PaperDraft = {
  readonly kind: PaperKind;
  readonly number: string;
  readonly issuer: string;
  readonly issuedOn: string;
  readonly expiresOn: string | null;
};
const text = (value: string): string => clean(value).slice(0, 200).toWellFormed();

export function createPapers({ db, now, audit, notices, files }: Deps) {
  return {
    /** Takes a paper: looked at before its bytes are kept, so that what is refused leaves no file behind. */
    addPaper: async (by: By, businessId: BusinessId, draft: PaperDraft, upload: Upload): Promise<PaperId> => {
      checkPaperDates(draft, now());
      const { fileId } = await files.keep('document', upload, { actor: by.actor, businessId });
      const id: PaperId = newId();
      await transactBy(db, by, async (tx) => {
        const { status } = await lockOwn(tx, businessId);
        if (status === 'closed' || status === 'submitted') throw refuse('business-state-forbids', { status });
        const { kind, issuedOn, expiresOn } = draft;
        const stated = { number: text(draft.number), issuer: text(draft.issuer), issuedOn, expiresOn };
        await replacePaper(tx, { id, businessId, kind, fileId, ...stated, sentBy: by.actor, sentAt: now() });
        await audit.record(tx, {
          action: 'paper.sent',
          subject: { kind: 'business', id: businessId },
          after: { paper: kind, ...stated },
          onBehalfOf: by.onBehalfOf,
          address: by.address,
        });
      });
      return id;
    },
    /** An officer's word on one paper. What is refused is refused with a reason that the sender reads. */
    judgePaper: (by: By, id: PaperId, verdict: Exclude<PaperVerdict, 'waiting'>, reason: string): Promise<void> =>
      transact(db, by.actor, async (tx) => {
        const paper = await findPaper(tx, id);
        if (!paper || paper.replacedAt) throw refuse('paper-not-found');
        checkVerdict(paper, verdict, text(reason), now());
        await lockBusiness(tx, paper.businessId);
        const verdictReason = text(reason) || null;
        await saveVerdict(tx, id, { verdict, verdictReason, reviewedBy: by.actor, reviewedAt: now() });
        await audit.record(tx, {
          action: `paper.${verdict}`,
          subject: { kind: 'business', id: paper.businessId },
          before: { paper: paper.kind, verdict: paper.verdict },
          after: { paper: paper.kind, verdict },
          reason: text(reason) || undefined,
          address: by.address,
        });
      }),
    /** Tells of papers that come near their end, once for each distance. Runs every morning. */
    remindOfExpiry: (): Promise<number> =>
      transact(db, 'system:papers', async (tx) => {
        const at = now();
        const furthest = new Date(at.getTime() + REMINDER_DAYS[0] * dayMs);
        const papers = await listExpiring(tx, localDate(at), localDate(furthest));
        for (const { id, businessId, kind, expiresOn } of papers) {
          const days = reminderDue(expiresOn ?? '', at);
          if (days === undefined) continue;
          const key = `paper-expiry:${id}:${days}`;
          const told = { kind: 'paper.expiring', values: { paper: kind, expiresOn: expiresOn ?? '', days } };
          await notices.tell(
            tx,
            { ...told, to: { businessId }, path: '/ban-hang/co-so', key },
            { ...told, to: { staffRole: 'moderator' }, path: `/quan-tri/co-so/${businessId}`, key: `${key}:staff` },
          );
        }
        return papers.length;
      }),
  };
}
