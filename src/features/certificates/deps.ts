import type { Clock } from '#core/clock.ts';
import type { Db, Tx } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Files } from '#features/files/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Codes } from '#features/orders/index.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';
import type { StatementKeys } from './statement-keys.ts';
import type { CertificateId, ImportId } from './types.ts';

export type Deps = {
  readonly db: Db;
  readonly events: Events;
  readonly codes: Codes;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly queues: Queues;
  readonly files: Files;
  readonly keys: StatementKeys;
  /** As shoppers type it, without a slash at the end: who speaks in a statement. */
  readonly publicUrl: string;
  readonly now: Clock;
};

type Changed = { readonly id: CertificateId; readonly productId: ProductId };

/** Badge, facet, ranking, feeds and partners' copies follow from the product's event, in the transaction of the change. */
export const tellChanged = ({ events }: Deps, tx: Tx, rows: readonly Changed[]): Promise<void> =>
  events.add(
    tx,
    ...rows.flatMap(({ id, productId }) => [
      { type: 'certificate.changed' as const, certificateId: id },
      { type: 'product.changed' as const, productId },
    ]),
  );

/** What is waiting for a certifier, as queues and the log name it. */
export const subjectOf = (id: CertificateId) => ({ kind: 'certificate', id }) as const;
export const importSubjectOf = (id: ImportId) => ({ kind: 'certificate-import', id }) as const;
/** What a certifier holds who decides this one: those of a list wait together. */
export const heldSubjectOf = ({ id, importId }: { readonly id: CertificateId; readonly importId: ImportId | null }) =>
  importId ? importSubjectOf(importId) : subjectOf(id);
export const importPath = (id: ImportId): string => `/quan-tri/chung-nhan/nhap/${id}`;
export const reviewPath = (id: CertificateId): string => `/quan-tri/chung-nhan/${id}`;
