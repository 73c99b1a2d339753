import { hourMs } from '#core/clock.ts';
import type { Tx } from '#db/client.ts';
import type { NewItem } from '#features/queues/types.ts';
import type { Deps } from './deps.ts';
import type { DisputeRow, RefundRow } from './queries/refunds.ts';

/** What nobody has looked at for a day is late; what is owed to a shopper is sent within three. */
const lookWithinMs = 24 * hourMs;
const giveBackWithinMs = 72 * hourMs;
const desk = '/quan-tri/doi-soat';

type Board = Pick<Deps, 'queues' | 'now'>;
type Line = {
  readonly id: string;
  readonly content: string;
  readonly bankReference: string;
  readonly amountVnd: number;
};

const put = async ({ queues }: Board, tx: Tx, item: Omit<NewItem, 'queue'>, amountVnd: number): Promise<void> => {
  await queues.put(tx, { ...item, queue: 'money', facts: { amountVnd: String(amountVnd) } });
};

/** Money that names nobody, before finance. */
export const boardTransfer = (board: Board, tx: Tx, { id, content, bankReference, amountVnd }: Line): Promise<void> =>
  put(
    board,
    tx,
    {
      subject: { kind: 'bank-transfer', id },
      title: content || bankReference || id,
      path: `${desk}/${id}`,
      dueAt: new Date(board.now().getTime() + lookWithinMs),
    },
    amountVnd,
  );

/** A refund that no provider sends, or that one did not take. */
export const boardRefund = (board: Board, tx: Tx, { id, amountVnd }: RefundRow, title: string): Promise<void> =>
  put(
    board,
    tx,
    {
      subject: { kind: 'refund', id },
      title,
      path: `${desk}/hoan/${id}`,
      dueAt: new Date(board.now().getTime() + giveBackWithinMs),
    },
    amountVnd,
  );

/** A claim of a bank, with the limit of the evidence where there is one. */
export const boardDispute = (board: Board, tx: Tx, { id, amountVnd, evidenceBy }: DisputeRow, title: string) =>
  put(
    board,
    tx,
    {
      subject: { kind: 'dispute', id },
      title,
      path: `${desk}/doi-lai/${id}`,
      dueAt: evidenceBy ?? undefined,
    },
    amountVnd,
  );

/** What one of finance has proposed waits for another one. */
export const boardProposal = (board: Board, tx: Tx, id: string, title: string, amountVnd: number): Promise<void> =>
  put(
    board,
    tx,
    {
      subject: { kind: 'money-proposal', id },
      title,
      path: `${desk}/de-xuat/${id}`,
      dueAt: new Date(board.now().getTime() + lookWithinMs),
    },
    amountVnd,
  );
