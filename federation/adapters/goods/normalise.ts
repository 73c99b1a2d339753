import type { Normalised, PartnerEndpoint, SourceRecord } from '../adapter.ts';
import { inWords, pictures, rowOf, textOf } from '../json-rows.ts';
import { plainLine, textOfHtml } from '../plain-text.ts';
import { rejected, sealed } from '../seal.ts';
import { categoryOf, producerOf } from '../shop-settings.ts';
import { availabilityOf } from './availability.ts';
import { FIELDS, type Goods, goodsUri, uriOf } from './goods.ts';
import { readPrice } from './price.ts';
import { type GoodsSettings, readGoodsSettings } from './settings.ts';

/** What the files and pages of a partner say, as records. Pure and total, whatever `body` is. */
export function normaliseGoods({ body }: SourceRecord, partner: PartnerEndpoint): Normalised {
  const settings = readGoodsSettings(partner);
  if (!settings) return rejected('invalid-settings', 'the settings of the partner');
  const { lane, goods: sent, readAt, fault } = rowOf(body);
  if (typeof fault === 'string') return rejected('ambiguous-page', fault);
  const goods = fieldsOf(rowOf(sent));
  if (!goods.id) return rejected('no-id', 'the goods have no id');
  if (lane === 'catalogue') return listingOf(goods, partner, settings, textOf(readAt));
  return lane === 'offer' ? offerOf(goods, partner, settings, textOf(readAt)) : rejected('unknown-kind', inWords(lane));
}

const fieldsOf = (sent: Readonly<Record<string, unknown>>): Goods =>
  Object.fromEntries(FIELDS.map((field) => [field, textOf(sent[field]).toWellFormed().trim()]));

const said = <T extends object>(value: unknown, members: T): Partial<T> => (value ? members : {});
const line = (text: string | undefined, max: number): string => plainLine(text ?? '', max);
const whole = (text: string | undefined): number | undefined =>
  /^\d{1,9}$/.test(text ?? '') ? Number(text) : undefined;

function listingOf(goods: Goods, partner: PartnerEndpoint, settings: GoodsSettings, readAt: string): Normalised {
  const { origin, baseUrl } = partner;
  const [titleEn, unit] = [line(goods.title_en, 300), line(goods.unit, 200)];
  const [description, descriptionEn] = [goods.description, goods.description_en].map((t) =>
    textOfHtml(t ?? '', 20_000),
  );
  const producer = settings.producer ? producerOf(origin, { producer: settings.producer }) : brandOf(goods, origin);
  if (!producer) return rejected('no-producer', 'names no brand, and the settings no producer');
  const own = goods.product_type ?? '';
  const categoryCode = categoryOf([own], { ...settings, defaultCategory: settings.defaultCategory ?? line(own, 100) });
  if (!categoryCode) return rejected('no-category', 'names no product_type, and the settings no defaultCategory');
  const shelfLifeDays = whole(goods.shelf_life_days);
  const content = contentOf(goods.unit_pricing_measure ?? '');
  const listing = {
    uri: goodsUri(origin, 'catalogue', goods),
    origin,
    kind: 'listing' as const,
    title: { vi: line(goods.title, 300), ...said(titleEn, { en: titleEn }) },
    ...said(description, { description: { vi: description, ...said(descriptionEn, { en: descriptionEn }) } }),
    producer,
    ...ocopOf(goods),
    ...said(isGtin(goods.gtin ?? ''), { gtin: goods.gtin }),
    ...said(content, { netContent: content }),
    ...said(unit, { unit }),
    categoryCode,
    images: pictures(imagesOf(goods), baseUrl),
    landingUrl: (goods.link && URL.parse(goods.link, baseUrl.href)?.href) || '',
    ...said(shelfLifeDays, { shelfLife: { days: shelfLifeDays } }),
  };
  return sealed(listing, readAt);
}

