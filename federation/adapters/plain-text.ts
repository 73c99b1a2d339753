/** Control characters, marks that turn the reading direction round, and characters that nobody sees. */
const unseen = /[\p{Cc}\p{Bidi_Control}\u200b\u2060\ufeff]/gu;
const lineEnds = /\r\n?|[\u2028\u2029]/g;

/**
 * What people see of a text, at most `max` code units, well-formed and NFC. Markup in it stays text: whoever shows it
 * encodes it.
 */
export function plainText(text: string, max: number): string {
  const lines = text
    .slice(0, max * 4)
    .toWellFormed()
    .normalize('NFC')
    .replace(lineEnds, '\n')
    .split('\n');
  const seen = lines.map((line) => line.replace(unseen, ' ').replace(/ {2,}/g, ' ').trim());
  return cut(
    seen
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    max,
  );
}

/** The same of one line. */
export const plainLine = (text: string, max: number): string =>
  cut(plainText(text, max).replaceAll('\n', ' ').replace(/ {2,}/g, ' '), max);

/** Not through the middle of a character. */
const cut = (text: string, max: number): string =>
  text
    .slice(0, max)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();

const breaks = /<\/?(?:br|p|div|li|ul|ol|h[1-6]|tr|table|blockquote)\b[^<>]*>/gi;
const tags = /<\/?[a-z][^<>]*>/gi;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const accents: Readonly<Record<string, string>> = { acute: '\u0301', grave: '\u0300', circ: '\u0302', tilde: '\u0303' };
const references = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z])(acute|grave|circ|tilde)|(amp|lt|gt|quot|apos|nbsp));/gi;

/**
 * The text of a description that a shop keeps as HTML. No parser of HTML: what comes out is text in any case, so a tag
 * that is missed is seen as such, and never run.
 */
export function textOfHtml(html: string, max: number): string {
  const bare = html
    .slice(0, max * 8)
    .replace(breaks, '\n')
    .replace(tags, '');
  return plainText(bare.replace(references, decode), max);
}

function decode(whole: string, ten?: string, hex?: string, letter?: string, accent?: string, name?: string): string {
  if (letter && accent) return letter + (accents[accent.toLowerCase()] ?? '');
  if (name) return named[name.toLowerCase()] ?? whole;
  const point = ten ? Number.parseInt(ten, 10) : Number.parseInt(hex ?? '', 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}
