import { type Dialect, normaliserOf } from '../shops/variants.ts';
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

export const normalise = normaliserOf(checkSettings, dialect);