/** Without a producer in the settings each brand is one. */
function brandOf(goods: Goods, origin: string) {
  const name = line(goods.brand, 300);
  const [taxCode, province, commune] = [line(goods.tax_code, 20), line(goods.province, 100), line(goods.commune, 100)];
  return name
    ? {
        uri: uriOf(origin, 'producer', goods.producer_id || name),
        name,
        ...said(taxCode, { taxCode }),
        ...said(province, { province }),
        ...said(commune, { commune }),
      }
    : undefined;
}

function ocopOf(goods: Goods) {
  const [stars, decisionNo, issuer] = [
    whole(goods.ocop_stars),
    line(goods.ocop_decision, 100),
    line(goods.ocop_issuer, 200),
  ];
  if (!stars || !decisionNo || !goods.ocop_issued) return {};
  const { ocop_issued: issuedOn, ocop_expires: expiresOn } = goods;
  return { ocop: { stars, decisionNo, ...said(issuer, { issuer }), issuedOn, ...said(expiresOn, { expiresOn }) } };
}

/** `500 g`, `0.5 kg`, `1,5 l`: a number and a unit. */
function contentOf(text: string): { value: number; unit: string } | undefined {
  const [, value = '', unit = ''] = /^(\d{1,9}(?:[.,]\d{1,3})?)\s*(\p{L}{1,20})$/u.exec(text) ?? [];
  return Number(value.replace(',', '.')) > 0 ? { value: Number(value.replace(',', '.')), unit } : undefined;
}

/** GS1: digits weighted 3 and 1 from the right make a multiple of ten with the check digit. A wrong number is left out. */
function isGtin(text: string): boolean {
  if (!/^\d{8,14}$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}

const imagesOf = ({ image_link: first, additional_image_link: more = '' }: Goods) => [
  first,
  ...more.split('\n').map((text) => text.trim()),
];

function offerOf(goods: Goods, { origin }: PartnerEndpoint, settings: GoodsSettings, readAt: string): Normalised {
  const regular = readPrice(goods.price ?? '', settings);
  if ('fault' in regular) return rejected(regular.fault, line(goods.price, 60));
  const sale = saleOf(goods, settings, readAt);
  if (sale && 'fault' in sale) return rejected(sale.fault, line(goods.sale_price, 60));
  const now = sale && sale.amount < regular.amount ? sale : undefined;
  const [label, sku] = [line(goods.size, 200), line(goods.mpn, 100)];
  const [position, maxQty] = [whole(goods.position), whole(goods.max_quantity)];
  const offer = {
    uri: goodsUri(origin, 'offer', goods),
    origin,
    kind: 'offer' as const,
    listing: goodsUri(origin, 'catalogue', goods),
    ...said(sku, { sku }),
    ...said(label, { label }),
    ...(position === undefined ? {} : { position }),
    price: dong((now ?? regular).amount),
    ...said(now, { listPrice: dong(regular.amount) }),
    ...said(now?.window, { saleWindow: now?.window, validUntil: now?.window?.to }),
    availability: availabilityOf(goods.availability ?? '', whole(goods.quantity)),
    minQty: whole(goods.min_quantity) || 1,
    ...said(maxQty, { maxQty }),
  };
  return sealed(offer, readAt);
}

const dong = (amount: number) => ({ amount, currency: 'VND' as const, taxIncluded: true });

/** The price of a sale that is on while the feed is read: `from/to` in ISO 8601 bounds it. */
function saleOf(goods: Goods, settings: GoodsSettings, readAt: string) {
  if (!goods.sale_price) return undefined;
  const sale = readPrice(goods.sale_price, settings);
  if ('fault' in sale || !goods.sale_price_effective_date) return { ...sale, window: undefined };
  const [from = '', to = ''] = goods.sale_price_effective_date.split('/').map(instant);
  return from && to && from <= readAt && readAt < to ? { ...sale, window: { from, to } } : undefined;
}

/** UTC, or nothing for what is no instant. An instant without an offset is one of Việt Nam. */
function instant(text: string): string {
  const trimmed = text.trim();
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(trimmed)) return '';
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(trimmed) ? trimmed : `${trimmed}+07:00`);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}
