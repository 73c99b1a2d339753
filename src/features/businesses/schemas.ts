import { type Static, Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import {
  BUSINESS_STATES,
  BUSINESS_TYPES,
  INVITED_ROLES,
  MEASURE_GROUNDS,
  MEASURE_KINDS,
  PAPER_KINDS,
  PAPER_NEEDS,
  PAPER_VERDICTS,
  PAYMENT_METHODS,
  REVIEW_VERDICTS,
  STEPS,
  WITHHOLDING_MODES,
} from './types.ts';

export const BusinessQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const BusinessParams = Type.Object({ businessId: Text('Id or slug', 200, 'htx-hanh-tim-bai-giong') });

const Day = (description: string, example: string) =>
  Type.String({ format: 'date', description: `${description}, a day in Vietnam`, examples: [example] });
const Name = Text('Name', 200, 'HTX Hành tím Bãi Giồng');
const Kind = Type.Enum([...BUSINESS_TYPES], { description: 'Legal form' });
const Street = Text('House number, hamlet or street', 300, 'Ấp Huỳnh Kỳ');
const Ward = Type.Object({ code: Text('Ward code', 5, '31795'), name: Text('Ward', 120, 'Xã Vĩnh Hải') });
const StoryVi = Text('Story in Vietnamese', 5_000, 'Hành tím trồng trên đất giồng cát Vĩnh Châu.');
const StoryEn = Text('Story in English', 5_000, 'Shallots grown on the sand ridges of Vĩnh Châu.');
const Founded = Nullable(Count('Year of founding', 2012, 1800));
const Reason = Text('Why, in words that the business can act on', 1_000, 'Ảnh giấy đăng ký bị mờ, xin chụp lại.');

const card = {
  businessId: IdOf('Business', 'The business'),
  code: Nullable(Text('Register number', 20, 'B001')),
  slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
  name: Name,
  type: Kind,
  ward: Nullable(Ward),
  addressLine: Nullable(Street),
  holidayFrom: Nullable(Day('First day of a holiday', '2027-02-01')),
  holidayTo: Nullable(Day('Last day of a holiday', '2027-02-10')),
  storyVi: StoryVi,
  storyEn: StoryEn,
  foundedYear: Founded,
  partnerKey: Nullable(Text('Partner exchange whose producer this is', 60, 'tra-vinh')),
  productCount: Count('Products for sale now', 4),
};
export const BusinessList = Type.Object(
  {
    items: Type.Array(Type.Object(card), { description: 'Businesses by register number', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'BusinessList' },
);
const share = (description: string) =>
  Type.Object({ count: Count('So many', 19), of: Count('Of so many', 20) }, { description });
const Reliability = Type.Object(
  {
    days: Count('Over so many days', 90, 1),
    orders: Count('Paid orders in these days', 21),
    confirmedInTime: share('Confirmed before their time was over, of those whose time is over or that were decided'),
    sentInTime: share('Sent in time, of those that were to be sent'),
    cancelledBySeller: share('Called off by the business or by its silence, of all'),
  },
  { title: 'Reliability', description: 'How reliable the business was with its orders' },
);
export const BusinessView = Type.Object(
  {
    ...card,
    taxCode: Nullable(Text('Tax code of an organisation; a person’s is not shown', 14, '2200123456')),
    phone: Nullable(Text('Phone in E.164', 20, '+84912345678')),
    email: Nullable(Text('E-mail', 200, 'htx@bai-giong.example')),
    latitude: Nullable(
      Type.Number({ minimum: -90, maximum: 90, description: 'WGS 84 degrees, 3 decimals', examples: [9.35] }),
    ),
    longitude: Nullable(
      Type.Number({ minimum: -180, maximum: 180, description: 'WGS 84 degrees, 3 decimals', examples: [106.02] }),
    ),
    supports: Type.Array(Type.Enum([...PAYMENT_METHODS]), {
      description: 'Payment methods of its own account (direct settlement)',
      maxItems: 10,
    }),
    status: Text('State in the register: approved or suspended', 20, 'approved'),
    reliability: Reliability,
    complaints: Nullable(
      Type.Object(
        {
          days: Count('Over so many days', 180, 1),
          count: Count('Answered in time', 9),
          of: Count('Of so many complaints', 10),
        },
        { description: 'Complaints that were answered in time; null where there are too few to say anything' },
      ),
    ),
  },
  { title: 'Business' },
);

/** Ids in a path are text: whatever is none of the caller's is the same 404. */
export const OwnParams = Type.Object({ businessId: IdOf('Business', 'The business') });
export const MemberParams = Type.Object({
  businessId: IdOf('Business', 'The business'),
  accountId: IdOf('Account', 'The member'),
});
export const InvitationParams = Type.Object({
  businessId: IdOf('Business', 'The business'),
  invitationId: IdOf('Invitation', 'The invitation'),
});
export const PaperParams = Type.Object({ paperId: IdOf('Paper', 'The paper') });
export const MeasureParams = Type.Object({ measureId: IdOf('Measure', 'The measure') });
export const TokenParams = Type.Object({ token: Text('The token of the message', 100, 'dG9rZW4') });

const own = {
  businessId: IdOf('Business', 'The business'),
  code: Nullable(Text('Register number, once approved', 20, 'B091')),
  slug: Text('Name in addresses', 200, 'ho-co-sau'),
  name: Name,
  type: Kind,
  status: Type.Enum([...BUSINESS_STATES], { description: 'Where it stands' }),
  taxCode: Nullable(Text('Tax code of an organisation', 14, '2200123456')),
  personalNumberLast4: Nullable(Text('Last four of a person’s number', 4, '1822')),
  representative: Nullable(Text('Who answers for it before the law', 200, 'Trần Thị Sáu')),
  ward: Nullable(Ward),
  addressLine: Nullable(Street),
  phone: Nullable(Text('Phone in E.164', 20, '+84912345678')),
  email: Nullable(Text('E-mail', 200, 'sau@giong.example')),
  storyVi: StoryVi,
  storyEn: StoryEn,
  foundedYear: Founded,
  holidayFrom: card.holidayFrom,
  holidayTo: card.holidayTo,
};
export const OwnView = Type.Object(own, { title: 'OwnBusiness' });
export const OwnList = Type.Object(
  { items: Type.Array(OwnView, { description: 'Businesses of the caller', maxItems: 1_000 }) },
  { title: 'OwnBusinessList' },
);
const GapView = Type.Object({
  step: Type.Enum([...STEPS], { description: 'Step of the application' }),
  field: Text('What is missing', 60, 'papers.registration'),
});
const PaperView = Type.Object(
  {
    paperId: IdOf('Paper', 'The paper'),
    fileId: IdOf('StoredFile', 'Its bytes, at /v1/seller/files or /v1/staff/files'),
    kind: Type.Enum([...PAPER_KINDS], { description: 'Kind of paper' }),
    number: Text('Its number', 200, '59A8012345'),
    issuer: Text('Who issued it', 200, 'UBND thị xã Vĩnh Châu'),
    issuedOn: Day('Issued on', '2024-03-01'),
    expiresOn: Nullable(Day('Expires on', '2027-03-01')),
    verdict: Type.Enum([...PAPER_VERDICTS], { description: 'What the officer made of it' }),
    verdictReason: Nullable(Text('Why', 1_000, 'Ảnh mờ')),
  },
  { title: 'Paper' },
);
const RemarksView = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 1_000 }), {
  description: 'Remarks by field, such as `wardCode` or `papers.registration`',
  maxProperties: 40,
  examples: [{ 'papers.registration': 'Ảnh mờ, xin chụp lại.' }],
});
const ReviewView = Type.Object({
  verdict: Type.Enum([...REVIEW_VERDICTS], { description: 'The decision' }),
  reason: Nullable(Reason),
  remarks: RemarksView,
  reviewedAt: Instant('When'),
});
export const ApplicationView = Type.Object(
  {
    ...own,
    missing: Type.Array(GapView, { description: 'What stands between it and being sent', maxItems: 40 }),
    checklist: Type.Array(
      Type.Object({
        kind: Type.Enum([...PAPER_KINDS], { description: 'Kind of paper' }),
        need: Type.Enum([...PAPER_NEEDS], { description: 'Whether it is asked of this legal form' }),
        ground: Text('Where it says so', 200, 'NĐ 248/2026 đ. 18.1'),
      }),
      { description: 'Papers asked of this legal form today', maxItems: 20 },
    ),
    papers: Type.Array(PaperView, { description: 'Papers sent', maxItems: 50 }),
    reviews: Type.Array(ReviewView, { description: 'Decisions, newest first', maxItems: 50 }),
  },
  { title: 'Application' },
);

