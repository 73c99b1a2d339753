import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { PullFailure } from '../../engine/failure.ts';
import { FIELDS, type Field, type Goods, maxFieldLength } from '../goods/goods.ts';

/** Product feeds are five deep. */
const maxDepth = 32;
/** Bytes between two tags: more is a text that no field can hold, and it would be held in memory. */
const maxTextBytes = 4 * 1_048_576;

const fields: ReadonlySet<string> = new Set(FIELDS);
/** What RSS and Atom say themselves, for feeds that give it no `g:` name. */
const plainNames: Readonly<Record<string, Field>> = { summary: 'description', content: 'description' };

type Item = { readonly values: Map<Field, { text: string; isNamed: boolean }> };

/** Whose text is wanted, and how deep it lies. */
type Open = { readonly field: Field; readonly isNamed: boolean; text: string };

/** Reads RSS 2.0 and Atom as they come, one item at a time. Throws PullFailure for what is no well-formed feed. */
export async function* readXml(chunks: AsyncIterable<Buffer>): AsyncGenerator<Goods> {
  const reader = createReader();
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderOf(chunk);
    yield* reader.write(attempt(() => decoder?.decode(chunk, { stream: true }) ?? ''));
  }
  yield* reader.end();
}

const attempt = <T>(work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof PullFailure) throw cause;
    const reason = cause instanceof Error ? cause.message : '';
    throw new PullFailure('malformed', `no well-formed XML: ${reason.slice(0, 200)}`, { cause });
  }
};

/** By the byte order mark, else by the XML declaration, else UTF-8. */
function decoderOf(first: Buffer): InstanceType<typeof TextDecoder> {
  if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff)) {
    return new TextDecoder(first[0] === 0xff ? 'utf-16le' : 'utf-16be', { fatal: true });
  }
  const declared = /^\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(
    first.subarray(0, 300).toString('latin1'),
  )?.[1];
  return attempt(() => new TextDecoder(declared ?? 'utf-8', { fatal: true }));
}

function createReader() {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const ready: Goods[] = [];
  let item: Item | undefined;
  let open: Open | undefined;
  let [depth, itemDepth, sinceTag] = [0, 0, 0];
  let isFeed = false;

  parser.on('doctype', () => {
    throw new PullFailure('malformed', 'declares a document type, as entity bombs do');
  });
  parser.on('opentag', (tag: SaxesTagPlain) => {
    sinceTag = 0;
    depth += 1;
    if (depth > maxDepth) throw new PullFailure('malformed', `nested deeper than ${maxDepth}`);
    if (depth === 1) isFeed = /^(?:rss|feed|rdf:RDF)$/.test(tag.name);
    if (!item && (tag.name === 'item' || tag.name === 'entry')) {
      item = { values: new Map() };
      itemDepth = depth;
    } else if (item && depth === itemDepth + 1) {
      open = openField(tag, item);
    }
  });
  const onText = (text: string): void => {
    sinceTag = 0;
    if (open && depth === itemDepth + 1 && open.text.length < maxFieldLength)
      open.text += text.slice(0, maxFieldLength);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    sinceTag = 0;
    if (item && depth === itemDepth + 1 && open) {
      keep(item, open);
      open = undefined;
    } else if (item && depth === itemDepth) {
      ready.push(Object.fromEntries([...item.values].map(([field, { text }]) => [field, text])));
      item = undefined;
    }
    depth -= 1;
  });

  const take = (): Goods[] => ready.splice(0);
  return {
    write: (text: string): Goods[] => {
      sinceTag += text.length;
      attempt(() => parser.write(text));
      if (sinceTag > maxTextBytes) throw new PullFailure('too-large', `a text of more than ${maxTextBytes} bytes`);
      return take();
    },
    end: (): Goods[] => {
      attempt(() => parser.close());
      if (!isFeed) throw new PullFailure('malformed', 'the document is no RSS or Atom');
      return take();
    },
  };
}

/** `g:price`, or `price` of a feed without prefixes; the name of the prefix is the feed's own affair. */
function openField({ name, attributes }: SaxesTagPlain, item: Item): Open | undefined {
  const [prefix, local] = name.includes(':') ? name.split(':', 2) : ['', name];
  const known = local && fields.has(local) ? (local as Field) : undefined;
  const field = known ?? (prefix ? undefined : plainNames[local ?? '']);
  if (!field) return undefined;
  const isNamed = prefix !== '';
  // Atom's link has its address in an attribute, and may lead elsewhere than to the page.
  const href = attributes.href;
  if (field === 'link' && href && (attributes.rel ?? 'alternate') === 'alternate') {
    keep(item, { field, isNamed, text: href });
    return undefined;
  }
  return { field, isNamed, text: '' };
}

/** The `g:` name wins over the plain one; the first of several wins, and pictures are gathered. */
function keep({ values }: Item, { field, isNamed, text }: Open): void {
  const trimmed = text.trim();
  const before = values.get(field);
  if (!trimmed) return;
  if (field === 'additional_image_link' && before) before.text = `${before.text}\n${trimmed}`.slice(0, maxFieldLength);
  else if (!before || (isNamed && !before.isNamed)) values.set(field, { text: trimmed, isNamed });
}
