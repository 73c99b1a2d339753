import { SaxesParser } from 'saxes';
import { PullFailure } from '../../engine/failure.ts';

const maxLocations = 50_000;
const maxDepth = 16;

export type Sitemap = { readonly pages: readonly string[]; readonly sitemaps: readonly string[] };

/** The addresses of a sitemap, or of an index of sitemaps. Throws PullFailure for what is neither. */
export function readSitemap(xml: Buffer): Sitemap {
  const found: { pages: string[]; sitemaps: string[] } = { pages: [], sitemaps: [] };
  const lists = new Map([
    ['urlset/url/loc', found.pages],
    ['sitemapindex/sitemap/loc', found.sitemaps],
  ]);
  const path: string[] = [];
  let text = '';
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('doctype', () => {
    throw new PullFailure('malformed', 'the sitemap declares a document type, as entity bombs do');
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    text = '';
    if (path.length > maxDepth) throw new PullFailure('malformed', 'the sitemap is nested too deep');
  });
  parser.on('text', (piece) => {
    if (text.length < 4_000) text += piece.slice(0, 4_000);
  });
  parser.on('closetag', () => {
    const list = lists.get(path.slice(-3).join('/'));
    if (list && list.push(text.trim()) > maxLocations) {
      throw new PullFailure('too-large', `a sitemap of more than ${maxLocations} addresses`);
    }
    path.pop();
  });
  try {
    parser.write(new TextDecoder('utf-8', { fatal: true }).decode(xml)).close();
  } catch (cause) {
    if (cause instanceof PullFailure) throw cause;
    throw new PullFailure('malformed', 'the sitemap is no well-formed XML', { cause });
  }
  return found;
}
