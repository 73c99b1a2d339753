import { texts } from './texts.ts';

/** Orders that a partner exchange sold to a shopper of its own. */
export const partnerOrderTexts = texts({
  vi: { 'partnerOrders.through': 'Qua {{exchange}}' },
  en: { 'partnerOrders.through': 'Through {{exchange}}' },
  km: { 'partnerOrders.through': 'តាមរយៈ {{exchange}}' },
});
