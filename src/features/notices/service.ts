import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Tx } from '#db/client.ts';
import { insertNotices } from './queries.ts';
import type { Notice } from './types.ts';

export type Notices = ReturnType<typeof createNotices>;

export const createNotices = ({ now }: { readonly now: Clock }) => ({
  /** Tells people in the transaction that made it true; what a rolled-back change would have said is never said. */
  tell: (tx: Tx, ...told: readonly Notice[]): Promise<void> =>
    insertNotices(
      tx,
      told.map(({ kind, to, values = {}, path, key }) => ({
        id: newId<'Notice'>(),
        kind,
        recipient: to,
        values,
        path: path ?? null,
        key: key ?? null,
        createdAt: now(),
      })),
    ),
});
