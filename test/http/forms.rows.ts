import { sql } from 'drizzle-orm';
import type { OpenStage } from '../browser/texts.stage.ts';
import { listingOf, standingAt } from './access/partners.ts';
import type { Who } from './access/stage.ts';

export type FormRow = {
  /** What is wrong, by field; ids in names are written `:id`. Everything else is filled in as its kind wants it. */
  readonly wrong: Readonly<Record<string, string>>;
  /** What must be right for the wrong field to be reached. */
  readonly typed?: Readonly<Record<string, string>>;
  /** The button that is pressed; the first one otherwise. */
  readonly button?: string;
  /** A refusal keeps a draft and leads to it. */
  readonly followed?: true;
  /** Codes for one use, which are typed anew. */
  readonly forgets?: readonly string[];
};

/** Each form into which something is typed, by its address and its first field. A form without a row fails the test. */
export const formRows: Readonly<Record<string, FormRow>> = {
  '/ban-hang/bang-gia price-:id': { wrong: { 'price-:id': 'rẻ lắm' } },
  '/ban-hang/chung-nhan/moi productId': { wrong: { decisionNumber: '' } },
  '/ban-hang/co-so from-:id': { wrong: { 'to-:id': '2020-01-01' }, button: 'holiday' },
  '/ban-hang/danh-gia/:id reason': { wrong: { reason: '' }, button: 'flag' },
  '/ban-hang/danh-gia/:id text': { wrong: { text: '' }, button: 'reply' },
  '/ban-hang/dang-ky name': { wrong: { phone: '12' } },
  '/ban-hang/dang-ky/:id/ai name': { wrong: { taxCode: '123' } },
  ...Object.fromEntries(
    ['registration', 'personal-id', 'food-safety', 'self-declaration', 'test-report', 'ocop-decision'].map((kind) => [
      `/ban-hang/dang-ky/:id/giay-to number-${kind}`,
      { wrong: { [`expiresOn-${kind}`]: '2020-01-01' } },
    ]),
  ),
  '/ban-hang/dang-ky/:id/o-dau wardCode': { wrong: { addressLine: '' }, button: 'save' },
  '/ban-hang/dang-ky/:id/san-pham productName': { wrong: { price: 'rẻ lắm' } },
  '/ban-hang/dang-ky/:id/tai-khoan bankBin': { wrong: { number: 'không phải số' } },
  '/ban-hang/giao-hang freeOver-:id': { wrong: { 'freeOver-:id': 'nhiều' } },
  '/ban-hang/giao-hang hours-:id': { wrong: { 'hours-:id': 'lâu' } },
  '/ban-hang/khieu-nai/:code kind': { wrong: { text: '' }, button: 'offer' },
  '/ban-hang/khieu-nai/:code refuseText': { wrong: { refuseText: '' }, button: 'refuse' },
  '/ban-hang/khieu-nai/:code sayText': { wrong: { sayText: '' }, button: 'say' },
  '/quan-tri/khieu-nai/:code verdict': { wrong: { text: '' }, typed: { verdict: 'dismiss' }, button: 'decide' },
  '/quan-tri/khieu-nai/:code sayText': { wrong: { sayText: '' }, button: 'say' },
  '/khieu-nai/gui kind': { wrong: { text: '' } },
  '/khieu-nai code': { wrong: { phone: '12' } },
  '/khieu-nai/:code phone': { wrong: { phone: '12' } },
  '/ban-hang/doi-tra/:code note': { wrong: { note: '' }, button: 'refuse' },
  '/ban-hang/kho onHand': { wrong: { onHand: 'nhiều' } },
  '/ban-hang/kho/:id lowAt': { wrong: { lowAt: 'ít' } },
  '/ban-hang/kho/:id reason': { wrong: { quantity: 'nhiều' } },
  '/ban-hang/khoa-api name': { wrong: { days: '0' } },
  '/ban-hang/san-pham/:id nameVi': { wrong: { 'v0-price': 'rẻ lắm' }, button: 'send', followed: true },
  '/ban-hang/san-pham/moi nameVi': { wrong: { 'v0-price': 'rẻ lắm' }, button: 'send', followed: true },
  '/ban-hang/san-pham/:id/lo-hang lot': { wrong: { expiresOn: '2020-01-01' } },
  '/ban-hang/thanh-vien to-:id': { wrong: { 'to-:id': '12' } },
  '/ban-hang/webhook url': { wrong: { url: 'http://khong-an-toan.example/' } },
  '/dang-ky name': { wrong: { login: '12' } },
  '/dang-nhap login': { wrong: { login: 'khong-ai@thu.example' } },
  '/dang-nhap/buoc-hai code': { wrong: { code: '000000' }, forgets: ['code'] },
  '/danh-gia code': { wrong: { phone: '12' } },
  '/doi-tra code': { wrong: { phone: '12' } },
  '/doi-tra/:code phone': { wrong: { phone: '12' } },
  '/san-pham/:slug/hoi-dap text': { wrong: { phone: '12' } },
  '/ban-hang/hoi-dap/:id text': { wrong: { text: '' } },
  '/quan-tri/hoi-dap/:id reason': { wrong: { reason: '' }, button: 'hide' },
  '/phan-anh kind': { wrong: { phone: '12' } },
  '/quan-tri/phan-anh/:code reason': { wrong: { reason: '' }, button: 'warned' },
  '/quan-tri/danh-gia/:id reason': { wrong: { reason: '' }, button: 'hide' },
  '/quan-tri/chung-nhan/:id cause': { wrong: { reason: '' } },
  '/quan-tri/chung-nhan/:id checked': { wrong: { score: 'cao' } },
  '/quan-tri/chung-nhan/:id reason': { wrong: { reason: '' } },
  '/quan-tri/chung-nhan/nhap issuer': { wrong: { decisionNumber: '' } },
  '/quan-tri/co-so/:id kind': { wrong: { requestNumber: '' }, typed: { ground: 'authority' }, button: 'measure' },
  '/quan-tri/co-so/:id paper-reason-:id': { wrong: { 'paper-reason-:id': '' }, button: 'paper-refused' },
  '/quan-tri/co-so/:id readReason': { wrong: { readReason: '' } },
  '/quan-tri/co-so/:id remark-name': { wrong: { reason: '' }, button: 'rejected' },
  '/quan-tri/go-bo product': { wrong: { product: 'không có' } },
  '/quan-tri/go-bo/:id decision': { wrong: { decision: '' }, button: 'decline' },
  '/quan-tri/hang-doi/businesses name': { wrong: { name: '' }, button: 'save' },
  '/quan-tri/nguoi-dung name': { wrong: { login: '12' } },
  '/quan-tri/bieu-phi rate': { wrong: { rate: 'nhiều' } },
  '/ban-hang/uu-dai name': { wrong: { name: '' } },
  '/quan-tri/uu-dai name': { wrong: { name: '' } },
  '/ban-hang/nhan-truc-tiep/:id mode': { wrong: { holdHours: '99' } },
  '/quan-tri/nhan-truc-tiep note-:id': { wrong: { 'note-:id': '' } },
  '/quan-tri/doi-soat/:id code1': { wrong: { code1: 'không có mã này' } },
  '/quan-tri/doi-soat/:id/cong provider': { wrong: { reference: 'x' } },
  '/quan-tri/doi-soat/hoan/:id bankBin': { wrong: { accountNumber: 'x' } },
  '/hop-qua/:slug boxes': { wrong: { boxes: '0' } },
  '/quan-tri/hop-qua nameVi': { wrong: { nameVi: '' } },
  '/quan-tri/phi-giao rate-scheme': { wrong: { 'rate-fee': 'rẻ' } },
  '/quan-tri/phi-giao place-provinceCode': { wrong: { 'place-from': '' } },
  '/quan-tri/phi-giao times-zone': { wrong: { 'times-minHours': 'lâu' } },
  '/quan-tri/phi-giao limit-storage': { wrong: { 'limit-bears': 'lâu' } },
  '/quan-tri/phi-giao point-name': { wrong: { 'point-hours': '' } },
  '/quan-tri/san-doi-tac/ca-mau reason': { wrong: { reason: '' }, button: 'suspend' },
  '/quan-tri/moi-san-doi-tac key': { wrong: { fingerprint: 'ngắn' }, typed: { key: '' } },
  '/quan-tri/san-doi-tac/ca-mau/duong-di propose-verbs': {
    wrong: { 'propose-reason': '' },
    button: 'propose',
  },
  // One that is let in, and one on probation.
  ...Object.fromEntries(
    ['ca-mau', 'kien-giang'].flatMap((key) => {
      const road = `/quan-tri/san-doi-tac/${key}/duong-di`;
      return [
        [`${road} grant-verbs`, { wrong: { 'grant-reason': '' }, button: 'grant' }],
        [`${road} revoke-key`, { wrong: { 'revoke-reason': '' }, button: 'revoke' }],
        [`${road} retire-reason`, { wrong: { 'retire-reason': '' }, button: 'retire' }],
      ];
    }),
  ),
  '/quan-tri/san-doi-tac/kien-giang/duong-di refuse-reason': { wrong: { 'refuse-reason': '' }, button: 'refuse' },
  '/quan-tri/san-doi-tac/hau-giang/soat-hang-mau verdict-1': {
    wrong: { 'note-1': '' },
  },
  '/quan-tri/san-doi-tac/ca-mau/giu-lai reason-:id': { wrong: { 'reason-:id': '' }, button: 'dismiss' },
  '/quan-tri/thay-doi/:id overwrite': { wrong: { reason: '', reasonText: '' }, button: 'rejected' },
  '/quan-tri/to-ho-tro login-:id': { wrong: { 'login-:id': 'khong-ai@thu.example' } },
  '/quan-tri/to-ho-tro many': { wrong: { many: 'chỉ có tên' } },
  '/tai-khoan name': { wrong: { name: '' } },
  '/tai-khoan/lien-he login': { wrong: { login: '12' } },
  '/tra-cuu code': { wrong: { phone: '12' } },
  '/xac-nhan code': { wrong: { code: '000000' }, forgets: ['code'] },
};
/** Forms of which nothing can be lost, and why. */
export const nothingTyped: Readonly<Record<string, string>> = {
  '/ban-hang/thanh-vien role': 'one choice, made anew by one press',
  '/quan-tri/nguoi-dung role': 'one choice, made anew by one press',
  '/quan-tri/doi-soat/de-xuat/:id reason': 'a proposal may be taken back without a word',
  '/quan-tri/vi-sao-hien-thi categoryId': 'every text is taken as it is, and the product set is one of a list',
  '/quan-tri/bao-cao/ky/2025-Q2 confirm': 'a box that is to be ticked anew',
  '/quen-mat-khau login': 'the answer never says whether such an account exists',
  '/tai-khoan/thong-bao language': 'no choice can be wrong: what is none of them changes nothing',
  '/tai-khoan/xoa sure': 'a box that is to be ticked anew',
  '/thanh-toan/:code method': 'one choice, made anew by one press',
};

