import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Reader, transact, violatedConstraint } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import { insertFee } from './queries.ts';
import { checkFee } from './rules.ts';
import { type CommissionRuleId, type FeeTarget, feeProblems } from './types.ts';
import { listFees, listFeeVat, readFees } from './views.ts';

const refuse = refusals(feeProblems);
export type Fees = ReturnType<typeof createFees>;
export type FeeRequest = FeeTarget & {
  readonly rateBps: number | null;
  readonly validFrom: Date;
  readonly note: string;
};
export type Clerk = { readonly actor: string; readonly address: string };

export const createFees = ({ db, audit, now }: { readonly db: Db; readonly audit: Audit; readonly now: Clock }) => ({
  /** The rules by which a sale of this moment is charged. */
  inForce: (reader: Reader) => readFees(reader, now()),
  /** What counts and what was announced, with the VAT on it. */
  published: async () => ({ fees: await listFees(db, now()), vat: await listFeeVat(db, now()) }),
  /** Publishes a fee 20 days or more before it counts. It is never changed; a newer one takes its place. */
  publish: ({ actor, address }: Clerk, request: FeeRequest): Promise<CommissionRuleId> => {
    checkFee(request, now());
    return transact(db, actor, async (tx) => {
      const id: CommissionRuleId = newId();
      const row = { ...request, note: clean(request.note).slice(0, 500), id, createdAt: now() };
      await insertFee(tx, row).catch((error: unknown) => {
        const constraint = violatedConstraint(error);
        if (constraint === 'commission_rules_one') throw refuse('fee-taken', { pointer: '/validFrom' });
        throw constraint?.endsWith('_fk') ? refuse('fee-target-invalid', { pointer: '/businessId' }) : error;
      });
      await audit.record(tx, {
        action: 'fee.published',
        subject: { kind: 'commission-rule', id },
        after: row,
        address,
      });
      return id;
    });
  },
});
