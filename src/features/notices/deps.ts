import type { Clock } from '#core/clock.ts';
import type { Db } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import type { Vault } from '#db/sealed.ts';
import type { Carriers, NoticeId } from './types.ts';

export type NoticeDeps = {
  readonly db: Db;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly vault: Vault;
  readonly carriers: Carriers;
  readonly publicUrl: string;
  readonly now: Clock;
};
export const SPREAD_QUEUE = 'notices.spread';
export const DELIVER_QUEUE = 'notices.deliver';

/** What a notice's sealed content belongs to. */
export const contentOf = (id: NoticeId): string => `notices.content_sealed:${id}`;
