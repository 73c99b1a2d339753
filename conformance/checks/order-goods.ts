import { type Check, checksOf, type Profile } from '../kit/check.ts';
import { type Made, withGoods } from '../kit/goods.ts';
import { alike, leftOf } from '../kit/ordering.ts';
import { documentOf, type FedRecord, type Session } from '../kit/session.ts';

const profiles: readonly Profile[] = ['native'];
export const make = checksOf({ name: 'orders', profiles, spec: 'README: Orders' });
export const second = { needs: ['driver', 'second-key'] } as const;
export const ageing = { needs: ['driver', 'ageing'] } as const;

/** A check with goods of its own, forty of them, at 65,000 đồng. */
export const check = (
  what: string,
  title: Check['title'],
  advice: Check['advice'],
  run: (t: Session, made: Made) => Promise<void>,
  more: Partial<Check> = {},
) => make(what, 'gold', title, advice, (t) => withGoods(t, (made) => run(t, made)), { needs: ['driver'], ...more });

export const recordOf = async (t: Session, uri: string) =>
  documentOf<FedRecord>(await t.get(`/federation/v1/records/${encodeURIComponent(uri)}`));

export const backAt40 = async (t: Session, { offer }: Made) => alike(await leftOf(t, offer), 40, 'what is left');
