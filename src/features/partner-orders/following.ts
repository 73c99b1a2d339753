import type { Tx } from '#db/client.ts';
import { canonicalForm } from '#federation/protocol/canonical.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import type { Deps } from './deps.ts';
import { nextRevision, type PartnerOrderRow, saveDocument } from './queries.ts';
import { contentOf } from './terms.ts';
import { readGroup } from './views.ts';

/** Has what the partner is told follow what is so. Under the group's lock; the order as it is told from then on. */
export async function follow({ now }: Pick<Deps, 'now'>, tx: Tx, row: PartnerOrderRow): Promise<RemoteOrder> {
  const at = now();
  const content = contentOf(row, await readGroup(tx, row.groupId), at);
  const { rev: _rev, at: _at, ...before } = row.document ?? {};
  if (row.document && canonicalForm(before) === canonicalForm(content)) return row.document;
  const document: RemoteOrder = { ...content, rev: await nextRevision(tx), at: at.toISOString() };
  await saveDocument(tx, row.groupId, document);
  return document;
}
