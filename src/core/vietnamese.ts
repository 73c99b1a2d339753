/** NFC, without the invisible characters that keyboards and web pages leave behind. What we store and compare. */
export const clean = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, '')
    .replace(/\s+/gu, ' ')
    .trim();

/**
 * Lower case without diacritics: `Bánh Pía` → `banh pia`. đ and its look-alike ð do not decompose, so they are named.
 * Only Latin marks go: Khmer vowels are marks too, and a Khmer word without them is another word.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .replace(/[đĐðÐ]/g, 'd')
    .toLowerCase()
    .normalize('NFC');

/** `Bánh pía Vũng Thơm` → `banh-pia-vung-thom`; empty when nothing Latin is left (Khmer, Han), and the caller adds an id. */
export const slugify = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/**
 * The words of a text, lower case and NFC, in order. A run of Khmer or Han, which write no spaces, is one word.
 * The English possessive is dropped: nobody looks for the `s` of `bird's`.
 */
export const words = (text: string): readonly string[] =>
  clean(text)
    .toLowerCase()
    .replace(/(\p{L})['’]s(?!\p{L})/gu, '$1')
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/**
 * A spelling that keeps every accent but not where the tone mark stands: the tone moves to the end, so that `hòa` and
 * `hoà` are equal while `dừa`, `dứa` and `dưa` are not. `word` is lower case; a word without accents stays as it is.
 */
export function accentKey(word: string): string {
  if (/^[\x20-\x7e]*$/.test(word)) return word;
  const tones: string[] = [];
  const letters = word
    .normalize('NFD')
    .replace(/[\u0300\u0301\u0303\u0309\u0323]/g, (tone) => {
      tones.push(tone);
      return '';
    })
    .replace(/ð/g, 'đ');
  return letters + tones.join('');
}

/** Whether hỏi and ngã, which southern speech does not tell apart, are the only difference of two accent keys. */
export const sameButForHoiNga = (a: string, b: string): boolean =>
  a.replace('\u0303', '\u0309') === b.replace('\u0303', '\u0309');

const onset = '(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?';
const nucleus =
  '(?:uye|uya|uyu|oai|oay|oao|oeo|uay|uoi|uou|ieu|yeu|iu|ia|ie|ye|ua|uo|uu|ui|uy|ue|oa|oe|oi|ai|ao|au|ay|eo|eu|[aeiouy])';
const coda = '(?:ch|ng|nh|[cmnpt])?';
const syllable = new RegExp(`^${onset}${nucleus}${coda}$`);

/** Whether folded text could be one Vietnamese syllable: `banh`, `nghieng`, but not `banhs` or `cake`. */
export const isSyllable = (folded: string): boolean => syllable.test(folded);

const telexTones: Readonly<Record<string, string>> = {
  s: '\u0301',
  f: '\u0300',
  r: '\u0309',
  x: '\u0303',
  j: '\u0323',
  z: '',
};
const vniTones = ['', '\u0301', '\u0300', '\u0309', '\u0303', '\u0323'];
const hat = '\u0302';
const breve = '\u0306';
const horn = '\u031b';
type Letter = { base: string; mark: string };

const lastUnmarked = (letters: readonly Letter[], bases: string): Letter | undefined =>
  letters.findLast(({ base, mark }) => mark === '' && bases.includes(base));

/** Telex `w` and VNI `7`: ư, ơ, or both horns of ươ; `w` also makes ă, and alone it is ư. */
function addHorn(letters: Letter[], bases: string): boolean {
  const vowel = lastUnmarked(letters, bases);
  if (!vowel) return false;
  const before = letters[letters.indexOf(vowel) - 1];
  // `muaw` is mưa but `quaw` is quă: after q the u belongs to the onset.
  const beforeThat = letters[letters.indexOf(vowel) - 2]?.base;
  if (before?.base === 'u' && before.mark === '' && beforeThat !== 'q') {
    before.mark = horn;
    if (vowel.base === 'o') vowel.mark = horn;
  } else vowel.mark = vowel.base === 'a' ? breve : horn;
  return true;
}

/** Applies one Telex key to the letters so far; false when the key is an ordinary letter here. */
function pressTelex(letters: Letter[], key: string): boolean {
  if (key === 'w') {
    if (!addHorn(letters, 'uoa')) letters.push({ base: 'u', mark: horn });
    return true;
  }
  const twin = key === 'd' ? letters[0] : letters.find(({ base, mark }) => base === key && mark === '');
  if (!twin || twin.base !== key || !'aeod'.includes(key)) return false;
  if (key === 'd' && twin.mark !== '') return false;
  twin.mark = key === 'd' ? 'đ' : hat;
  return true;
}

/** Applies one VNI digit; false when it marks nothing, as in `st25`. */
function pressVni(letters: Letter[], digit: number): boolean {
  if (digit === 6) return mark(lastUnmarked(letters, 'aeo'), hat);
  if (digit === 7) return addHorn(letters, 'uo');
  if (digit === 8) return mark(lastUnmarked(letters, 'a'), breve);
  return digit === 9 && letters[0]?.base === 'd' && mark(letters[0], 'đ');
}

function mark(letter: Letter | undefined, with_: string): boolean {
  if (letter) letter.mark = with_;
  return letter !== undefined;
}

const spell = (letters: readonly Letter[], tone: string): string =>
  letters.map((letter) => (letter.mark === 'đ' ? 'đ' : letter.base + letter.mark)).join('') + tone;

type Typed = { readonly letters: readonly Letter[]; readonly tone: string };

/** The tone that a key means once a vowel stands before it; empty for the key that takes tones away. */
const toneOf = (key: string, letters: readonly Letter[]): string | undefined =>
  letters.some(({ base }) => 'aeiouy'.includes(base)) ? (telexTones[key] ?? vniTones[Number(key)]) : undefined;

function replay(token: string): Typed | undefined {
  const letters: Letter[] = [];
  let tone = '';
  for (const key of token) {
    const isDigit = key >= '0' && key <= '9';
    const newTone = toneOf(key, letters);
    if (newTone !== undefined) tone = newTone;
    else if (isDigit && !pressVni(letters, Number(key))) return undefined;
    else if (!isDigit && !pressTelex(letters, key)) letters.push({ base: key, mark: '' });
  }
  return { letters, tone };
}

/** `bánhs`: the driver made the accent, and the key that asks for it stayed as well. */
function withoutTrailingKey(token: string): string | undefined {
  const rest = token.slice(0, -1);
  return /[sfrxjz]$/.test(token) && !isSyllable(fold(token)) && isSyllable(fold(rest)) ? accentKey(rest) : undefined;
}

/**
 * The syllable that a keyboard without its Vietnamese driver left as keystrokes, as an accent key: `xuowngr` and
 * `xu7o7ng3` both give `xưởng`. Undefined when `token` (lower case) is a syllable already, or no keystrokes
 * make one; a syllable that ends in c, ch, p or t can bear only sắc or nặng, which rules out many English words.
 */
export function decodeKeystrokes(token: string): string | undefined {
  if (token.length > 12 || isSyllable(token)) return undefined;
  if (!/^[a-z][a-z0-9]*$/.test(token)) return withoutTrailingKey(token);
  const typed = replay(token);
  if (!typed) return undefined;
  const folded = typed.letters.map(({ base }) => base).join('');
  const stopped = /[cpt]$|ch$/.test(folded);
  const checked = typed.tone === '\u0301' || typed.tone === '\u0323';
  if (!isSyllable(folded) || (stopped && !checked)) return undefined;
  return accentKey(spell(typed.letters, typed.tone).normalize('NFC'));
}

const onsetSounds: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(?:gi(?=[aeouy])|r|v)/, 'd'],
  [/^gi/, 'di'],
  [/^tr/, 'ch'],
  [/^s/, 'x'],
  [/^ngh/, 'ng'],
  [/^gh/, 'g'],
  [/^k(?!h)/, 'c'],
  [/^qu/, 'cu'],
  [/^l/, 'n'],
  [/^p(?!h)/, 'b'],
  [/^f/, 'ph'],
];

/**
 * What a folded syllable sounds like once the pairs that Vietnamese spellers confuse are one: s/x, ch/tr, d/gi/r/v, l/n,
 * i/y, and the finals n/ng/nh and t/c/ch that the south merges. `chau` for `trau`, `rien` for `rieng`, `xao` for `sao`.
 * Coarser than spelling on purpose: it finds candidates, which are then ranked by how they are written.
 */
export function soundOf(folded: string): string {
  if (!isSyllable(folded)) return /\d/.test(folded) ? folded.replace(/s/g, 'x') : folded;
  let sound = folded;
  for (const [pattern, with_] of onsetSounds) {
    if (!pattern.test(sound)) continue;
    sound = sound.replace(pattern, with_);
    break;
  }
  return sound
    .replace(/y/g, 'i')
    .replace(/ie/g, 'i')
    .replace(/uo/g, 'u')
    .replace(/uu/g, 'iu')
    .replace(/(?:ng|nh)$/, 'n')
    .replace(/(?:t|ch)$/, 'c');
}
