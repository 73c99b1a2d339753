import { rootOf } from '../kit/canonical.ts';
import { checksOf, every, must, type Profile, same } from '../kit/check.ts';
import { faultOf, mustFit, schemaOfRecord } from '../kit/schemas.ts';
import { LANES, type Lane, liveOf, mustRefuse, type Session } from '../kit/session.ts';
import type { Snapshot } from '../kit/snapshot.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'snapshot', profiles, spec: 'README: Reading a feed' });

const both = async (t: Session, look: (snapshot: Snapshot, lane: Lane) => void | Promise<void>): Promise<void> => {
  for (const lane of LANES) await look(await t.snapshot(lane), lane);
};
const named = (items: readonly { uri: string; rev: number; hash: string }[]): readonly string[] =>
  items.map(({ uri, rev, hash }) => `${uri} ${rev} ${hash}`).toSorted();

export const snapshot = [
  check(
    'content-type',
    'bronze',
    ['Ảnh chụp là NDJSON', 'The snapshot is NDJSON'],
    ['Content-Type: application/x-ndjson.', 'Content-Type: application/x-ndjson.'],
    (t) =>
      both(t, ({ answer }) => {
        const type = answer.headers['content-type'] ?? '';
        must(/^application\/x-ndjson\b/.test(type), 'application/x-ndjson', type);
      }),
  ),
  check(
    'gzip',
    'bronze',
    ['Ảnh chụp được nén gzip', 'The snapshot is gzipped'],
    ['Content-Encoding: gzip, và nén thật.', 'Content-Encoding: gzip, and packed indeed.'],
    (t) =>
      both(t, ({ answer }) => {
        must(answer.headers['content-encoding'] === 'gzip', 'content-encoding gzip', answer.headers);
        must(answer.body.subarray(0, 2).toString('hex') === '1f8b', 'a gzip stream', answer.body.toString('hex', 0, 8));
      }),
  ),
  check(
    'header',
    'bronze',
    ['Dòng đầu đúng snapshot-header.json', 'The first line is as snapshot-header.json says'],
    ['epoch, lane, cursorAtStart, count.', 'epoch, lane, cursorAtStart, count.'],
    (t) =>
      both(t, ({ header }, lane) => {
        mustFit('snapshot-header.json', header);
        same(header.lane, lane, 'lane');
      }),
  ),
  check(
    'trailer',
    'bronze',
    ['Dòng cuối đúng snapshot-trailer.json', 'The last line is as snapshot-trailer.json says'],
    ['count và root.', 'count and root.'],
    (t) => both(t, ({ trailer }) => mustFit('snapshot-trailer.json', trailer)),
  ),
  check(
    'count',
    'bronze',
    ['Số bản ghi khớp ở đầu, giữa và cuối', 'Header, lines and trailer count alike'],
    ['Đọc trong một giao dịch nhất quán.', 'Read in one consistent transaction.'],
    (t) =>
      both(t, ({ header, records, trailer }) =>
        same([header.count, trailer.count], [records.length, records.length], 'counts'),
      ),
  ),
  check(
    'root',
    'bronze',
    ['root tính lại đúng', 'The root is right when computed anew'],
    [
      'SHA-256 trên các dòng "uri rev hash\\n" đã sắp xếp; so vectors/records.json.',
      'SHA-256 over the sorted lines "uri rev hash\\n"; compare vectors/records.json.',
    ],
    (t) => both(t, ({ records, trailer }) => same(trailer.root, rootOf(records), 'root')),
  ),
  check(
    'records',
    'bronze',
    ['Mỗi dòng là một bản ghi đúng', 'Each line is a right record'],
    ['Kiểm bằng schemas/*.json trước khi xuất.', 'Check by schemas/*.json before you give it.'],
    (t) =>
      both(t, ({ records }) => {
        for (const record of records) mustFit(schemaOfRecord(record), record);
      }),
  ),
  check(
    'live-only',
    'bronze',
    ['Ảnh chụp không có giấy báo rút', 'The snapshot holds no tombstones'],
    ['Cái không được nêu tên là đã rút.', 'What it does not name is gone.'],
    (t) => both(t, ({ records }) => every(records, ({ kind }) => kind !== 'tombstone', 'a live record')),
  ),
  check('unique', 'bronze', ['Mỗi địa chỉ một dòng', 'One line an address'], ['Không lặp.', 'Repeat none.'], (t) =>
    both(t, ({ records }) => same(new Set(records.map(({ uri }) => uri)).size, records.length, 'addresses')),
  ),
  check(
    'as-feed',
    'bronze',
    ['Ảnh chụp và dòng thay đổi nói như nhau', 'Snapshot and feed say the same'],
    ['Cùng một nguồn, cùng rev và hash.', 'One source, the same rev and hash.'],
    (t) =>
      both(t, async ({ records }, lane) =>
        same(named(records), named(liveOf((await t.wholeLane(lane)).items)), 'live records'),
      ),
  ),
  check(
    'cursor',
    'bronze',
    ['cursorAtStart dùng được', 'cursorAtStart opens the feed'],
    ['Niêm phong như next.', 'Seal it like next.'],
    (t) =>
      both(t, async ({ header }, lane) => {
        const { items } = await t.walk(lane, header.cursorAtStart);
        every(items, ({ uri, rev }) => rev >= 1 && uri !== '', 'items');
      }),
  ),
  check(
    'lines',
    'silver',
    ['Mỗi dòng kết thúc bằng xuống dòng', 'Each line is ended by a line feed'],
    ['Kết thúc cả dòng cuối bằng \\n.', 'End the last line by \\n too.'],
    (t) => both(t, ({ endsWithLine }) => must(endsWithLine, 'a line feed at the end', 'none')),
  ),
  check('lane', 'silver', ['Luồng lạ bị từ chối', 'An unknown lane is refused'], ['400.', '400.'], async (t) => {
    mustRefuse(await t.get('/federation/v1/snapshot?lane=everything'), 400);
    mustRefuse(await t.get('/federation/v1/snapshot'), 400);
  }),
  check(
    'schemas',
    'bronze',
    ['Mọi bản ghi trong dòng thay đổi đúng lược đồ', 'Every record of the feed fits its schema'],
    [
      'So với schemas/listing.json, offer.json, tombstone.json.',
      'Compare with schemas/listing.json, offer.json, tombstone.json.',
    ],
    async (t) => {
      for (const lane of LANES)
        every(
          (await t.wholeLane(lane)).items,
          ({ record }) => faultOf(schemaOfRecord(record), record) === undefined,
          'a record as its schema says',
        );
    },
    { spec: 'README: Records' },
  ),
];
