import type { Check } from '../kit/check.ts';
import { answers } from './answers.ts';
import { audit } from './audit.ts';
import { changes } from './changes.ts';
import { discovery } from './discovery.ts';
import { feedPages } from './feed-pages.ts';
import { feedFiles } from './feeds.ts';
import { hostile } from './hostile.ts';
import { meaning } from './meaning.ts';
import { orderMaking } from './order-making.ts';
import { orderQuotes } from './order-quotes.ts';
import { orderSteps } from './order-steps.ts';
import { problems } from './problems.ts';
import { records } from './records.ts';
import { requestTimes } from './request-times.ts';
import { requests } from './requests.ts';
import { snapshot } from './snapshot.ts';
import { withdrawals } from './withdrawals.ts';
import { writes } from './writes.ts';

/** In this order: what only reads comes first, what ages the feed last. */
export const CHECKS: readonly Check[] = [
  ...discovery,
  ...requests,
  ...requestTimes,
  ...answers,
  ...changes,
  ...records,
  ...snapshot,
  ...audit,
  ...meaning,
  ...problems,
  ...hostile,
  ...orderQuotes,
  ...orderMaking,
  ...orderSteps,
  ...writes,
  ...withdrawals,
  ...feedFiles,
  ...feedPages,
];
