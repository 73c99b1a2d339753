import { sql } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { newId } from '#core/ids.ts';
import { draftOf, startNode as startPeer } from '#test/features/federation/node.ts';
import { days } from '#test/support/clock.ts';
import type { TestNode } from '#test/support/node.ts';
import { signedResult } from '../../conformance/reports/result.ts';

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

type Officers = {
  readonly officer: Page;
  /** Signed in anew when two weeks have passed: nobody's session lasts so long. */
  readonly open: (login: string) => Promise<Page>;
  readonly expectSound: (path: string) => Promise<void>;
};

/** Hậu Giang, as a real exchange on this machine, from its agreement to full part, each step on the pages. */
export async function walkTheRoad(node: TestNode, { officer: page, open, expectSound }: Officers): Promise<void> {
  const key = 'hau-giang';
  const road = `/quan-tri/san-doi-tac/${key}/duong-di`;
  const { federation } = node.services;
  const peer = await startPeer();
  const { rows: sets } = await node.db.execute<{ slug: string }>(sql`select slug from categories order by id limit 1`);
  await peer.db.execute(sql`update categories set slug = ${sets[0]?.slug ?? ''}`);
  await peer.addProducts(draftOf('Khô cá thát lát', 90_000), draftOf('Khóm Cầu Đúc', 20_000));
  const main = (at: Page = page) => at.locator('main').innerText();
  const press = (name: string, at: Page = page) => at.getByRole('button', { name, exact: true }).click();
  const told = (at: Page = page) => at.locator('[role=status]:not([hidden])').innerText();
  try {
    await page.goto(`${node.url}/quan-tri/moi-san-doi-tac?san=${key}`);
    await page.fill('[name=domain]', new URL(peer.url).host);
    await page.fill('[name=legalEntity]', 'Trung tâm Xúc tiến thương mại Hậu Giang');
    await page.fill('[name=taxCode]', '0100233487');
    await page.fill('[name=fingerprint]', peer.identity.keyid);
    await press('Tạo mã mời');
    expect(await page.locator('#taxCode-error').innerText()).toContain('Mã số thuế');
    expect(await page.inputValue('[name=fingerprint]')).toBe(peer.identity.keyid);
    await page.fill('[name=taxCode]', '0100233488');
    await press('Tạo mã mời');
    const code = /([A-Z2-7]{4}-){5}[A-Z2-7]{4}/.exec(await told())?.[0] ?? '';
    await peer.federation.introduce('test', { url: node.url, fingerprint: federation.identity.keyid, key: 'ban' });
    await peer.federation.joinAt('operator', 'ban', code);

    await page.goto(node.url + road);
    expect(await main()).toContain('Chờ họ chạy bộ kiểm thử');
    const upload = async (by: typeof peer.identity) => {
      const report = { target: `${peer.url}/`, profile: 'native' as const, asked: 'gold' as const, results: [] };
      const run = { ...report, reached: 'gold' as const, startedAt: node.clock.now().toISOString() };
      const buffer = Buffer.from(JSON.stringify(signedResult(run, by, '<testsuites/>')));
      await page.setInputFiles('[name=result]', { name: 'result.signed.json', mimeType: 'application/json', buffer });
      await press('Nhận kết quả này');
    };
    await upload(federation.identity);
    expect(await page.locator('#result-error').innerText()).toContain('không do khóa của đối tác ký');
    await upload(peer.identity);
    expect(await main()).toContain('Chờ đọc xong cả hai luồng');

    await peer.federation.activate('test', 'ban');
    await federation.pullNow(key);
    await page.goto(node.url + road);
    await press('Lấy mẫu để soát');
    await expectSound(`/quan-tri/san-doi-tac/${key}/soat-hang-mau`);
    await page
      .locator('label', { hasText: /^Đúng$/ })
      .first()
      .click();
    await page.locator('label', { hasText: /^Sai$/ }).last().click();
    await press('Ghi trang này');
    expect(await page.locator('#note-2-error').innerText()).toContain('phải ghi sai ở đâu');
    expect(await page.locator('[name=verdict-2][value=unfit]').isChecked()).toBe(true);
    await page
      .locator('label', { hasText: /^Đúng$/ })
      .last()
      .click();
    await press('Ghi trang này');
    await press('Cho chạy thử 14 ngày');
    expect(await main()).toContain('Hết 14 ngày mới được đề nghị');

    node.clock.advance(days(14) + 60_000);
    const first = await open('quantri@cho-noi.example');
    await first.goto(node.url + road);
    await first.fill('[name=propose-reason]', 'Chạy thử tốt');
    await press('Gửi đề nghị', first);
    expect(await main(first)).toContain('Bạn là người đề nghị');
    expect(await first.getByRole('button', { name: 'Duyệt, cho làm như đề nghị' }).count()).toBe(0);
    const second = await open('kiemduyet@cho-noi.example');
    await second.goto(node.url + road);
    await press('Duyệt, cho làm như đề nghị', second);
    expect(await main(second)).toContain('Đã vào hẳn');
    expect(await federation.listGrants(key)).toEqual(['pull', 'push']);
    expect((await federation.getPartner(key)).state).toBe('active');
  } finally {
    await peer.close();
  }
}