export const ApplicationBegun = Type.Object(
  { businessId: IdOf('Business', 'The business') },
  { title: 'ApplicationBegun' },
);
export const BeginBody = Type.Object(
  { name: Name, type: Kind, phone: Text('Phone', 30, '0912345678') },
  {
    title: 'BeginApplication',
    additionalProperties: false,
    examples: [{ name: 'Hộ Cô Sáu', type: 'household', phone: '0912345678' }],
  },
);
export const WhoBody = Type.Object(
  {
    name: Name,
    type: Kind,
    representative: Text('Who answers for it before the law', 200, 'Trần Thị Sáu'),
    taxCode: Text('10 or 13 digits, or the 12-digit personal number; empty keeps what was given', 20, '2200108445'),
    phone: Text('Phone', 30, '0912345678'),
    email: Type.Optional(Text('E-mail', 200, 'sau@giong.example')),
    storyVi: Type.Optional(StoryVi),
    storyEn: Type.Optional(StoryEn),
    foundedYear: Type.Optional(Founded),
  },
  { title: 'ApplicationWho', additionalProperties: false },
);
export const WhereBody = Type.Object(
  {
    provinceCode: Text('Province, scheme gso2025', 2, '92'),
    wardCode: Text('Ward; /v1/places/wards finds it by its old names too', 5, '31804'),
    addressLine: Street,
  },
  { title: 'ApplicationWhere', additionalProperties: false },
);
export const BankBody = Type.Object(
  {
    bankBin: Text('The bank, as NAPAS numbers it', 6, '970436'),
    number: Text('Account number', 30, '0123456789'),
    holderName: Text('Name of the holder', 200, 'TRAN THI SAU'),
  },
  { title: 'BankAccountBody', additionalProperties: false },
);
export const BankList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        bankBin: Text('The bank', 6, '970436'),
        last4: Text('Last four digits', 4, '6789'),
        holderName: Text('Holder', 200, 'TRAN THI SAU'),
        setAt: Instant('Since when'),
      }),
      { description: 'The account of today first, then those before it', maxItems: 50 },
    ),
  },
  { title: 'BankAccounts' },
);
export const PaperForm = FormBody(
  {
    kind: Type.Enum([...PAPER_KINDS], { description: 'Kind of paper' }),
    number: Text('Its number', 200, '59A8012345'),
    issuer: Text('Who issued it', 200, 'UBND thị xã Vĩnh Châu'),
    issuedOn: Day('Issued on', '2024-03-01'),
    expiresOn: Type.Optional(Day('Expires on', '2027-03-01')),
    file: FilePart('JPEG, PNG, WebP or PDF of at most 10 MB'),
  },
  { title: 'PaperForm' },
);
export const PaperAdded = Type.Object({ paperId: IdOf('Paper', 'The paper') }, { title: 'PaperAdded' });
export const HolidayBody = Type.Object(
  {
    from: Nullable(Day('First day; null ends the holiday', '2027-02-01')),
    to: Nullable(Day('Last day', '2027-02-10')),
  },
  { title: 'Holiday', additionalProperties: false },
);

