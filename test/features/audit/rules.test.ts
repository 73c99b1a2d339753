import { expect, test } from 'vitest';
import { type Chain, hashOf, judge, judgeAnchor, type Place, START } from '#features/audit/chain.ts';

/** A chain of acts that say one word each. */
const chainOf = (...words: readonly string[]): Place[] => {
  let before = START.hash;
  return words.map((canonical, index) => {
    before = hashOf(before, canonical);
    const entryId = `entry-${index + 1}`;
    return { seq: index + 1, hash: before, entryId, canonical, happenedAt: '2026-11-23T07:00:00Z', action: 'x.done' };
  });
};
const kinds = (places: readonly Place[]): string[] => {
  let last: Chain = START;
  return places.flatMap((place) => {
    const found = judge(last, place).map(({ kind, seq }) => `${kind} ${seq}`);
    last = place;
    return found;
  });
};
const chain = chainOf('a', 'b', 'c', 'd', 'e');
const at = (index: number): Place => chain[index] as Place;

test('finds nothing in a chain as it was written', () => expect(kinds(chain)).toEqual([]));

test.each<[string, Place[], string[]]>([
  ['a changed act', chain.with(1, { ...at(1), canonical: 'B' }), ['changed 2']],
  ['a deleted act', chain.with(2, { ...at(2), canonical: null }), ['gone 3']],
  ['a deleted act with its link', chain.toSpliced(2, 1), ['link-missing 3']],
  ['two that were deleted', chain.toSpliced(1, 2), ['link-missing 2']],
  [
    'two acts that changed places',
    chain.with(1, { ...at(1), canonical: 'c' }).with(2, { ...at(2), canonical: 'b' }),
    ['changed 2', 'changed 3'],
  ],
  ['a changed hash', chain.with(1, { ...at(1), hash: '00'.repeat(32) }), ['changed 2', 'changed 3']],
])('finds %s', (_name, places, found) => expect(kinds(places)).toEqual(found));

test('a note made elsewhere tells of an end that was cut off, and of a chain made anew', () => {
  const note = { seq: 4, hash: at(3).hash, at: '2026-11-23T08:00:00Z' };
  expect(judgeAnchor(note, at(3).hash, at(4))).toEqual([]);
  expect(judgeAnchor(note, undefined, at(2))).toMatchObject([{ kind: 'cut', seq: 4 }]);
  const anew = chainOf('a', 'B', 'c', 'd', 'e');
  expect(kinds(anew)).toEqual([]);
  expect(judgeAnchor(note, anew[3]?.hash, anew[4] as Place)).toMatchObject([{ kind: 'replaced', seq: 4 }]);
});
