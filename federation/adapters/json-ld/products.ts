import { Parser } from 'htmlparser2';
import { parseBoundedJson } from '../../engine/bounded-json.ts';
import type { Field, Goods } from '../goods/goods.ts';
import { type Row, rowOf, textOf } from '../json-rows.ts';

const maxScripts = 50;
const maxScriptLength = 1_048_576;
const maxNodes = 2_000;

/** The blocks of `application/ld+json` of a page. A block that is no JSON is left out: other parts of the page are whole. */
function blocksOf(html: string): readonly unknown[] {
  const texts: string[] = [];
  let open: string | undefined;
  const parser = new Parser({
    onopentag: (name, { type = '' }) => {
      if (name === 'script' && type.trim().toLowerCase().startsWith('application/ld+json')) open = '';
    },
    ontext: (text) => {
      if (open !== undefined && open.length <= maxScriptLength) open += text;
    },
    onclosetag: (name) => {
      if (name === 'script' && open !== undefined && texts.length < maxScripts) texts.push(open);
      if (name === 'script') open = undefined;
    },
  });
  parser.write(html);
  parser.end();
  return texts.flatMap((text) => {
    try {
      return text.length <= maxScriptLength ? [parseBoundedJson(Buffer.from(text))] : [];
    } catch {
      return [];
    }
  });
}

