import { recordHash } from '../kit/canonical.ts';
import { checksOf, every, must, type Profile, same, some } from '../kit/check.ts';
import { mustFit } from '../kit/schemas.ts';
import { documentOf, LANES, type Lane, mustRefuse, type Page, type Session, type Walk } from '../kit/session.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const check = checksOf({ name: 'changes', profiles, spec: 'README: Reading a feed' });

const path = '/federation/v1/changes';
const kindOf: Readonly<Record<Lane, string>> = { catalogue: 'listing', offer: 'offer' };

const both = async (t: Session, look: (walk: Walk, lane: Lane) => void | Promise<void>): Promise<void> => {
  for (const lane of LANES) await look(await t.wholeLane(lane), lane);
};
const refusedQuery = (t: Session, query: string, status: number, code?: string) =>
  t.get(`${path}?${query}`).then((answer) => mustRefuse(answer, status, code));

const pages = [
  check(
    'schema',
    'bronze',
    ['Trang thay đổi đúng changes-page.json', 'A page is as changes-page.json says'],
    ['So với schemas/changes-page.json.', 'Compare with schemas/changes-page.json.'],
    (t) =>
      both(t, ({ pages: read }) => {
        for (const page of read) mustFit('changes-page.json', page);
      }),
  ),
  check(
    'content-type',
    'bronze',
    ['Trang thay đổi là application/json', 'A page is application/json'],
    ['Đặt Content-Type: application/json.', 'Set Content-Type: application/json.'],
    async (t) => {
      const { headers } = await t.get(`${path}?lane=offer&limit=1`);
      must(/^application\/json\b/.test(headers['content-type'] ?? ''), 'application/json', headers['content-type']);
    },
  ),
  check(
    'something',
    'bronze',
    ['Mỗi luồng có ít nhất một bản ghi', 'Each lane has a record'],
    ['Nạp dữ liệu mẫu vào hộp cát trước khi chạy.', 'Fill the sandbox before you run the kit.'],
    (t) =>
      both(
        t,
        ({ items }) =>
          void some(
            items.filter(({ op }) => op === 'upsert'),
            'live record',
          ),
      ),
  ),
  check(
    'limit',
    'bronze',
    ['limit giới hạn số mục', 'limit bounds the items'],
    ['Trả tối đa limit mục, và hasMore khi còn.', 'Give limit items at most, and hasMore when there are more.'],
    async (t) => {
      const { items } = await t.wholeLane('offer');
      const one = await t.page('offer', undefined, 1);
      same([one.items.length, one.hasMore], [1, items.length > 1], 'items and hasMore');
    },
  ),
  check(
    'complete',
    'bronze',
    ['Đi từng trang nhỏ không sót, không lặp', 'Small pages lose and repeat nothing'],
    [
      'Con trỏ trỏ sau mục cuối đã trả, theo thứ tự duy nhất.',
      'A cursor stands after the last item given, in an order without ties.',
    ],
    async (t) => {
      const [whole, small] = [await t.wholeLane('offer'), await t.walk('offer', undefined, 3)];
      same(
        small.items.map(({ uri }) => uri),
        whole.items.map(({ uri }) => uri),
        'the same addresses in the same order',
      );
    },
  ),
  check(
    'end',
    'bronze',
    ['Sau trang cuối: next dùng được và không còn gì', 'After the last page next holds and gives nothing'],
    ['Luôn trả next, cả ở trang cuối.', 'Give next always, on the last page too.'],
    (t) =>
      both(t, async ({ next }, lane) => {
        const page = await t.page(lane, next);
        same([page.items.length, page.hasMore], [0, false], 'items and hasMore');
      }),
  ),
  check(
    'again',
    'silver',
    ['Một con trỏ hỏi lại cho cùng một trang', 'A cursor asked again gives the same page'],
    ['Đọc không được tiêu thụ gì.', 'Reading consumes nothing.'],
    async (t) => {
      const first = await t.page('offer', undefined, 2);
      const [a, b] = [await t.page('offer', first.next, 2), await t.page('offer', first.next, 2)];
      same(a.items, b.items, 'the same items');
    },
  ),
  check(
    'limit-bounds',
    'silver',
    ['limit ngoài 1–500 bị từ chối', 'A limit outside 1 to 500 is refused'],
    ['Trả 400, đừng lặng lẽ cắt.', 'Answer 400 rather than cut in silence.'],
    async (t) => {
      for (const limit of ['0', '-1', '501', 'x', '1.5']) await refusedQuery(t, `lane=offer&limit=${limit}`, 400);
    },
  ),
  check(
    'maximum',
    'silver',
    ['limit=500 được nhận', 'limit=500 is taken'],
    ['Cho phép tới maxChanges.', 'Allow up to maxChanges.'],
    async (t) => {
      const page = documentOf<Page>(await t.get(`${path}?lane=offer&limit=${(await t.profile()).limits.maxChanges}`));
      must(page.items.length <= 500, 'at most 500 items', page.items.length);
    },
  ),
  check(
    'lane',
    'bronze',
    ['Thiếu luồng hoặc luồng lạ bị từ chối', 'No lane, or an unknown one, is refused'],
    ['Trả 400.', 'Answer 400.'],
    async (t) => {
      await refusedQuery(t, 'limit=1', 400);
      await refusedQuery(t, 'lane=everything', 400);
      await refusedQuery(t, 'lane=offer&lane=catalogue', 400);
    },
  ),
  check(
    'unknown-members',
    'silver',
    ['Tham số lạ được bỏ qua', 'Unknown query members are ignored'],
    ['Bản sau có thể thêm tham số.', 'A later version may add some.'],
    async (t) => {
      documentOf(await t.get(`${path}?lane=offer&limit=1&x-new=1`));
    },
  ),
];

