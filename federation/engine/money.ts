import type { FedRecord, Offer } from '../protocol/record.ts';

/** No honest price changes fiftyfold; a moved decimal point, a minor unit or thousands of đồng change it at least so. */
const unbelievable = 50;

const isJump = (before: number, after: number): boolean =>
  after >= before * unbelievable || before >= after * unbelievable;

/**
 * Offers whose price jumped against what is stored, and whether they are most of the prices that changed: then it is not
 * an offer that is wrong but the money of the partner.
 */
export function findJumps(records: readonly FedRecord[], stored: ReadonlyMap<string, number>) {
  const changed = records.flatMap((record): { offer: Offer; before: number }[] => {
    const before = stored.get(record.uri);
    const differs = record.kind === 'offer' && before !== undefined && before !== record.price.amount;
    return differs ? [{ offer: record, before }] : [];
  });
  const jumps = changed.filter(({ offer, before }) => isJump(before, offer.price.amount));
  return { jumps, isDrift: jumps.length > 0 && jumps.length * 2 >= changed.length };
}
