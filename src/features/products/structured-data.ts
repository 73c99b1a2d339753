import { localDate } from '#core/clock.ts';
import type { BusinessDetail } from '#features/businesses/index.ts';
import type { CarePolicy } from '#features/care/types.ts';
import { assetUrl } from '#web/assets.ts';
import { kindName } from '#web/parts/stars.ts';
import type { View } from '#web/view.ts';
import type { CertificateOfProduct, ProductDetail, VariantView } from './views.ts';

type Facts = {
  readonly product: ProductDetail;
  readonly business: BusinessDetail;
  readonly reviews: { readonly rating: { readonly average: number | null; readonly count: number } };
};

/** A household's code is a person's number (12 digits); a company's has 10 or 13 and is public. */
const isCompanyCode = (taxCode: string): boolean => /^\d{10}(\d{3})?$/.test(taxCode);

/**
 * What search engines read of a product, by schema.org in the form of Google's merchant listings, with the certificate
 * behind the stars. `test/web/schema-org.ts` holds the members that exist; a name that schema.org has not is a red test.
 */
export function productData(view: View, facts: Facts): unknown {
  const { product, reviews } = facts;
  const { site, link, either } = view;
  const verified = product.certificates.filter(({ status }) => status === 'verified');
  const { average, count } = reviews.rating;
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    productID: product.productId,
    name: either(product.name, product.nameEn),
    ...(product.descriptionVi && { description: either(product.descriptionVi, product.descriptionEn) }),
    image: [new URL(product.image.src, site.publicUrl).href],
    sku: product.sku,
    ...(product.gtin && { gtin: product.gtin }),
    category: product.category.name,
    ...makerData(view, facts),
    url: site.publicUrl + link(`/san-pham/${product.slug}`),
    ...(product.netWeightG > 0 && {
      weight: { '@type': 'QuantitativeValue', value: product.netWeightG, unitCode: 'GRM' },
    }),
    ...(verified.length > 0 && { hasCertification: verified.map((one) => certificateData(view, one)) }),
    ...(average !== null && {
      aggregateRating: {
        '@type': 'AggregateRating',
        ratingValue: average,
        reviewCount: count,
        bestRating: 5,
        worstRating: 1,
      },
    }),
    offers: product.variants.map((variant) => offerData(view, facts, variant)),
  };
}

const makerData = ({ site, link }: View, { business }: Facts): object => ({
  brand: { '@type': 'Brand', name: business.name },
  manufacturer: {
    '@type': 'Organization',
    identifier: business.businessId,
    name: business.name,
    url: site.publicUrl + link(`/co-so/${business.slug}`),
    ...(business.taxCode && isCompanyCode(business.taxCode) && { taxID: business.taxCode }),
    ...(business.ward && {
      address: { '@type': 'PostalAddress', addressLocality: business.ward.name, addressCountry: 'VN' },
    }),
  },
});

const certificateData = (view: View, certificate: CertificateOfProduct): object => ({
  '@type': 'Certification',
  name: certificate.star === null ? kindName(view, certificate.kind) : `OCOP ${certificate.star} sao`,
  certificationIdentification: certificate.decisionNumber,
  ...(certificate.star !== null && {
    certificationRating: { '@type': 'Rating', ratingValue: certificate.star, bestRating: 5, worstRating: 3 },
  }),
  issuedBy: { '@type': 'Organization', name: certificate.issuer },
  validFrom: certificate.issuedOn,
  // The first day on which it holds no longer.
  ...(certificate.validUntil && { expires: localDate(new Date(certificate.validUntil)) }),
  url: view.site.publicUrl + view.link(`/chung-nhan/${certificate.code}`),
});

function offerData({ site, link }: View, { product, business }: Facts, variant: VariantView): object {
  const { priceVnd, compareAtVnd, minOrder, maxOrder } = variant;
  const available = product.business.holidayUntil === null ? Math.max(0, variant.available) : 0;
  return {
    '@type': 'Offer',
    sku: variant.sku,
    name: variant.label,
    price: priceVnd,
    priceCurrency: 'VND',
    ...(compareAtVnd !== null &&
      compareAtVnd > priceVnd && {
        priceSpecification: {
          '@type': 'UnitPriceSpecification',
          priceType: 'https://schema.org/StrikethroughPrice',
          price: compareAtVnd,
          priceCurrency: 'VND',
        },
      }),
    availability: `https://schema.org/${available >= minOrder ? 'InStock' : 'OutOfStock'}`,
    inventoryLevel: { '@type': 'QuantitativeValue', value: available },
    eligibleQuantity: { '@type': 'QuantitativeValue', minValue: minOrder, maxValue: maxOrder, unitText: product.unit },
    itemCondition: 'https://schema.org/NewCondition',
    url: product.partner?.landingUrl ?? site.publicUrl + link(`/san-pham/${product.slug}`),
    seller: { '@type': 'Organization', name: product.partner?.name ?? business.name },
  };
}

/** Of the exchange itself, with the terms by which returns are judged today. */
export const exchangeData = (view: View, { returnDays }: Pick<CarePolicy, 'returnDays'>): readonly unknown[] => {
  const { site, link, t } = view;
  const home = site.publicUrl + link('/');
  const returns = {
    '@type': 'MerchantReturnPolicy',
    applicableCountry: 'VN',
    returnPolicyCategory: 'https://schema.org/MerchantReturnFiniteReturnWindow',
    merchantReturnDays: returnDays,
    merchantReturnLink: site.publicUrl + link('/chinh-sach-doi-tra'),
    returnMethod: 'https://schema.org/ReturnByMail',
    refundType: 'https://schema.org/FullRefund',
    customerRemorseReturnFees: 'https://schema.org/ReturnFeesCustomerResponsibility',
  };
  return [
    {
      '@context': 'https://schema.org',
      '@type': 'OnlineStore',
      name: 'Chợ Nổi',
      description: t('home.description'),
      url: home,
      logo: site.publicUrl + assetUrl('logo.svg'),
      areaServed: 'VN',
      hasMerchantReturnPolicy: returns,
    },
    {
      '@context': 'https://schema.org',
      '@type': 'WebSite',
      name: 'Chợ Nổi',
      url: home,
      inLanguage: view.locale,
      potentialAction: {
        '@type': 'SearchAction',
        target: `${site.publicUrl}${link('/tim-kiem')}?q={q}`,
        'query-input': 'required name=q',
      },
    },
  ];
};
