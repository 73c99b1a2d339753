import { type Dialect, normaliserOf } from '../shops/variants.ts';
import { manifest } from './manifest.ts';
import { checkSettings } from './settings.ts';

export const dialect: Dialect = {
  title: 'title',
  slug: 'handle',
  html: 'body_html',
  changed: 'updated_at',
  published: 'published_at',
  category: 'product_type',
  utcOffset: manifest.clock.zone,
};

export const normalise = normaliserOf(checkSettings, dialect);