const Role = Type.Enum([...INVITED_ROLES], { description: 'Role in the business' });
export const MemberList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        accountId: IdOf('Account', 'The member'),
        name: Text('Name', 200, 'Trần Thị Sáu'),
        role: Text('Role', 20, 'owner'),
        since: Instant('Since when'),
      }),
      { description: 'Members', maxItems: 200 },
    ),
    invitations: Type.Array(
      Type.Object({
        invitationId: IdOf('Invitation', 'The invitation'),
        role: Role,
        to: Text('Phone or e-mail it was sent to', 200, '+84912345678'),
        expiresAt: Instant('Until when it can be used'),
      }),
      { description: 'Invitations that are open', maxItems: 100 },
    ),
  },
  { title: 'MemberList' },
);
export const InviteBody = Type.Object(
  { role: Role, to: Text('Phone or e-mail', 200, '0912345678') },
  { title: 'Invite', additionalProperties: false },
);
export const InvitationAdded = Type.Object(
  { invitationId: IdOf('Invitation', 'The invitation') },
  { title: 'InvitationAdded' },
);
export const RoleBody = Type.Object({ role: Role }, { title: 'MemberRole', additionalProperties: false });
export const Accepted = Type.Object(
  { businessId: IdOf('Business', 'The business that one is a member of now') },
  { title: 'InvitationAccepted' },
);

