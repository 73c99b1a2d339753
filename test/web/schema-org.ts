/**
 * The types of schema.org that our pages use, with the members that each has there, its own and inherited. Copied from
 * the types of schema-dts 2.1.0, which are made from schema.org's own vocabulary; a member that is not named here does
 * not exist, as `validThrough` of a Certification did not.
 */
const thing = ['name', 'description', 'url', 'image', 'identifier', 'sameAs'];
const organization = [
  ...thing,
  'address',
  'areaServed',
  'foundingDate',
  'hasMerchantReturnPolicy',
  'legalName',
  'logo',
  'taxID',
  'telephone',
];

const members: Readonly<Record<string, readonly string[]>> = {
  AggregateRating: ['ratingValue', 'reviewCount', 'bestRating', 'worstRating'],
  Brand: thing,
  BreadcrumbList: ['itemListElement'],
  Certification: [
    ...thing,
    'certificationIdentification',
    'certificationRating',
    'certificationStatus',
    'expires',
    'issuedBy',
    'validFrom',
  ],
  GeoCoordinates: ['latitude', 'longitude'],
  ListItem: ['position', 'name', 'item'],
  LocalBusiness: [...organization, 'geo'],
  MerchantReturnPolicy: [
    'applicableCountry',
    'customerRemorseReturnFees',
    'merchantReturnDays',
    'merchantReturnLink',
    'refundType',
    'returnMethod',
    'returnPolicyCategory',
  ],
  Offer: [
    ...thing,
    'sku',
    'price',
    'priceCurrency',
    'priceSpecification',
    'availability',
    'inventoryLevel',
    'eligibleQuantity',
    'itemCondition',
    'seller',
  ],
  OnlineStore: organization,
  Organization: organization,
  PostalAddress: ['streetAddress', 'addressLocality', 'addressRegion', 'addressCountry'],
  Product: [
    ...thing,
    'productID',
    'sku',
    'gtin',
    'category',
    'brand',
    'manufacturer',
    'weight',
    'hasCertification',
    'aggregateRating',
    'offers',
  ],
  QuantitativeValue: ['value', 'unitCode', 'unitText', 'minValue', 'maxValue'],
  Rating: ['ratingValue', 'bestRating', 'worstRating'],
  // `query-input` is Google's, in the form that schema.org gives to inputs of actions.
  SearchAction: ['target', 'query-input'],
  UnitPriceSpecification: ['priceType', 'price', 'priceCurrency'],
  WebSite: [...thing, 'inLanguage', 'potentialAction'],
};

/** What search engines refuse a thing without. Of products and offers: Google's merchant listings. */
const required: Readonly<Record<string, readonly string[]>> = {
  BreadcrumbList: ['itemListElement'],
  Certification: ['name', 'issuedBy'],
  ListItem: ['position', 'name', 'item'],
  LocalBusiness: ['name', 'address'],
  MerchantReturnPolicy: ['applicableCountry', 'returnPolicyCategory', 'merchantReturnDays'],
  Offer: ['price', 'priceCurrency', 'availability'],
  Organization: ['name'],
  Product: ['name', 'image', 'offers'],
};

/** Names of schema.org's lists stand as whole addresses: these are the ones that we use. */
const values = new Set(
  [
    'InStock',
    'OutOfStock',
    'NewCondition',
    'StrikethroughPrice',
    'MerchantReturnFiniteReturnWindow',
    'ReturnByMail',
    'FullRefund',
    'ReturnFeesCustomerResponsibility',
  ].map((name) => `https://schema.org/${name}`),
);

const isThing = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function faultsOfText(text: string, path: string): string[] {
  if (text === '') return [`${path} is empty`];
  return text.startsWith('https://schema.org/') && !values.has(text) ? [`${path}: ${text} does not exist`] : [];
}

function faultsOfThing(thing: Record<string, unknown>, path: string, isRoot: boolean): string[] {
  const type = String(thing['@type'] ?? '');
  const known = members[type];
  if (!known) return [`${path}: no type ${type}`];
  const context = isRoot && thing['@context'] !== 'https://schema.org' ? [`${path} has no context`] : [];
  const missing = (required[type] ?? [])
    .filter((name) => thing[name] === undefined)
    .map((name) => `${path}.${name} is missing`);
  const inner = Object.entries(thing)
    .filter(([name]) => name !== '@type' && name !== '@context')
    .flatMap(([name, value]) =>
      known.includes(name) ? faultsOf(value, `${path}.${name}`) : [`${path}.${name} is no member of ${type}`],
    );
  return [...context, ...missing, ...inner];
}

function faultsOf(value: unknown, path: string, isRoot = false): string[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => faultsOf(one, `${path}[${index}]`, isRoot));
  if (isThing(value)) return faultsOfThing(value, path, isRoot);
  if (typeof value === 'string') return faultsOfText(value, path);
  return value === null || value === undefined ? [`${path} is empty`] : [];
}

const scripts = /<script type="application\/ld\+json">(.*?)<\/script>/gs;

/** The structured data of a page. */
export const structuredData = (html: string): readonly Record<string, unknown>[] =>
  [...html.matchAll(scripts)].map(([, json = '']) => JSON.parse(json) as Record<string, unknown>);

/** What is wrong with the structured data of a page. */
export const schemaFaults = (html: string): readonly string[] =>
  structuredData(html).flatMap((one) => faultsOf(one, String(one['@type']), true));
