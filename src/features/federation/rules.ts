import { fold } from '#core/vietnamese.ts';

/** What is known of a listing that may be the same good on another exchange. */
export type Good = {
  readonly productId: string;
  /** Null for our own. */
  readonly partnerKey: string | null;
  readonly name: string;
  readonly unit: string;
  readonly gtin: string | null;
  readonly taxCode: string | null;
  /** 0 when nobody said. */
  readonly netWeightG: number;
  readonly decisionNumber: string | null;
};
/** `gtin` and `name` are the same good; `decision` is one that a person must look at. */
export const TWIN_BASES = ['gtin', 'name', 'decision'] as const;
export type TwinBasis = (typeof TWIN_BASES)[number];
export const TWIN_VERDICTS = ['same', 'different'] as const;
export type TwinVerdict = (typeof TWIN_VERDICTS)[number];
/** Ids in their order, so that a pair has one name. */
export type Twin = { readonly one: string; readonly other: string; readonly basis: TwinBasis };

/** Sizes by which Vietnamese shops name a pack, without tone marks. */
const sizes = /(\d+(?:[.,]\d+)?)\s*(kg|gram|gr|g|ml|lit|l)(?![a-z0-9])/g;
const packWords = 'goi|hop|chai|hu|tui|cai|banh|lon|bich|vi|mieng|thanh';
const packs = [
  new RegExp(`(?<![a-z0-9])(?:loc|thung|combo|set|ket)\\s*(\\d{1,3})(?![a-z0-9])(?:\\s*(?:${packWords})(?![a-z]))?`),
  new RegExp(`(?<![a-z0-9])(\\d{1,3})\\s*(?:${packWords})(?![a-z])`),
  /(?<![a-z0-9])x\s*(\d{1,3})(?![a-z0-9])/,
];

const grams = (value: string, unit: string): number =>
  Math.round(Number(value.replace(',', '.')) * (unit === 'kg' || unit === 'l' || unit === 'lit' ? 1000 : 1));

/** How many are sold as one: six of a `lốc 6`. The classic false match is the six-pack with the twelve-pack. */
export function packOf(text: string): number {
  const folded = fold(text);
  const found = packs.map((pattern) => pattern.exec(folded)?.[1]).find((count) => count !== undefined);
  return Math.max(1, Number(found ?? 1));
}

/** Grams or millilitres of one, as the listing states them, else as its name does; 0 when neither says. */
export function contentOf({ netWeightG, name }: Pick<Good, 'netWeightG' | 'name'>): number {
  if (netWeightG > 0) return netWeightG;
  const [size] = fold(name).matchAll(sizes);
  return size?.[1] && size[2] ? grams(size[1], size[2]) : 0;
}

/** The name without tone marks, sizes and packs, which are compared by themselves. */
export function nameKeyOf(name: string): string {
  const bare = packs.reduce((text, pattern) => text.replace(pattern, ' '), fold(name).replace(sizes, ' '));
  return bare.match(/[\p{L}\p{M}\p{N}]+/gu)?.join(' ') ?? '';
}

/**
 * The number as 14 digits when it names a trade item of the world; undefined when its check digit is wrong or its prefix
 * is for use within one company (02, 04, 2x: two shops may print the same one on different goods).
 */
export function gtinOf(gtin: string | null): string | undefined {
  if (!gtin || !/^(?:\d{8}|\d{12,14})$/.test(gtin)) return undefined;
  const padded = gtin.padStart(14, '0');
  const sum = [...padded.slice(0, 13)].reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  if ((10 - (sum % 10)) % 10 !== Number(padded[13])) return undefined;
  const isRestricted = gtin.length === 8 ? /^[02]/.test(gtin) : /^(?:0[24]|2)/.test(padded.slice(1));
  return isRestricted ? undefined : padded;
}

/** A branch has three digits more than its company. */
const companyOf = (taxCode: string | null): string | undefined => /^(\d{10})(?:-?\d{3})?$/.exec(taxCode ?? '')?.[1];

type Keyed = {
  readonly good: Good;
  readonly pack: number;
  readonly content: number;
  readonly keys: readonly (readonly [TwinBasis, string])[];
};

function keyed(good: Good): Keyed {
  // Each by itself: the last number of a name is no count of what the unit says.
  const pack = Math.max(packOf(good.name), packOf(good.unit));
  const [content, name] = [contentOf(good), nameKeyOf(good.name)];
  const [gtin, company] = [gtinOf(good.gtin), companyOf(good.taxCode)];
  const decision = good.decisionNumber ? fold(good.decisionNumber).replace(/\s+/g, '') : '';
  const keys: (readonly [TwinBasis, string])[] = [];
  if (gtin) keys.push(['gtin', `gtin ${gtin}`]);
  if (company && name && content > 0) keys.push(['name', `name ${company} ${name} ${content}`]);
  if (decision && name) keys.push(['decision', `decision ${decision} ${name}`]);
  return { good, pack, content, keys };
}

/** One key shared by more than this is no name of a good but a slip. */
const mostTogether = 40;

const mayBeOne = (a: Keyed, b: Keyed): boolean =>
  a.good.partnerKey !== b.good.partnerKey &&
  a.pack === b.pack &&
  (a.content === 0 || b.content === 0 || a.content === b.content);

/** Pairs of listings of different exchanges that are one good, or may be: each once, by its strongest ground. */
export function twinsOf(goods: readonly Good[]): readonly Twin[] {
  const together = new Map<string, { readonly basis: TwinBasis; readonly members: Keyed[] }>();
  for (const one of goods.map(keyed)) {
    for (const [basis, key] of one.keys) {
      const held = together.get(key) ?? { basis, members: [] };
      held.members.push(one);
      together.set(key, held);
    }
  }
  const twins = new Map<string, Twin>();
  for (const basis of TWIN_BASES) {
    for (const { members } of [...together.values()].filter((held) => held.basis === basis)) {
      if (members.length <= mostTogether) pair(members, basis, twins);
    }
  }
  return [...twins.values()];
}

function pair(members: readonly Keyed[], basis: TwinBasis, twins: Map<string, Twin>): void {
  for (const [at, a] of members.entries()) {
    for (const b of members.slice(at + 1)) {
      const [one = '', other = ''] = [a.good.productId, b.good.productId].sort();
      const name = twinName({ one, other });
      if (mayBeOne(a, b) && !twins.has(name)) twins.set(name, { one, other, basis });
    }
  }
}

export const twinName = ({ one, other }: Pick<Twin, 'one' | 'other'>): string => `${one} ${other}`;

/**
 * Which listings are grouped as one good: what is sure and what an officer called the same, without what an officer called
 * different. Rows are never merged; a group is only told.
 */
export function groupsOf(
  twins: readonly Twin[],
  verdicts: ReadonlyMap<string, TwinVerdict>,
): readonly (readonly string[])[] {
  const sure = twins.filter((twin) => {
    const verdict = verdicts.get(twinName(twin));
    return verdict ? verdict === 'same' : twin.basis !== 'decision';
  });
  const groupOf = new Map<string, Set<string>>();
  for (const { one, other } of sure) {
    const [a, b] = [groupOf.get(one) ?? new Set([one]), groupOf.get(other) ?? new Set([other])];
    const joined = new Set([...a, ...b]);
    for (const id of joined) groupOf.set(id, joined);
  }
  return [...new Set(groupOf.values())].map((group) => [...group].sort());
}