/** No context is ever fetched: names are read as schema.org's, with or without its address before them. */
const bare = (name: string): string => name.replace(/^https?:\/\/schema\.org\//, '').replace(/^schema:/, '');
const manyOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const isA = (node: Row, ...types: readonly string[]): boolean =>
  manyOf(node['@type']).some((type) => types.includes(bare(textOf(type))));

/** All things that a page tells of, in `@graph`, lists and `mainEntity` as well. */
function nodesOf(blocks: readonly unknown[]): readonly Row[] {
  const found: Row[] = [];
  const waiting = [...blocks];
  while (waiting.length > 0 && found.length < maxNodes) {
    const next = waiting.shift();
    if (Array.isArray(next)) waiting.push(...next);
    else if (next && typeof next === 'object') {
      const node = rowOf(next);
      found.push(node);
      waiting.push(...[node['@graph'], node.mainEntity].filter((inner) => inner !== undefined));
    }
  }
  return found;
}

const scalar = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : textOf(rowOf(manyOf(value)[0])['@value']);

/**
 * What a page sells: one entry for each offer of its product. Related goods that stand on it belong to pages of their
 * own. `fault` when there are several and none says that the page is its own.
 */
export function readPage(html: string, page: URL): { readonly goods: readonly Goods[]; readonly fault?: string } {
  const products = nodesOf(blocksOf(html)).filter((node) => isA(node, 'Product', 'ProductGroup'));
  const own = products.filter((product) => isOfPage(product, page));
  const [first, second] = own.length > 0 ? own : products.filter((product) => !namesAPage(product));
  const alone = first ?? (products.length === 1 ? products[0] : undefined);
  if (!alone)
    return { goods: [], ...(products.length > 1 ? { fault: `${products.length} products, none of this page` } : {}) };
  if (second) return { goods: [], fault: `${products.length} products, several of this page` };
  return { goods: goodsOf(alone, page) };
}

const addressesOf = (product: Row): readonly string[] =>
  [product.url, product['@id'], product.mainEntityOfPage, ...manyOf(product.offers).map((offer) => rowOf(offer).url)]
    .map((value) => textOf(value) || textOf(rowOf(value)['@id']))
    .filter((address) => /^(?:https?:)?\/|^https?:/.test(address));
const samePage = (address: string, page: URL): boolean => {
  const url = URL.parse(address, page.href);
  return url?.host === page.host && url.pathname.replace(/\/$/, '') === page.pathname.replace(/\/$/, '');
};
const isOfPage = (product: Row, page: URL): boolean => addressesOf(product).some((one) => samePage(one, page));
const namesAPage = (product: Row): boolean => addressesOf(product).length > 0;

function goodsOf(product: Row, page: URL): readonly Goods[] {
  const variants = manyOf(product.hasVariant).map(rowOf);
  const group = nameOf(product) || page.pathname;
  const sellers = variants.length > 0 ? variants : [product];
  const offers = sellers.flatMap((seller) => offersOf(seller).map((offer) => ({ seller, offer })));
  const shared = sharedOf(product, page);
  return offers.map(({ seller, offer }, index) => ({
    ...shared,
    id: textOf(offer.sku) || (seller === product ? '' : nameOf(seller)) || (index === 0 ? group : `${group}-${index}`),
    item_group_id: group,
    position: String(index),
    ...offerFields(seller, offer),
  }));
}

const nameOf = (product: Row): string =>
  scalar(product.productID) || scalar(product.sku) || scalar(product.productGroupID) || textOf(product['@id']);

function sharedOf(product: Row, page: URL): Goods {
  const images = manyOf(product.image).map(
    (image) => textOf(image) || textOf(rowOf(image).url) || textOf(rowOf(image).contentUrl),
  );
  const [image_link = '', ...more] = images.filter(Boolean);
  const brand = rowOf(manyOf(product.brand ?? product.manufacturer)[0]);
  const gtin = ['gtin', 'gtin13', 'gtin14', 'gtin12', 'gtin8'].map((name) => scalar(product[name])).find(Boolean);
  const said: Partial<Record<Field, string>> = {
    title: scalar(product.name),
    description: scalar(product.description),
    link: page.href,
    image_link,
    additional_image_link: more.join('\n'),
    brand: textOf(product.brand) || textOf(brand.name),
    product_type: scalar(product.category),
    gtin: gtin ?? '',
    unit_pricing_measure: contentOf(product),
    ...makerOf(product),
    ...ocopOf(product),
  };
  return said;
}

/** The codes of UN/CEFACT by which schema.org names units, as people write them. */
const units: Readonly<Record<string, string>> = { GRM: 'g', KGM: 'kg', MLT: 'ml', LTR: 'l' };
function contentOf({ weight, size }: Row): string {
  const measured = [weight, size].map((one) => rowOf(manyOf(one)[0])).find((one) => scalar(one.value) !== '');
  const unit = measured && (units[scalar(measured.unitCode)] ?? scalar(measured.unitText));
  return unit ? `${scalar(measured?.value)} ${unit}` : '';
}

function makerOf({ manufacturer }: Row): Goods {
  const maker = rowOf(manyOf(manufacturer)[0]);
  const address = rowOf(maker.address);
  return {
    producer_id: scalar(maker.identifier),
    tax_code: scalar(maker.taxID),
    commune: scalar(address.addressLocality),
    province: scalar(address.addressRegion),
  };
}

/** A star is told by the certificate whose name says OCOP; what it is worth here is another question. */
function ocopOf({ hasCertification }: Row): Goods {
  const certificates = manyOf(hasCertification).map(rowOf);
  const decision = certificates.find(({ name }) => /\bOCOP\b/i.test(scalar(name)));
  if (!decision) return {};
  const [, named = ''] = /\b([345])\b/.exec(scalar(decision.name)) ?? [];
  return {
    ocop_stars: scalar(rowOf(decision.certificationRating).ratingValue) || named,
    ocop_decision: scalar(decision.certificationIdentification),
    ocop_issuer: textOf(decision.issuedBy) || textOf(rowOf(decision.issuedBy).name),
    ocop_issued: scalar(decision.validFrom) || scalar(decision.datePublished),
    ocop_expires: scalar(decision.expires),
  };
}

/** The offers of an aggregate where it lists them; else the aggregate itself, by its lowest price. */
function offersOf(product: Row): readonly Row[] {
  return manyOf(product.offers)
    .map(rowOf)
    .flatMap((offer) => {
      const inner = manyOf(offer.offers).map(rowOf);
      return isA(offer, 'AggregateOffer') && inner.length > 0 ? inner : [offer];
    });
}

/** What it cost before, where the offer says so. */
function struckOut({ priceSpecification, price }: Row): string {
  const specifications = manyOf(priceSpecification).map(rowOf);
  const before = specifications.find(({ priceType }) => /(?:Strikethrough|List)Price$/.test(scalar(priceType)));
  return before && scalar(price) ? scalar(before.price) : '';
}

function offerFields(seller: Row, offer: Row): Goods {
  const stated = rowOf(manyOf(offer.priceSpecification)[0]);
  const currency = scalar(offer.priceCurrency) || scalar(stated.priceCurrency);
  const isAggregate = isA(offer, 'AggregateOffer');
  const amount = scalar(offer.price) || scalar(isAggregate ? offer.lowPrice : stated.price);
  const isFrom = isAggregate && scalar(offer.highPrice) !== scalar(offer.lowPrice) && scalar(offer.highPrice) !== '';
  const level = scalar(rowOf(offer.inventoryLevel).value);
  const allowed = rowOf(offer.eligibleQuantity);
  const before = struckOut(offer);
  const price = amount && currency ? `${amount} ${currency}` : amount;
  return {
    ...(before ? { price: `${before} ${currency}`, sale_price: price } : { price }),
    min_quantity: scalar(allowed.minValue),
    max_quantity: scalar(allowed.maxValue),
    unit: scalar(allowed.unitText),
    availability: scalar(offer.availability),
    ...(level ? { quantity: level } : {}),
    mpn: scalar(offer.sku) || scalar(seller.sku) || scalar(seller.mpn),
    size: isFrom ? 'giá thấp nhất' : scalar(offer.name) || scalar(seller.size),
  };
}
