import type { Vnd } from '#core/money.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { LegId } from '#features/exchange-orders/types.ts';

/** What of a transfer a leg of a partner exchange took, in the words of the bank's feed. */
export type ReceivedForLeg = {
  readonly state: 'exact' | 'short' | 'completing' | 'over' | 'late-refund' | 'duplicate';
  readonly legId: LegId;
};
export type RefundByHand = {
  readonly cause: string;
  readonly legId: LegId;
  readonly amountVnd: Vnd;
  readonly code: string;
};
/** Goods of partner exchanges: what transfers and card banks say of them. */
export type LegMoney = {
  /** Undefined where none of the codes names one leg that is paid by transfer. */
  receive(
    tx: Tx,
    money: { readonly name: string; readonly amountVnd: Vnd },
    codes: readonly string[],
  ): Promise<ReceivedForLeg | undefined>;
  refundSent(tx: Tx, legId: LegId, cause: string): Promise<void>;
  findCode(reader: Reader, legId: LegId): Promise<string | undefined>;
  /** The leg whose card was charged by this name. */
  findCharged(reader: Reader, reference: string): Promise<{ readonly legId: LegId; readonly code: string } | undefined>;
};
