import type { Clock } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, transact } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { ProductId } from '#features/products/types.ts';
import { listTwinVerdicts, saveTwinVerdict } from './queries/desk.ts';
import type { By } from './reasons.ts';
import { groupsOf, type Twin, type TwinVerdict, twinName, twinsOf } from './rules.ts';
import { federationProblems } from './types.ts';
import { listGoods, type ShownGood } from './views/desk.ts';

const refuse = refusals(federationProblems);
type Deps = { readonly db: Db; readonly now: Clock; readonly audit: Pick<Audit, 'record'> };
type Judged = { readonly verdict: TwinVerdict; readonly reason: string; readonly judgedAt: Date };

export type TwinPair = Twin & {
  readonly goods: readonly [ShownGood, ShownGood];
  /** What an officer said; undefined as long as nobody did. */
  readonly judged: Judged | undefined;
};

/** The same good on several exchanges: told, never merged. */
export const createTwins = ({ db, now, audit }: Deps) => ({
  /** Pairs with the goods, those that wait for a person first, and the groups that result. */
  listTwins: async () => {
    const goods = await listGoods(db, now());
    const byId = new Map(goods.map((good) => [good.productId as string, good]));
    const twins = twinsOf(goods);
    const judged = new Map((await listTwinVerdicts(db)).map((row) => [twinName(row), row]));
    const pairs = twins.flatMap((twin): TwinPair[] => {
      const [one, other] = [byId.get(twin.one), byId.get(twin.other)];
      return one && other ? [{ ...twin, goods: [one, other], judged: judged.get(twinName(twin)) }] : [];
    });
    const verdicts = new Map([...judged].map(([name, { verdict }]) => [name, verdict]));
    const groups = groupsOf(twins, verdicts).map((ids) => ids.flatMap((id) => byId.get(id) ?? []));
    return { pairs, groups };
  },
  /** Says of two listings that they are one good, or two. It stays, whatever their exchanges send; the last word counts. */
  judgeTwins: async (by: By, ids: readonly [string, string], verdict: TwinVerdict, typed: string): Promise<void> => {
    const [one = '', other = ''] = [...ids].sort();
    const reason = clean(typed).slice(0, 500);
    const known = (await listGoods(db, now(), [one, other])).length;
    if (known !== 2 || one === other) throw refuse('twins-not-found');
    await transact(db, by.actor, async (tx) => {
      const row = { one: one as ProductId, other: other as ProductId, verdict, reason };
      await saveTwinVerdict(tx, { ...row, judgedBy: by.actor, judgedAt: now() });
      await audit.record(tx, {
        action: 'twins.judged',
        subject: { kind: 'product', id: one },
        after: { other, verdict },
        ...(reason && { reason }),
        address: by.address,
      });
    });
  },
});
