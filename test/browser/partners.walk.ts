import { sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { draftOf, startNode as startPeer } from '#test/features/federation/node.ts';
import type { TestNode } from '#test/support/node.ts';

const dropped = 25;

/**
 * Bạc Liêu as a real exchange on this machine: it sells two goods, dropped many others at once, and one of its records was
 * held back by mistake. Gives what ends it.
 */
export async function stageTroubled({ db, url, services }: TestNode): Promise<() => Promise<void>> {
  const key = 'bac-lieu';
  const peer = await startPeer();
  // Both know the same product sets, as the exchanges of one country do.
  const { rows: sets } = await db.execute<{ slug: string }>(sql`select slug from categories order by id limit 1`);
  await peer.db.execute(sql`update categories set slug = ${sets[0]?.slug ?? ''}`);
  await peer.addProducts(draftOf('Muối hầm Đông Hải', 30_000), draftOf('Tôm khô Gành Hào', 420_000));
  await peer.federation.introduce('test', { url, fingerprint: services.federation.identity.keyid, key: 'ban' });
  await peer.federation.activate('test', 'ban');
  // Whatever the stage said of it before was of another exchange.
  await db.execute(sql`delete from federation_lanes where partner_key = ${key}`);
  await services.federation.introduce('test', { url: peer.url, fingerprint: peer.identity.keyid, key });
  await services.federation.pullNow(key);
  await db.execute(sql`insert into federation_mirrors (partner_key, uri, lane, listing_uri, rev, hash, record, received_at)
    select partner_key, uri || '-' || n, lane, uri || '-' || n, rev, hash, jsonb_set(record, '{uri}', to_jsonb(uri || '-' || n)), received_at
    from (select * from federation_mirrors where partner_key = ${key} and lane = 'catalogue' limit 1) one, generate_series(1, ${dropped}) n`);
  await db.execute(sql`insert into federation_quarantine (id, partner_key, lane, source_id, reason, detail, payload, first_seen_at, last_seen_at)
    select ${newId()}, partner_key, lane, uri, 'price-jump', '420 became 420000', record::text, now(), now()
    from federation_mirrors where partner_key = ${key} and lane = 'offer' limit 1`);
  await db.execute(sql`update federation_lanes set checkpoint = null where partner_key = ${key}`);
  await services.federation.pullNow(key);
  return peer.close;
}
