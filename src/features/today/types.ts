import type { Vnd } from '#core/money.ts';
import type { BusinessId } from '#features/businesses/types.ts';

/** Where a thing that waits for the seller's word is answered. */
export const WAITING_KINDS = ['complaint', 'return', 'mend', 'review'] as const;
export type WaitingKind = (typeof WAITING_KINDS)[number];

/** How near the end of a paper is: the narrowest of the distances at which its business is told. */
export const WITHIN_DAYS = [90, 60, 30, 7, 0] as const;
export type WithinDays = (typeof WITHIN_DAYS)[number];

export type NewOrder = {
  readonly code: string;
  readonly businessName: string;
  readonly createdAt: Date;
  readonly confirmBy: Date | null;
  readonly totalVnd: Vnd;
  readonly lines: readonly { readonly name: string; readonly label: string; readonly quantity: number }[];
};
export type Packing = {
  readonly orders: number;
  readonly pieces: number;
  readonly late: number;
  readonly sendBy: Date | null;
};
export type HandingOver = {
  readonly parcels: number;
  /** Those of them that a courier was asked to fetch, and those that buyers collect themselves. */
  readonly booked: number;
  readonly collected: number;
  readonly late: number;
};
export type Coming = {
  readonly dueVnd: number;
  readonly dueOrders: number;
  readonly comingVnd: number;
  readonly comingOrders: number;
  readonly heldVnd: number;
  /** When the first of what is still to come falls due. */
  readonly nextDueAt: Date | null;
  readonly onTheWay: readonly { readonly code: string; readonly amountVnd: Vnd }[];
};
export type EndingPaper = {
  readonly subject: 'paper' | 'certificate';
  readonly kind: string;
  /** The product of a certificate, the business of a paper. */
  readonly name: string;
  /** The last day on which it holds. */
  readonly endsOn: string;
  readonly daysLeft: number;
  readonly within: WithinDays;
};
export type LowShelf = {
  readonly variantId: string;
  readonly name: string;
  readonly label: string;
  readonly onHand: number;
  readonly held: number;
};
export type Waiting = {
  readonly kind: WaitingKind;
  readonly id: string;
  readonly about: string;
  readonly since: Date;
  readonly dueAt: Date | null;
};
/** The first few of something, and how many there are in all. */
export type Some<Item> = { readonly count: number; readonly items: readonly Item[] };

/** What is to be done on a seller's desk now. What is none of the caller's affair is null. */
export type Today = {
  readonly confirm: Some<NewOrder>;
  readonly pack: Packing;
  readonly handOver: HandingOver;
  readonly waiting: Some<Waiting>;
  readonly stock: Some<LowShelf>;
  readonly money: Coming | null;
  readonly papers: Some<EndingPaper> | null;
  readonly unreadNotices: number;
};

/** For which businesses the caller packs, and for which of them money, papers and goods are theirs to see to. */
export type TodayScope = { readonly businessIds: readonly BusinessId[]; readonly managedIds: readonly BusinessId[] };
