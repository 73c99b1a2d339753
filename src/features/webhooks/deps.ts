import type { Clock } from '#core/clock.ts';
import type { Db } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import type { Vault } from '#db/sealed.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Post } from './types.ts';

export type WebhookDeps = {
  readonly db: Db;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly post: Post;
  /** Plain http to this machine, for trying things out. */
  readonly allowLoopback: boolean;
  readonly now: Clock;
};
