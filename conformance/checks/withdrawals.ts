import { every, must, same } from '../kit/check.ts';
import { age, amountOf, arrival, costs, isLive, quantityOf, restore, setPrice, withGoods } from '../kit/goods.ts';
import { documentOf, type FedRecord, jsonOf, mustRefuse, type Session } from '../kit/session.ts';

import { byAddress, check, pathOf, remove, reprice, restock } from './driven.ts';

const removing = [
  check(
    'tombstones',
    'silver',
    ['Rút hàng để lại giấy báo ở cả hai luồng', 'A withdrawal leaves tombstones in both lanes'],
    ['Đừng xóa lặng lẽ.', 'Never delete in silence.'],
    async (t, made) => {
      const [listing, offer] = await remove(t, made);
      same(
        [listing?.record?.kind, listing?.record?.of, offer?.record?.kind, offer?.record?.of],
        ['tombstone', 'listing', 'tombstone', 'offer'],
        'kinds',
      );
    },
  ),
  check(
    'tombstone-rev',
    'silver',
    ['Giấy báo có rev cao hơn', 'The tombstone has a higher rev'],
    ['Rút là một phiên bản mới.', 'A withdrawal is a revision.'],
    async (t, made) => {
      const before = [await byAddress(t, made.listing), await byAddress(t, made.offer)];
      const after = await remove(t, made);
      for (const [index, { rev }] of after.entries())
        must(rev > (before[index]?.rev ?? 0), 'a higher rev', [before[index]?.rev, rev]);
    },
  ),
  check(
    'gone',
    'silver',
    ['Bản ghi đã rút là 410 kèm giấy báo', 'A withdrawn record is 410 with its tombstone'],
    ['410 record-withdrawn, thành viên tombstone.', '410 record-withdrawn, member tombstone.'],
    async (t, made) => {
      const items = await remove(t, made);
      for (const { uri, record } of items)
        same(mustRefuse(await t.get(pathOf(uri)), 410, 'record-withdrawn').tombstone, record, 'tombstone');
    },
  ),
  check(
    'gone-from-snapshot',
    'silver',
    ['Hàng đã rút không còn trong ảnh chụp', 'What was withdrawn is not in the snapshot'],
    ['Ảnh chụp chỉ có hàng đang bán.', 'The snapshot holds live records alone.'],
    async (t, made) => {
      await remove(t, made);
      every((await t.snapshot('catalogue')).records, ({ uri }) => uri !== made.listing, 'not this listing');
      every((await t.snapshot('offer')).records, ({ uri }) => uri !== made.offer, 'not this offer');
    },
  ),
  check(
    'gone-in-batch',
    'silver',
    ['Lô trả giấy báo của hàng đã rút', 'A batch gives the tombstone'],
    ['Đừng bỏ qua giấy báo trong records:batch.', 'Leave no tombstone out of records:batch.'],
    async (t, made) => {
      await remove(t, made);
      const { records } = jsonOf<{ records: readonly FedRecord[] }>(
        await t.post('/federation/v1/records:batch', { uris: [made.listing] }),
      );
      same(
        records?.map(({ kind }) => kind),
        ['tombstone'],
        'kinds',
      );
    },
    { profiles: ['native'] },
  ),
  check(
    'restore',
    'silver',
    ['Bán lại: rev cao hơn giấy báo, cùng địa chỉ', 'Restored: above the tombstone, at the same address'],
    ['rev không bao giờ bắt đầu lại.', 'rev never begins anew.'],
    async (t, made) => {
      const removed = await remove(t, made);
      const from = { catalogue: await t.tail('catalogue'), offer: await t.tail('offer') };
      await restore(t, made.listing);
      const back = [
        await arrival(t, 'catalogue', from.catalogue, made.listing, isLive),
        await arrival(t, 'offer', from.offer, made.offer, isLive),
      ];
      for (const [index, { rev }] of back.entries())
        must(rev > (removed[index]?.rev ?? 0), 'a rev above the tombstone', [removed[index]?.rev, rev]);
      same(amountOf(await byAddress(t, made.offer)), made.amount, 'the price as before');
    },
  ),
  check(
    'replaces',
    'silver',
    ['Giấy báo thay mục cũ, không nằm cạnh', 'The tombstone takes the place of the record'],
    ['Nén nhật ký theo địa chỉ.', 'Compact the log by address.'],
    async (t, made) => {
      await remove(t, made);
      same(
        (await t.wholeLane('offer')).items.filter(({ uri }) => uri === made.offer).map(({ op }) => op),
        ['delete'],
        'items of this address',
      );
    },
  ),
];