/** Pages that show a form only in a state that no address alone brings about. */
export async function morePages(stage: OpenStage): Promise<readonly { readonly who: Who; readonly path: string }[]> {
  const { node } = stage;
  const { rows } = await node.db.execute<{ business: string; certificate: string; changes: string; item: string }>(
    sql`select (select id from businesses where status = 'submitted' limit 1) as business,
      (select id from certificates where status = 'verified' and valid_until is null limit 1) as certificate, i.subject_id as changes, i.id as item
      from review_items i where i.queue = 'changes' and i.settled_at is null limit 1`,
  );
  const [{ business, certificate, changes, item } = {}] = rows;
  // Hours on the way are asked for where goods would spoil.
  await node.db.execute(
    sql`update products set storage = 'chilled' where status = 'listed' and business_id = (select id from businesses where code = 'B001')`,
  );
  const { rows: papers } = await node.db.execute<{ id: string; item: string }>(
    sql`select c.id, i.id as item from certificates c join review_items i on i.subject_id = c.id::text
      where c.status = 'submitted' and i.settled_at is null and c.submitted_by <> ${`account:${stage.accounts.admin}`} limit 1`,
  );
  const [paper] = papers;
  const { fieldReports } = node.services;
  const { slug } = stage.goods.A.product;
  const reporter = { actor: 'guest', address: '10.1.0.1', accountId: undefined, phone: '0912345678' };
  const { code } = await fieldReports.report(reporter, { of: { product: slug }, kind: 'other', text: 'Thử' });
  const reported = await fieldReports.findClaim(await fieldReports.getWhole(code));
  // A verdict is typed by whoever holds the item.
  for (const held of [item, paper?.item, reported?.itemId])
    await stage.clients.admin.expect(200, 'POST', `/v1/staff/review-items/${held}/claim`);
  const asking = { ...reporter, name: 'Bé' };
  const asked = await node.services.questions.ask(asking, slug, 'Mở gói rồi để được bao lâu?');
  const { uri } = await listingOf(stage);
  // A proposal that waits stands on the road of a partner on probation.
  await standingAt('probation', 'proposed', 'kien-giang')(stage);
  return [
    { who: 'admin', path: `/quan-tri/vi-sao-hien-thi?hang=${encodeURIComponent(uri)}` },
    { who: 'admin', path: '/quan-tri/san-doi-tac/kien-giang/duong-di' },
    { who: 'nobody', path: '/khieu-nai?ve=business&ten=htx-hanh-tim-bai-giong' },
    { who: 'nobody', path: `/phan-anh?sp=${slug}` },
    { who: 'admin', path: `/quan-tri/phan-anh/${code}` },
    { who: 'nobody', path: `/san-pham/${slug}/hoi-dap` },
    { who: 'ownerA', path: `/ban-hang/hoi-dap/${asked.id}` },
    { who: 'admin', path: `/quan-tri/hoi-dap/${asked.id}` },
    { who: 'ownerA', path: '/ban-hang/giao-hang' },
    { who: 'ownerA', path: '/ban-hang/chung-nhan/moi?kind=ocop' },
    { who: 'admin', path: `/quan-tri/co-so/${business}` },
    { who: 'admin', path: `/quan-tri/chung-nhan/${certificate}` },
    { who: 'admin', path: `/quan-tri/chung-nhan/${paper?.id}` },
    { who: 'admin', path: `/quan-tri/thay-doi/${changes}` },
    { who: 'admin', path: '/quan-tri/hang-doi/businesses?title=xyz' },
  ];
}