const items = [
  check(
    'envelope',
    'bronze',
    ['Phong bì và bản ghi khớp nhau', 'Envelope and record agree'],
    ['uri, rev, hash, at của mục là của bản ghi.', 'uri, rev, hash and at of the item are those of the record.'],
    (t) =>
      both(t, ({ items: read }) =>
        every(
          read,
          (item) =>
            !item.record ||
            (['uri', 'rev', 'hash', 'at'] as const).every((member) => item[member] === item.record?.[member]),
          'an item that repeats its record',
        ),
      ),
  ),
  check(
    'record',
    'bronze',
    ['Mỗi mục mang bản ghi', 'Each item carries its record'],
    ['Đặt record trong mỗi mục.', 'Put record into each item.'],
    (t) => both(t, ({ items: read }) => every(read, ({ record }) => typeof record === 'object', 'a record')),
  ),
  check(
    'lane-of-record',
    'bronze',
    ['Bản ghi đi đúng luồng', 'Records travel in their lane'],
    [
      'listing ở catalogue, offer ở offer; giấy báo rút theo cái đã rút.',
      'Listings in catalogue, offers in offer, tombstones with what died.',
    ],
    (t) =>
      both(t, ({ items: read }, lane) =>
        every(
          read,
          ({ record }) => (record?.kind === 'tombstone' ? record.of : record?.kind) === kindOf[lane],
          `a ${kindOf[lane]}`,
        ),
      ),
  ),
  check(
    'op',
    'bronze',
    ['op khớp với loại bản ghi', 'op agrees with the kind'],
    ['delete mang tombstone, upsert thì không.', 'delete carries a tombstone, upsert none.'],
    (t) =>
      both(t, ({ items: read }) =>
        every(read, ({ op, record }) => (op === 'delete') === (record?.kind === 'tombstone'), 'op as the record says'),
      ),
  ),
  check(
    'compacted',
    'bronze',
    ['Mỗi địa chỉ chỉ một mục', 'One item an address'],
    ['Nhật ký được nén: chỉ giữ trạng thái cuối.', 'The log is compacted: the last state alone.'],
    (t) => both(t, ({ items: read }) => same(new Set(read.map(({ uri }) => uri)).size, read.length, 'addresses')),
  ),
  check(
    'hash',
    'bronze',
    ['hash đúng theo RFC 8785', 'The hash is right by RFC 8785'],
    [
      'SHA-256 của dạng chuẩn, bỏ rev, hash, at, via; so vectors/records.json và canonical.json.',
      'SHA-256 of the canonical form without rev, hash, at, via; compare vectors/records.json and canonical.json.',
    ],
    (t) =>
      both(t, ({ items: read }) =>
        every(read, ({ record }) => !record || recordHash(record) === record.hash, 'the hash of the record'),
      ),
  ),
  check(
    'own',
    'bronze',
    ['Chỉ xuất hàng của chính sàn', 'Only own records are given'],
    [
      'origin và uri mang tên miền của sàn; đừng chuyển tiếp hàng của sàn thứ ba.',
      'origin and uri name your domain; relay nobody else’s.',
    ],
    (t) =>
      both(t, async ({ items: read }) => {
        const { origin } = (await t.profile()).exchange;
        every(
          read,
          ({ uri, record }) => uri.startsWith(`ocop://${origin}/`) && record?.origin === origin,
          `records of ${origin}`,
        );
      }),
  ),
  check(
    'via',
    'silver',
    ['Hàng của chính sàn không có via', 'Own records were relayed by nobody'],
    ['via là mảng rỗng.', 'via is an empty array.'],
    (t) =>
      both(t, ({ items: read }) =>
        every(read, ({ record }) => Array.isArray(record?.via) && record.via.length === 0, 'an empty via'),
      ),
  ),
  check(
    'epoch',
    'bronze',
    ['Cùng một epoch trên mọi trang và ảnh chụp', 'One epoch on all pages and in the snapshot'],
    ['epoch chỉ đổi khi khôi phục dữ liệu.', 'epoch changes only when data was restored.'],
    (t) =>
      both(t, async ({ pages: read }, lane) => {
        const { epoch } = (await t.snapshot(lane)).header;
        every(read, (page) => page.epoch === epoch, `epoch ${epoch}`);
      }),
  ),
];

