import type { Language, Template } from '../types.ts';
import { accountTemplates } from './account.ts';
import { businessTemplates } from './business.ts';
import { careTemplates } from './care.ts';
import { certificateTemplates } from './certificate.ts';
import { complaintTemplates } from './complaint.ts';
import { courierTemplates } from './courier.ts';
import { directTemplates } from './direct.ts';
import { exchangeOrderTemplates } from './exchange-order.ts';
import { fieldReportTemplates } from './field-reports.ts';
import { orderTemplates } from './order.ts';
import { productTemplates } from './product.ts';
import { questionTemplates } from './questions.ts';
import { reviewTemplates } from './reviews.ts';
import { settlementTemplates } from './settlement.ts';
import { stockTemplates } from './stock.ts';

const all: Readonly<Record<string, Template>> = {
  ...accountTemplates,
  ...businessTemplates,
  ...careTemplates,
  ...certificateTemplates,
  ...complaintTemplates,
  ...courierTemplates,
  ...directTemplates,
  ...exchangeOrderTemplates,
  ...orderTemplates,
  ...fieldReportTemplates,
  ...productTemplates,
  ...questionTemplates,
  ...reviewTemplates,
  ...settlementTemplates,
  ...stockTemplates,
};

/** Every kind of notice that has words. */
export const noticeKinds = Object.keys(all);

/** The words of a kind. That it has none is a mistake of ours, found when it is told and not when it is sent. */
export function templateOf(kind: string): Template {
  const template = all[kind];
  if (!template) throw new Error(`No notice is called ${kind}`);
  return template;
}

/** What a kind is called in a list of many: its subject with the values left out. */
export const nameOf = (kind: string, language: Language): string =>
  all[kind]?.[language][0].replace(/\{\{\w+\}\}/g, '…') ?? kind;
