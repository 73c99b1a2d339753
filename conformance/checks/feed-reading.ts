import { checksOf, type Profile, some } from '../kit/check.ts';
import { readTable, readXml, textOf } from '../kit/feed-files.ts';
import type { Session } from '../kit/session.ts';

const profiles: readonly Profile[] = ['feed'];
export const check = checksOf({ name: 'feed', profiles, spec: 'README: Without our protocol' });

export type Feed = keyof Session['feeds'];
export const feeds: readonly Feed[] = ['google', 'table', 'sitemap'];
export const names: Readonly<Record<Feed, string>> = { google: 'Google Merchant', table: 'CSV', sitemap: 'sitemap' };
export const types: Readonly<Record<Feed, RegExp>> = {
  google: /^(?:application|text)\/(?:rss\+|atom\+)?xml\b/,
  table: /^text\/csv\b/,
  sitemap: /^(?:application|text)\/xml\b/,
};

export const textIn = async (t: Session, feed: Feed): Promise<string> => textOf(await t.file(t.feeds[feed]));
export const google = (t: Session) => t.once('read google', async () => readXml(await textIn(t, 'google')));
export const table = (t: Session) => t.once('read table', async () => readTable(await textIn(t, 'table')));
export const sitemap = (t: Session) => t.once('read sitemap', async () => readXml(await textIn(t, 'sitemap')));
export const items = async (t: Session) => some((await google(t)).items, 'item');
export const rows = async (t: Session) => some(await table(t), 'row');
export const pages = async (t: Session) => some((await sitemap(t)).items, 'address');

export const isAtHome = (t: Session, url: string | undefined): boolean => URL.parse(url ?? '')?.host === t.target.host;
