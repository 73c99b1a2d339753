import { SHOWN_STATES } from './rules/states.ts';
import type { PartnerState } from './types.ts';

export type WhyFacts = {
  readonly partnerState: PartnerState;
  readonly listing: 'none' | 'withdrawn' | 'live';
  readonly hasOffer: boolean;
  readonly isQuarantined: boolean;
  readonly isCategoryKnown: boolean;
  readonly isHidden: boolean;
  readonly productStatus: string | undefined;
  readonly businessStatus: string | undefined;
  readonly arePricesStale: boolean;
};
export const WHY_CODES = [
  'partner-not-active',
  'never-came',
  'withdrawn-there',
  'hidden-here',
  'taken-down',
  'no-offer',
  'unknown-category',
  'producer-not-shown',
  'not-shown-yet',
  'shown',
] as const;
export type WhyCode = (typeof WHY_CODES)[number];
/** `because` decided; `asked` are the questions up to it, in the order in which they are asked, each passed but the last. */
export type Why = {
  readonly isShown: boolean;
  readonly because: WhyCode;
  readonly passed: readonly WhyCode[];
  readonly notes: readonly ('quarantined' | 'prices-stale')[];
};

/** Why a listing of a partner is shown here or not: the first of these that holds decides. */
export function whyOf(facts: WhyFacts): Why {
  const { productStatus, listing } = facts;
  const questions: readonly (readonly [WhyCode, boolean])[] = [
    ['partner-not-active', !SHOWN_STATES.includes(facts.partnerState)],
    ['never-came', listing === 'none'],
    ['withdrawn-there', listing === 'withdrawn'],
    ['hidden-here', facts.isHidden],
    ['taken-down', productStatus === 'taken-down'],
    ['no-offer', !facts.hasOffer],
    ['unknown-category', !facts.isCategoryKnown],
    ['producer-not-shown', facts.businessStatus !== undefined && facts.businessStatus !== 'approved'],
    ['not-shown-yet', productStatus !== 'listed'],
  ];
  const at = questions.findIndex(([, holds]) => holds);
  const because = questions[at]?.[0] ?? 'shown';
  const passed = questions.slice(0, at === -1 ? questions.length : at).map(([code]) => code);
  const notes: Why['notes'][number][] = [];
  if (facts.isQuarantined) notes.push('quarantined');
  if (because === 'shown' && facts.arePricesStale) notes.push('prices-stale');
  return { isShown: because === 'shown', because, passed, notes };
}
