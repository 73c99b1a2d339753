import type { Listing, Offer } from '#federation/protocol/record.ts';
import type { FeedProduct } from './goods-queries.ts';

const dfc = 'https://github.com/datafoodconsortium';
/**
 * The terms of the Data Food Consortium, ontology 1.16.0 (github.com/datafoodconsortium/ontology, context_1.16.0.json),
 * written out: a reader need fetch nothing. `ocop:` is ours, for what theirs has no word for.
 */
const contextOf = (publicUrl: string) => ({
  'dfc-b': `${dfc}/ontology/releases/latest/download/DFC_BusinessOntology.owl#`,
  'dfc-m': `${dfc}/taxonomies/releases/latest/download/measures.rdf#`,
  // Their measures name no đồng; the European Union's list of currencies does.
  currency: 'http://publications.europa.eu/resource/authority/currency/',
  ocop: `${publicUrl}/feeds/ns#`,
  ...Object.fromEntries(
    ['supplies', 'manages', 'suppliedBy', 'managedBy', 'references', 'offeredThrough', 'offers', 'hasUnit'].map(
      (name) => [`dfc-b:${name}`, { '@type': '@id' }],
    ),
  ),
});

/** Their names of the measures that we weigh by; another unit is said in words. */
const measures: Readonly<Record<string, string>> = {
  g: 'dfc-m:Gram',
  kg: 'dfc-m:Kilogram',
  ml: 'dfc-m:Millilitre',
  l: 'dfc-m:Litre',
};

const said = <T extends object>(value: unknown, members: T): Partial<T> => (value ? members : {});

/** What is known of the goods themselves: neither how many there are nor what they cost. */
function suppliedProduct({ uri, title, description, producer, netContent: content, ocop, ...more }: Listing): object {
  const unit = content && (measures[content.unit] ?? content.unit);
  return {
    '@id': uri,
    '@type': 'dfc-b:SuppliedProduct',
    'dfc-b:suppliedBy': producer.uri,
    'dfc-b:name': title.vi,
    ...said(description, { 'dfc-b:description': description?.vi }),
    ...said(content, {
      'dfc-b:hasQuantity': { '@type': 'dfc-b:QuantitativeValue', 'dfc-b:value': content?.value, 'dfc-b:hasUnit': unit },
    }),
    // Of any form in their ontology; ours is an ISO 8601 duration.
    ...said(more.shelfLife, { 'dfc-b:lifetime': `P${more.shelfLife?.days}D` }),
    ...said(more.images[0], { 'dfc-b:image': more.images.map(({ url }) => url) }),
    'ocop:titleEn': title.en,
    'ocop:descriptionEn': description?.en,
    'ocop:productSet': more.categoryCode,
    'ocop:gtin': more.gtin,
    'ocop:salesUnit': more.unit,
    'ocop:page': more.landingUrl,
    ...said(ocop, {
      'ocop:stars': ocop?.stars,
      'ocop:decision': ocop?.decisionNo,
      'ocop:issuer': ocop?.issuer,
      'ocop:issuedOn': ocop?.issuedOn,
      'ocop:expiresOn': ocop?.expiresOn,
    }),
  };
}

/** A pack as a thing apart from its price, as the Consortium has it: what stands in the store and under which code. */
const itemId = (offer: Offer): string => `${offer.uri}#item`;
const catalogItem = (offer: Offer, listing: Listing): object => ({
  '@id': itemId(offer),
  '@type': 'dfc-b:CatalogItem',
  'dfc-b:managedBy': listing.producer.uri,
  'dfc-b:references': listing.uri,
  'dfc-b:offeredThrough': offer.uri,
  'dfc-b:sku': offer.sku,
  // Left out where nobody counts, which they read as without limit.
  'dfc-b:stockLimitation': offer.availability.quantity,
  'ocop:pack': offer.label,
  'ocop:position': offer.position,
});

const priceOf = ({ amount, taxIncluded }: Offer['price']) => ({
  '@type': 'dfc-b:Price',
  'dfc-b:value': amount,
  'dfc-b:hasUnit': 'currency:VND',
  'ocop:taxIncluded': taxIncluded,
});
const offered = (offer: Offer): object => ({
  '@id': offer.uri,
  '@type': 'dfc-b:Offer',
  'dfc-b:offers': itemId(offer),
  'dfc-b:hasPrice': priceOf(offer.price),
  ...said(offer.listPrice, { 'ocop:listPrice': offer.listPrice && priceOf(offer.listPrice) }),
  'ocop:availability': offer.availability.state,
  'ocop:minQuantity': offer.minQty,
  'ocop:maxQuantity': offer.maxQty,
});

type Enterprise = { readonly producer: Listing['producer']; readonly supplies: string[]; readonly manages: string[] };
const enterpriseOf = ({ producer, supplies, manages }: Enterprise): object => ({
  '@id': producer.uri,
  '@type': 'dfc-b:Enterprise',
  'dfc-b:name': producer.name,
  // A company's code; a household's is a person's number and never in a record.
  'dfc-b:VATnumber': producer.taxCode,
  ...said(producer.commune || producer.province, {
    'dfc-b:hasAddress': {
      '@type': 'dfc-b:Address',
      'dfc-b:city': producer.commune,
      'dfc-b:region': producer.province,
      'dfc-b:country': 'Việt Nam',
    },
  }),
  'dfc-b:supplies': supplies,
  'dfc-b:manages': manages,
});

/**
 * One node a line. The enterprises stand last, since what they supply is known then; of the goods nothing but names is
 * kept until that.
 */
export async function* dfcLines(
  products: AsyncIterable<FeedProduct>,
  { publicUrl }: { readonly publicUrl: string },
): AsyncGenerator<string> {
  const enterprises = new Map<string, Enterprise>();
  yield `{"@context":${JSON.stringify(contextOf(publicUrl))},\n"@graph":[`;
  let before = '\n';
  const node = (value: object): string => {
    const line = before + JSON.stringify(value);
    before = ',\n';
    return line;
  };
  for await (const { listing, offers } of products) {
    const { producer } = listing;
    const known = enterprises.get(producer.uri) ?? { producer, supplies: [], manages: [] };
    enterprises.set(producer.uri, known);
    known.supplies.push(listing.uri);
    known.manages.push(...offers.map(itemId));
    const nodes = [
      suppliedProduct(listing),
      ...offers.flatMap((offer) => [catalogItem(offer, listing), offered(offer)]),
    ];
    yield nodes.map(node).join('');
  }
  for (const enterprise of enterprises.values()) yield node(enterpriseOf(enterprise));
  yield '\n]}\n';
}