const cursorOf = async (t: Session, lane: Lane): Promise<string> => (await t.page(lane, undefined, 1)).next;
const flipped = (text: string, at: number): string => {
  const index = (at + text.length) % text.length;
  return text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);
};
const ask = (t: Session, cursor: string, lane: Lane = 'offer') =>
  t.get(`${path}?lane=${lane}&limit=1&cursor=${encodeURIComponent(cursor)}`);
const seal = [
  'Niêm phong con trỏ bằng MAC, và từ chối thay vì đọc lại từ đầu.',
  'Seal cursors with a MAC, and refuse rather than begin anew.',
] as const;

const cursors = [
  check('cursor-forged', 'bronze', ['Con trỏ bịa bị từ chối', 'A made-up cursor is refused'], seal, async (t) => {
    for (const cursor of ['forged.seal', 'x', "' or 1=1", 'AAAA.AAAA.AAAA', '0'])
      mustRefuse(await ask(t, cursor), 400, 'invalid-cursor');
  }),
  check('cursor-tampered', 'bronze', ['Con trỏ bị sửa bị từ chối', 'A changed cursor is refused'], seal, async (t) => {
    const cursor = await cursorOf(t, 'offer');
    for (const at of [2, Math.floor(cursor.length / 2), -4])
      mustRefuse(await ask(t, flipped(cursor, at)), 400, 'invalid-cursor');
  }),
  check('cursor-cut', 'silver', ['Con trỏ bị cắt bị từ chối', 'A cursor that was cut is refused'], seal, async (t) => {
    const cursor = await cursorOf(t, 'offer');
    mustRefuse(await ask(t, cursor.slice(0, -3)), 400, 'invalid-cursor');
  }),
  check(
    'cursor-of-lane',
    'bronze',
    ['Con trỏ của luồng khác bị từ chối', 'A cursor of the other lane is refused'],
    ['Đặt luồng vào con trỏ; trả 403 foreign-cursor.', 'Put the lane into the cursor; answer 403 foreign-cursor.'],
    async (t) => {
      mustRefuse(await ask(t, await cursorOf(t, 'catalogue'), 'offer'), 403, 'foreign-cursor');
    },
  ),
  check(
    'cursor-of-partner',
    'gold',
    ['Con trỏ của đối tác khác bị từ chối', 'A cursor of another partner is refused'],
    ['Đặt đối tác vào con trỏ; trả 403 foreign-cursor.', 'Put the partner into the cursor; answer 403 foreign-cursor.'],
    async (t) => {
      const page = await t.page('offer', undefined, 1, t.other ? { by: t.other } : {});
      mustRefuse(await ask(t, page.next), 403, 'foreign-cursor');
    },
    { needs: ['second-key'] },
  ),
  check(
    'cursor-empty',
    'silver',
    ['Con trỏ rỗng không có nghĩa là từ đầu', 'An empty cursor is not the beginning'],
    seal,
    async (t) => {
      mustRefuse(await ask(t, ''), 400);
    },
  ),
  check(
    'cursor-long',
    'gold',
    ['Con trỏ quá dài bị từ chối', 'A cursor beyond measure is refused'],
    ['Giới hạn 1.000 ký tự.', 'Allow 1,000 characters.'],
    async (t) => {
      mustRefuse(await ask(t, 'A'.repeat(4_000)), [400, 414]);
    },
  ),
  check(
    'cursor-size',
    'silver',
    ['Con trỏ không quá 1.000 ký tự', 'Cursors have at most 1,000 characters'],
    ['Con trỏ chỉ cần một vị trí.', 'A cursor is but a position.'],
    async (t) => {
      must((await cursorOf(t, 'offer')).length <= 1_000, '1,000 characters', await cursorOf(t, 'offer'));
    },
  ),
];

export const changes = [...pages, ...items, ...cursors];
