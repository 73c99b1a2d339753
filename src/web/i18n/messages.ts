import { applyingTexts } from './areas/applying.ts';
import { bundleTexts } from './areas/bundles.ts';
import { careTexts } from './areas/care.ts';
import { certificateDeskTexts } from './areas/certificate-desk.ts';
import { certificateListTexts } from './areas/certificate-lists.ts';
import { certificateTexts } from './areas/certificates.ts';
import { complaintDeskTexts } from './areas/complaint-desk.ts';
import { complaintTexts } from './areas/complaints.ts';
import { courierTexts } from './areas/couriers.ts';
import { deliveryTexts } from './areas/delivery.ts';
import { deskTexts } from './areas/desk.ts';
import { directTexts } from './areas/direct.ts';
import { exchangeOrderTexts } from './areas/exchange-orders.ts';
import { exportTexts } from './areas/exports.ts';
import { feeTexts } from './areas/fees.ts';
import { fieldReportTexts } from './areas/field-reports.ts';
import { fileTexts } from './areas/files.ts';
import { identityTexts } from './areas/identity.ts';
import { importTexts } from './areas/imports.ts';
import { mapTexts } from './areas/map.ts';
import { membersTexts } from './areas/members.ts';
import { moderationTexts } from './areas/moderation.ts';
import { moneyTexts } from './areas/money.ts';
import { noticeTexts } from './areas/notices.ts';
import { officerTexts } from './areas/officers.ts';
import { orderTexts } from './areas/orders.ts';
import { overseeingTexts } from './areas/overseeing.ts';
import { overviewTexts } from './areas/overview.ts';
import { partnerGoodsTexts } from './areas/partner-goods.ts';
import { partnerJoiningTexts } from './areas/partner-joining.ts';
import { partnerOrderTexts } from './areas/partner-orders.ts';
import { partnerRoadTexts } from './areas/partner-road.ts';
import { partnerStandingTexts } from './areas/partner-standing.ts';
import { partnerTexts } from './areas/partners.ts';
import { peopleTexts } from './areas/people.ts';
import { periodicFigureTexts } from './areas/periodic-figures.ts';
import { periodicReportTexts } from './areas/periodic-reports.ts';
import { policiesTexts } from './areas/policies.ts';
import { privacyTexts } from './areas/privacy.ts';
import { problemTexts } from './areas/problems.ts';
import { productFieldTexts } from './areas/product-fields.ts';
import { productTexts } from './areas/products.ts';
import { questionTexts } from './areas/questions.ts';
import { recallTexts } from './areas/recalls.ts';
import { referralTexts } from './areas/referrals.ts';
import { reviewTexts } from './areas/reviews.ts';
import { savedTexts } from './areas/saved.ts';
import { settlementTexts } from './areas/settlement.ts';
import { shelfTexts } from './areas/shelf.ts';
import { todayTexts } from './areas/today.ts';
import { voucherTexts } from './areas/vouchers.ts';
import { webhookTexts } from './areas/webhooks.ts';
import { en } from './en.ts';
import { km } from './km.ts';
import { vi } from './vi.ts';

/** The shop's texts stand in one file a language; each desk and area has a file of its own with all three. */
export const areas = [
  applyingTexts,
  bundleTexts,
  careTexts,
  certificateDeskTexts,
  certificateListTexts,
  certificateTexts,
  complaintDeskTexts,
  complaintTexts,
  courierTexts,
  deliveryTexts,
  deskTexts,
  directTexts,
  feeTexts,
  exchangeOrderTexts,
  fieldReportTexts,
  fileTexts,
  exportTexts,
  identityTexts,
  importTexts,
  membersTexts,
  moderationTexts,
  moneyTexts,
  noticeTexts,
  overseeingTexts,
  overviewTexts,
  partnerGoodsTexts,
  partnerJoiningTexts,
  partnerRoadTexts,
  partnerStandingTexts,
  partnerTexts,
  partnerOrderTexts,
  peopleTexts,
  periodicFigureTexts,
  periodicReportTexts,
  privacyTexts,
  policiesTexts,
  problemTexts,
  productFieldTexts,
  productTexts,
  questionTexts,
  recallTexts,
  referralTexts,
  mapTexts,
  savedTexts,
  officerTexts,
  orderTexts,
  reviewTexts,
  settlementTexts,
  shelfTexts,
  todayTexts,
  voucherTexts,
  webhookTexts,
] as const;
type KeyOf<Area> = Area extends { readonly vi: infer Texts } ? keyof Texts & string : never;
type AreaKey = KeyOf<(typeof areas)[number]>;

const merged = <Language extends 'vi' | 'en' | 'km'>(language: Language, shop: Readonly<Record<string, string>>) =>
  Object.assign({}, shop, ...areas.map((area) => area[language])) as Readonly<Record<string, string>>;

/** All texts of the interface by language. */
export const messages = { vi: merged('vi', vi), en: merged('en', en), km: merged('km', km) } as const;

type Singular<Key extends string> = Key extends `${infer Base}_other` ? Base : Key;
/** A key of the Vietnamese texts, which are the first and complete ones; a misspelt key does not compile. */
export type MessageKey = Singular<keyof typeof vi | AreaKey>;
