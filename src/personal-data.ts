import { assistancePersonalData } from '#features/assistance/index.ts';
import { auditPersonalData } from '#features/audit/index.ts';
import { businessPersonalData } from '#features/businesses/index.ts';
import { carePersonalData } from '#features/care/index.ts';
import { cartPersonalData } from '#features/carts/index.ts';
import { complaintPersonalData } from '#features/complaints/index.ts';
import { exchangeOrderPersonalData } from '#features/exchange-orders/index.ts';
import { reportPersonalData } from '#features/field-reports/index.ts';
import { filePersonalData } from '#features/files/index.ts';
import { importPersonalData } from '#features/imports/index.ts';
import { noticePersonalData } from '#features/notices/index.ts';
import { orderPersonalData } from '#features/orders/index.ts';
import { questionPersonalData } from '#features/questions/index.ts';
import { reviewPersonalData } from '#features/reviews/index.ts';

/** What each slice holds of people. One that holds nothing of them, or nothing but ids of accounts it never shows, is not here. */
export const personalData = [
  carePersonalData,
  reviewPersonalData,
  questionPersonalData,
  complaintPersonalData,
  reportPersonalData,
  orderPersonalData,
  exchangeOrderPersonalData,
  cartPersonalData,
  noticePersonalData,
  businessPersonalData,
  assistancePersonalData,
  filePersonalData,
  importPersonalData,
  auditPersonalData,
] as const;