export const StaffQuery = Type.Object({
  status: Type.Optional(
    Type.Enum([...BUSINESS_STATES], { description: 'Only those of this state; submitted when absent' }),
  ),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});
export const StaffList = Type.Object(
  {
    items: Type.Array(OwnView, { description: 'Longest waiting first', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'StaffBusinessList' },
);
export const ReviewBody = Type.Object(
  {
    verdict: Type.Enum([...REVIEW_VERDICTS], { description: 'The decision' }),
    reason: Type.Optional(Reason),
    remarks: Type.Optional(RemarksView),
  },
  { title: 'BusinessReview', additionalProperties: false },
);
export const VerdictBody = Type.Object(
  {
    verdict: Type.Enum(['accepted', 'refused'], { description: 'The decision on this paper' }),
    reason: Type.Optional(Reason),
  },
  { title: 'PaperVerdict', additionalProperties: false },
);
export const MeasureBody = Type.Object(
  {
    kind: Type.Enum([...MEASURE_KINDS], { description: 'Suspension, which can be lifted, or closure, which cannot' }),
    ground: Type.Enum([...MEASURE_GROUNDS], {
      description: 'An authority’s request (at once), notice of five days or more, or the business’s own wish',
    }),
    reason: Reason,
    basis: Type.Optional(Text('The rule it rests on', 1_000, 'NĐ 248/2026 đ. 18.2')),
    authority: Type.Optional(Text('Who asked', 200, 'Chi cục Quản lý thị trường')),
    requestNumber: Type.Optional(Text('Number of the request', 100, '45/QLTT-NV')),
    requestedAt: Type.Optional(Instant('When the request came: the 24 hours run from then')),
    effectiveAt: Type.Optional(Instant('From when, after notice; the earliest that is allowed when absent')),
  },
  { title: 'MeasureBody', additionalProperties: false },
);
export const MeasureAdded = Type.Object({ measureId: IdOf('Measure', 'The measure') }, { title: 'MeasureAdded' });
export const ReasonBody = Type.Object({ reason: Reason }, { title: 'Reason', additionalProperties: false });
export const PersonalNumber = Type.Object(
  { personalNumber: Text('The number in full', 12, '094187001822') },
  { title: 'PersonalNumber' },
);
export const WithholdingBody = Type.Object(
  {
    mode: Type.Enum([...WITHHOLDING_MODES], { description: 'Who declares tax on the sales' }),
    validFrom: Day('From', '2027-01-01'),
    reason: Reason,
  },
  { title: 'Withholding', additionalProperties: false },
);
export type MeasureInput = Static<typeof MeasureBody>;