const hashes = async (t: Session) =>
  documentOf<{ root: string; count: number }>(await t.get('/federation/v1/audit?lane=offer'));

const together = [
  check(
    'snapshot-resume',
    'silver',
    ['Đổi sau ảnh chụp thì đến từ cursorAtStart', 'What changed after a snapshot comes from cursorAtStart'],
    ['Lấy con trỏ trước khi đọc ảnh chụp.', 'Take the cursor before you read the snapshot.'],
    async (t, made) => {
      t.forget();
      const { cursorAtStart } = (await t.snapshot('offer')).header;
      await setPrice(t, made.offer, 68_000);
      await arrival(t, 'offer', cursorAtStart, made.offer, costs(68_000));
    },
  ),
  check(
    'snapshot-not-repeated',
    'gold',
    ['Từ cursorAtStart không đọc lại tất cả', 'cursorAtStart does not begin at the beginning'],
    ['cursorAtStart là vị trí lúc chụp.', 'cursorAtStart is the position of the snapshot.'],
    async (t, made) => {
      t.forget();
      const { header, records } = await t.snapshot('offer');
      const { items } = await t.walk('offer', header.cursorAtStart);
      must(
        records.length < 3 || items.length < records.length,
        'less than the whole lane',
        `${items.length} of ${records.length} with ${made.offer}`,
      );
    },
  ),
  check(
    'audit-moves',
    'silver',
    ['Đối soát đổi theo từng thay đổi', 'The audit moves with each change'],
    ['Tính từ dữ liệu hiện tại.', 'Compute it of what is there now.'],
    async (t, made) => {
      const before = await hashes(t);
      await reprice(t, made);
      const after = await hashes(t);
      must(before.root !== after.root, 'another root', after.root);
      same(after.count, before.count, 'count');
      await remove(t, made);
      same((await hashes(t)).count, before.count - 1, 'count after a withdrawal');
    },
    { profiles: ['native'] },
  ),
  check(
    'cursor-lasts',
    'silver',
    ['Con trỏ cũ vẫn dùng được sau khi đổi', 'An older cursor holds after changes'],
    ['Con trỏ là vị trí, không phải phiên.', 'A cursor is a position, not a session.'],
    async (t, made) => {
      const from = await t.tail('offer');
      await reprice(t, made);
      await restock(t, made, 3);
      const { items } = await t.walk('offer', from, 1);
      same(
        items.filter(({ uri }) => uri === made.offer).map(({ record }) => quantityOf(record)),
        [3],
        'the last state, once',
      );
    },
  ),
  check(
    'at-once',
    'gold',
    ['Ghi đồng thời không làm sót mục nào', 'Nothing is lost among writes at once'],
    [
      'Số thứ tự tự tăng lộ ra sai thứ tự khi giao dịch chồng nhau: chỉ trả những gì dưới mốc an toàn.',
      'Serial numbers commit out of order: give only what lies below the oldest open transaction.',
    ],
    async (t, made) => {
      await withGoods(t, async (second) => {
        let cursor = await t.tail('offer');
        const seen = new Map<string, unknown>();
        const read = async () => {
          const walk = await t.walk('offer', cursor, 1);
          for (const { uri, record } of walk.items) seen.set(uri, amountOf(record));
          cursor = walk.next;
        };
        let isOver = false;
        const write = async () => {
          for (const amount of [81_000, 82_000, 83_000, 84_000, 85_000])
            await Promise.all([made, second].map(({ offer }) => setPrice(t, offer, amount)));
          isOver = true;
        };
        const follow = async () => {
          while (!isOver) await read();
        };
        await Promise.all([write(), follow()]);
        await t.until('the last prices of both offers', async () => {
          await read();
          return [made, second].every(({ offer }) => seen.get(offer) === 85_000) || undefined;
        });
      });
    },
  ),
  check(
    'price-time',
    'silver',
    ['at của giá mới là lúc đổi giá', 'at of the new price is when it was set'],
    ['at thuộc về phiên bản.', 'at belongs to the revision.'],
    async (t, made) => {
      // Times may be told in whole seconds.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const [before, item] = await reprice(t, made);
      must(Date.parse(item.at) > Date.parse(String(before.at)), 'a time after that of the former price', [
        before.at,
        item.at,
      ]);
    },
  ),
];

