/** A run of words that both texts have, or only the one before, or only the one after. */
export type DiffPart = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string };

/** Beyond it a comparison costs more than it tells, and both texts are shown whole. */
const maxWords = 1_500;
const wordsOf = (text: string): readonly string[] => text.match(/\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];

/** Lengths of the longest common run of words from each pair of places on. */
function commonFrom(before: readonly string[], after: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const [row, below] = [table[i], table[i + 1]];
    if (!row || !below) continue;
    for (let j = after.length - 1; j >= 0; j -= 1)
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return table;
}

function joined(parts: readonly DiffPart[]): DiffPart[] {
  const runs: { kind: DiffPart['kind']; text: string }[] = [];
  for (const { kind, text } of parts) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += text;
    else runs.push({ kind, text });
  }
  return runs;
}

/** The next step of the comparison: keep a word, take one out or put one in. */
function stepOf(table: readonly Uint16Array[], old: readonly string[], fresh: readonly string[], i: number, j: number) {
  if (i < old.length && j < fresh.length && old[i] === fresh[j]) return 'same' as const;
  if (i === old.length) return 'added' as const;
  if (j === fresh.length) return 'removed' as const;
  return (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0) ? ('removed' as const) : ('added' as const);
}

/** What was taken out and put in, word by word, in the order of reading. */
export function diffWords(before: string, after: string): DiffPart[] {
  const [old, fresh] = [wordsOf(before), wordsOf(after)];
  const whole: DiffPart[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ];
  if (old.length > maxWords || fresh.length > maxWords) return whole;
  const table = commonFrom(old, fresh);
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const kind = stepOf(table, old, fresh, i, j);
    parts.push({ kind, text: (kind === 'added' ? fresh[j] : old[i]) ?? '' });
    if (kind !== 'added') i += 1;
    if (kind !== 'removed') j += 1;
  }
  return joined(parts);
}
