import { sql } from 'drizzle-orm';
import type { StaffRole } from '#core/roles.ts';
import { transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Client } from './client.ts';
import { type Market, openMarket } from './market.ts';
import { demoPassword, type NodeOptions } from './node.ts';
import { fresh, signIn } from './people.ts';

export type Run = {
  readonly runId: string;
  readonly number: string;
  readonly status: string;
  readonly totalVnd: number;
  readonly payoutCount: number;
  readonly skipped: readonly { readonly businessId: string; readonly dueVnd: number; readonly reason: string }[];
  readonly payouts: readonly {
    readonly code: string;
    readonly businessId: string;
    readonly amountVnd: number;
    readonly status: string;
    readonly itemCount: number;
  }[];
};
export type Counter = Awaited<ReturnType<typeof openCounter>>;

/** A market with two officers of finance and the owners of two businesses. */
export async function openCounter(options: NodeOptions = {}) {
  const market: Market = await openMarket(options);
  const { node } = market;
  const officer = async (name: string, staffRole: StaffRole): Promise<Client> => {
    const login = `${name}@thu.example`;
    await transact(node.db, 'test', (tx) =>
      node.services.identity.addAccount(tx, { name, login, password: demoPassword, staffRole }),
    );
    return signIn(node.url, login, demoPassword);
  };
  const first = await officer('thu', 'finance');
  const second = await officer('chi', 'finance');
  const auditor = await officer('kiem', 'auditor');
  const seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const other = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
  const idOf = async (code: string): Promise<BusinessId> => {
    const { rows } = await node.db.execute<{ id: BusinessId }>(sql`select id from businesses where code = ${code}`);
    return rows[0]?.id ?? ('' as BusinessId);
  };
  const variantOf = async (businessId: BusinessId): Promise<string> => {
    const { rows } = await node.db.execute<{ id: string }>(
      sql`select v.id from variants v join products p on p.id = v.product_id join stock s on s.variant_id = v.id
        where p.business_id = ${businessId} and v.min_order = 1 order by v.id limit 1`,
    );
    await node.setStock(rows[0]?.id ?? '', 900);
    return rows[0]?.id ?? '';
  };
  const [own, theirs] = [await idOf('B001'), await idOf('B002')];
  const getRun = (runId: string) => first.expect<Run>(200, 'GET', `/v1/staff/payout-runs/${runId}`);
  const act = (who: Client, runId: string, verb: string) =>
    who.send<{ code?: string; status?: string; businesses?: string[] }>(
      'POST',
      `/v1/staff/payout-runs/${runId}/${verb}`,
      {
        headers: fresh(),
      },
    );
  return {
    ...market,
    first,
    second,
    auditor,
    seller,
    other,
    own,
    theirs,
    variants: { own: await variantOf(own), theirs: await variantOf(theirs) },
    setAccount: (businessId: BusinessId, number = '19034567890123') =>
      node.services.businesses.setBankAccount({ actor: 'test' }, businessId, {
        bankBin: '970405',
        number,
        holderName: 'Trần Thị Đậm',
      }),
    /** A paid order of these variants. */
    buy: async (...lines: readonly (readonly [string, number])[]) => {
      const group = await market.guest.order(...lines);
      const { qr } = await market.guest.pay(group.code, 'vietqr');
      await market.bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
      return group;
    },
    deliver: async (code: string): Promise<void> => {
      const { orders } = node.services;
      const by = { actor: 'test' };
      await orders.confirmOrder(code, by);
      await orders.shipOrder(code, by);
      await orders.deliverOrder(code, by);
    },
    draft: async (): Promise<Run> => {
      const { runId } = await first.expect<Run>(201, 'POST', '/v1/staff/payout-runs', { headers: fresh() });
      return getRun(runId);
    },
    getRun,
    act,
    /** Drafted, proposed by one and approved by the other. */
    run: async (): Promise<Run> => {
      const { runId } = await first.expect<Run>(201, 'POST', '/v1/staff/payout-runs', { headers: fresh() });
      await act(first, runId, 'propose');
      const approved = await act(second, runId, 'approve');
      if (approved.status !== 200) throw new Error(approved.text);
      return getRun(runId);
    },
    end: (code: string, ending: string, note = 'FT26331000123') =>
      first.send<{ code?: string; status?: string }>('POST', `/v1/staff/payouts/${code}/${ending}`, {
        body: { note },
        headers: fresh(),
      }),
    balance: async (account: string, businessId?: BusinessId): Promise<number> => {
      const { rows } = await node.db.execute<{ sum: number }>(
        sql`select coalesce(sum(amount_vnd), 0)::int as sum from entries where account = ${account} ${businessId ? sql`and business_id = ${businessId}` : sql``}`,
      );
      return rows[0]?.sum ?? 0;
    },
  };
}
