import type { Normalised, PartnerEndpoint, SourceRecord } from '../adapter.ts';
import { rejected } from '../seal.ts';
import { readSettings } from '../shop-settings.ts';
import { type Dialect, normaliseVariants } from '../shops/variants.ts';
import { manifest } from './manifest.ts';
import { checkSettings } from './settings.ts';

export const dialect: Dialect = {
  title: 'name',
  slug: 'alias',
  html: 'content',
  changed: 'modified_on',
  published: 'published_on',
  category: 'product_type',
  utcOffset: manifest.clock.zone,
};

export function normalise({ body }: SourceRecord, partner: PartnerEndpoint): Normalised {
  const settings = readSettings(checkSettings, partner);
  if (!settings) return rejected('invalid-settings', 'the settings of the partner');
  return normaliseVariants(body, partner, settings, dialect);
}
