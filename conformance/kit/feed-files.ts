import { gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { Failure, must } from './check.ts';
import type { Answer } from './wire.ts';

/** One thing for sale as a feed tells it, by the names of Google's specification. */
export type Goods = Readonly<Record<string, string>>;

export function textOf({ status, headers, body }: Answer): string {
  must(status === 200, 'status 200', `${status} ${body.toString('utf8', 0, 300)}`);
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('UTF-8', bytes.toString('latin1', 0, 200));
  }
}

export type XmlFile = {
  readonly root: string;
  readonly spaces: readonly string[];
  readonly hasDoctype: boolean;
  readonly items: readonly Goods[];
};

/** Reads RSS, Atom or a sitemap: the children of each `item`, `entry` or `url`, without their prefixes. */
export function readXml(text: string): XmlFile {
  const parser = new SaxesParser({ xmlns: true });
  const path: string[] = [];
  const items: Record<string, string>[] = [];
  let [root, hasDoctype, words] = ['', false, ''];
  const spaces = new Set<string>();
  let item: Record<string, string> | undefined;
  parser.on('doctype', () => {
    hasDoctype = true;
  });
  parser.on('opentag', ({ local, uri }) => {
    root ||= local;
    spaces.add(uri);
    path.push(local);
    words = '';
    if (['item', 'entry', 'url'].includes(local)) item = {};
  });
  parser.on('text', (part) => {
    words += part;
  });
  parser.on('cdata', (part) => {
    words += part;
  });
  parser.on('closetag', ({ local }) => {
    path.pop();
    if (item && ['item', 'entry', 'url'].includes(local)) {
      items.push(item);
      item = undefined;
    } else if (item) item[local] ??= words.trim();
  });
  parser.on('error', (error) => {
    throw new Failure('well-formed XML', error.message);
  });
  parser.write(text).close();
  return { root, spaces: [...spaces], hasDoctype, items };
}

/** RFC 4180. Throws Failure when a quote is left open or stands inside a bare cell. */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const body = text.replace(/^\ufeff/, '');
  for (let at = 0; at < body.length; at = cell.lastIndex) {
    cell.lastIndex = at;
    const [, quoted, bare, end] = cell.exec(body) ?? [];
    must(end !== undefined, 'cells as RFC 4180 writes them', body.slice(at, at + 80));
    row.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}

export function readTable(text: string): readonly Goods[] {
  const [head = [], ...rows] = readCsv(text);
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
}

/** What a page says by JSON-LD, flattened. */
export function readJsonLd(html: string): readonly Record<string, unknown>[] {
  const scripts = html.matchAll(/<script[^>]*type="application\/ld\+json"[^>]*>([\s\S]*?)<\/script>/g);
  return [...scripts].flatMap(([, text = '']) => {
    try {
      const said: unknown = JSON.parse(text);
      return [Object(said)['@graph'] ?? said].flat();
    } catch {
      throw new Failure('JSON in the script application/ld+json', text.slice(0, 200));
    }
  });
}
