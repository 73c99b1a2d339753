import type { Tx } from '#db/client.ts';
import { buyerAt } from '#features/notices/types.ts';
import type { Deps } from './deps.ts';
import type { RefundRow } from './queries/refunds.ts';
import { findRefundOwner } from './views.ts';

/** Tells the shopper that money is on its way back, once for each attempt. Whose number was forgotten is not to be found again. */
export async function tellRefundSent({ notices }: Pick<Deps, 'notices'>, tx: Tx, refund: RefundRow): Promise<void> {
  const owner = await findRefundOwner(tx, refund.id);
  if (!owner || owner.phone === '') return;
  await notices.tell(tx, {
    kind: 'refund.sent',
    to: buyerAt(owner),
    values: { order: owner.code, amount: `${refund.amountVnd.toLocaleString('vi-VN')} ₫` },
    path: `/don-hang/${owner.code}`,
    key: `refund.sent:${refund.id}:${refund.attempt}`,
  });
}