const ageing = { needs: ['driver'] as const };
const snapshotAfter = [
  'Trả 410 cursor-expired khi giấy báo sau con trỏ đã bị dọn.',
  'Answer 410 cursor-expired when tombstones after the cursor were thrown away.',
] as const;
const changesFrom = (cursor: string) => `/federation/v1/changes?lane=offer&cursor=${encodeURIComponent(cursor)}`;

const old = [
  check(
    'expired',
    'gold',
    ['Con trỏ quá cũ là 410, không đọc lại từ đầu', 'A cursor that is too old is 410'],
    snapshotAfter,
    async (t, made) => {
      const cursor = await t.tail('offer');
      await remove(t, made);
      await age(t, 'expire');
      mustRefuse(await t.get(changesFrom(cursor)), 410, 'cursor-expired');
      const { header, records } = await t.snapshot('offer');
      must(
        records.every(({ uri }) => uri !== made.offer),
        'a snapshot without it',
        made.offer,
      );
      await t.walk('offer', header.cursorAtStart);
    },
    ageing,
  ),
  check(
    'fresh-after-expiry',
    'gold',
    ['Con trỏ mới vẫn dùng được sau khi dọn', 'A cursor behind the tombstones holds'],
    ['Chỉ con trỏ trước giấy báo đã dọn mới hết hạn.', 'Only cursors before the tombstones expire.'],
    async (t, made) => {
      await remove(t, made);
      const cursor = await t.tail('offer');
      await age(t, 'expire');
      documentOf(await t.get(changesFrom(cursor)));
    },
    ageing,
  ),
  check(
    'walk-after-expiry',
    'gold',
    ['Đọc từ đầu sau khi dọn đi được đến hết', 'A reading begun after the expiry comes to its end'],
    [
      'Giấy báo đã dọn trước khi bắt đầu đọc không liên quan tới người đọc đó: ghi mốc dọn vào con trỏ.',
      'What was gone before a reading began does not concern it: put the horizon into the cursor.',
    ],
    async (t, made) => {
      await remove(t, made);
      await age(t, 'expire');
      const { items, next } = await t.walk('offer', undefined, 5);
      must(
        items.every(({ uri }) => uri !== made.offer),
        'nothing of what was withdrawn',
        made.offer,
      );
      same((await t.page('offer', next)).items, [], 'nothing after the end');
    },
    ageing,
  ),
  check(
    'epoch',
    'gold',
    ['Sau khi khôi phục dữ liệu, con trỏ cũ là 409', 'After a restore older cursors are 409'],
    ['Đổi epoch khi khôi phục; trả 409 epoch-changed.', 'Begin a new epoch; answer 409 epoch-changed.'],
    async (t) => {
      const [cursor, before] = [await t.tail('offer'), (await t.page('offer')).epoch];
      await age(t, 'epoch');
      const { epoch } = mustRefuse(await t.get(changesFrom(cursor)), 409, 'epoch-changed');
      const page = await t.page('offer');
      must(page.epoch !== before, 'another epoch', page.epoch);
      same(
        [epoch, (await t.snapshot('offer')).header.epoch],
        [page.epoch, page.epoch],
        'the new epoch in the refusal and in the snapshot',
      );
    },
    ageing,
  ),
];

export const withdrawals = [...removing, ...together, ...old];
