/**
 * Vietnamese before Unicode: TCVN3 (TCVN 5712:1993, the "ABC" fonts) has one byte a letter, shown here as the Latin-1
 * character that the byte looks like, followed by its letter.
 */
const tcvn3 = new Map(
  [
    '¸áµà¶ả·ã¹ạ¨ă¾ắ»ằ¼ẳ½ẵÆặ©âÊấÇầÈẩÉẫËậ',
    'ÐéÌèÎẻÏẽÑẹªêÕếÒềÓểÔễÖệ',
    'Ýí×ìØỉÜĩÞị',
    'ãóßòáỏâõäọ«ôèốåồæổçỗéộ¬ơíớêờëởìỡîợ',
    'óúïùñủòũôụ\u00adưøứõừöử÷ữùự',
    'ýýúỳûỷüỹþỵ',
    '®đ¡Ă¢Â§Đ£Ê¤Ô¥Ơ¦Ư',
  ].flatMap((pairs) => {
    const letters = [...pairs];
    return letters.flatMap((from, at) => (at % 2 === 0 ? [[from, letters[at + 1] ?? from] as const] : []));
  }),
);

export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1258' | 'tcvn3';

const decoders: Readonly<Record<Encoding, (bytes: Uint8Array) => string>> = {
  'utf-8': (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
  'utf-16le': (bytes) => new TextDecoder('utf-16le', { fatal: true }).decode(bytes),
  'windows-1258': (bytes) => new TextDecoder('windows-1258').decode(bytes).normalize('NFC'),
  tcvn3: (bytes) => [...Buffer.from(bytes).toString('latin1')].map((letter) => tcvn3.get(letter) ?? letter).join(''),
};

const vietnamese = /^\p{L}?[a-zà-ãè-êìíò-õùúýăđĩũơưạ-ỹ]*$/u;
const upper = /^[A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯẠ-Ỹ]+$/u;
const sampleLength = 100_000;

/** Letters of Vietnamese, in small letters or capitals as people write them, with one tone in a syllable at most. */
function isVietnamese(word: string): boolean {
  const isSpelt = vietnamese.test(word) || (upper.test(word) && word === word.toUpperCase());
  return isSpelt && (word.normalize('NFD').match(/[\u0300\u0301\u0303\u0309\u0323]/g)?.length ?? 0) <= 1;
}

/** Share of the words beyond ASCII that could be Vietnamese. */
function shareVietnamese(text: string): number {
  const words = text
    .slice(0, sampleLength)
    .split(/[\s\d!-/:-@[-`{-~]+/)
    .filter((word) => /[^\x20-\x7e]/.test(word));
  const good = words.filter(isVietnamese);
  return words.length === 0 ? 0 : good.length / words.length;
}

const certainShare = 0.95;
const clearBy = 0.2;

/**
 * The text of a table file. UTF-8 proves itself; of the one-byte tables the one is taken that alone makes Vietnamese of
 * the bytes. Undefined when that is not certain: the partner's settings must name the table then.
 */
export function decodeTable(bytes: Uint8Array, declared?: Encoding): string | undefined {
  const named = declared ?? (bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : undefined);
  if (named) return attempt(bytes, named);
  const unicode = attempt(bytes, 'utf-8');
  if (unicode !== undefined) return unicode;
  const [best, second] = (['windows-1258', 'tcvn3'] as const)
    .map((encoding) => decoders[encoding](bytes))
    .map((text) => ({ text, share: shareVietnamese(text) }))
    .sort((a, b) => b.share - a.share);
  return best && best.share >= certainShare && best.share - (second?.share ?? 0) >= clearBy ? best.text : undefined;
}

function attempt(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return decoders[encoding](bytes);
  } catch {
    return undefined;
  }
}
