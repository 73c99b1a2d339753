import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { dayMs } from '#core/clock.ts';
import { newSecret, readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import type { Delivery } from '#features/carts/types.ts';
import { readPhone } from '#features/identity/index.ts';
import type { Deps } from './deps.ts';
import { findConfirmation, findGroupAndDelivery, insertConfirmation } from './queries/confirmations.ts';
import { type Confirmation, terms } from './rules/confirmation.ts';
import { type OrderGroupId, orderProblems } from './types.ts';
import { listWithoutConfirmation, readConfirmed } from './views/confirmation.ts';

const refuse = refusals(orderProblems);
const atOnce = 500;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const canonical = (value: unknown): string => canonicalize(value) ?? '';

/** Seals who bought: with the delivery at hand it can be proved, and without it nobody can be read out of it. */
const digestOf = (salt: string, delivery: Delivery): string => sha256(salt + canonical(delivery));

export type ReadConfirmation = {
  readonly content: Confirmation;
  /** Of the canonical bytes that were stored. */
  readonly sha256: string;
  /** Null once the buyer asked to be forgotten. */
  readonly delivery: Delivery | null;
  readonly madeAt: Date;
};

/** Makes the confirmation of a paid group, once; whoever comes second finds the first. False where nothing was paid. */
async function make({ db, now, exchange }: Deps, groupId: OrderGroupId): Promise<boolean> {
  const facts = await readConfirmed(db, groupId);
  if (!facts) return false;
  const { group, orders, method, paidAt } = facts;
  const salt = newSecret();
  const content: Confirmation = {
    version: 1,
    group: group.code,
    exchange,
    placedAt: group.createdAt.toISOString(),
    paidAt: paidAt.toISOString(),
    method,
    buyer: { salt, digest: digestOf(salt, group.delivery) },
    orders,
    totalVnd: group.totalVnd,
    terms,
  };
  const text = canonical(content);
  await transact(db, 'system:orders', (tx) =>
    insertConfirmation(tx, { groupId, content: text, sha256: sha256(text), madeAt: now() }),
  );
  return true;
}

export const createConfirming = (deps: Deps) => ({
  /** Confirmations of what was paid and has none yet. Run by a job; one that is asked for sooner is made at once. */
  makeConfirmations: async (): Promise<number> =>
    oneByOne(
      await listWithoutConfirmation(deps.db, new Date(deps.now().getTime() - dayMs), atOnce),
      (groupId: OrderGroupId) => make(deps, groupId),
    ),
  /** The confirmation of a group, or of the group of an order, for whoever knows its phone number. */
  getConfirmation: async (code: string, phone: string): Promise<ReadConfirmation> => {
    const found = await findGroupAndDelivery(deps.db, readCode(code));
    if (!found || found.phone === '' || readPhone(phone) !== found.phone) throw refuse('tracking-mismatch');
    const kept =
      (await findConfirmation(deps.db, found.id)) ??
      ((await make(deps, found.id)) ? await findConfirmation(deps.db, found.id) : undefined);
    if (!kept) throw refuse('confirmation-not-yet');
    if (sha256(kept.content) !== kept.sha256) throw new Error(`The confirmation of ${found.id} was changed`);
    const content = JSON.parse(kept.content) as Confirmation;
    const isKnown = digestOf(content.buyer.salt, found.delivery) === content.buyer.digest;
    return { content, sha256: kept.sha256, delivery: isKnown ? found.delivery : null, madeAt: kept.madeAt };
  },
});
