import type { SearchEngine } from './types.ts';

/** Of each question to the engine. A shopper notices a third of a second; then the answer comes from PostgreSQL. */
const budgetMs = 300;
const fallbackBudgetMs = 5_000;
const probeEveryMs = 1_000;

/** What is asked of an engine; `signal` makes a fresh limit for each question. */
export type Work<T> = (engine: SearchEngine, signal: () => AbortSignal) => Promise<T>;

export type EngineSwitch = {
  /** Runs `work` with the engine that should answer, once more with the fallback when the first fails. */
  answer<T>(work: Work<T>): Promise<T>;
  /** Whether there is an engine that is preferred, so that an answer of the fallback is that of a stand-in. */
  readonly hasPrimary: boolean;
  /** The engine that would be asked now. */
  current(): SearchEngine['name'];
  close(): void;
};

type Options = {
  readonly primary: SearchEngine | undefined;
  readonly fallback: SearchEngine;
  readonly onLost: (error: unknown) => void;
  readonly onRecovered: () => void;
};

/**
 * Prefers `primary`. The first failure or delay turns every search to `fallback` at once, so that a dead server costs one
 * request 300 ms and not each; a probe a second turns them back.
 */
export function createSwitch({ primary, fallback, onLost, onRecovered }: Options): EngineSwitch {
  let usable = primary !== undefined;
  let timer: NodeJS.Timeout | undefined;

  const probe = async (): Promise<void> => {
    usable = (await primary?.isHealthy(AbortSignal.timeout(budgetMs)).catch(() => false)) ?? false;
    if (usable) onRecovered();
    else probeLater();
  };
  const probeLater = (): void => {
    timer = setTimeout(() => void probe(), probeEveryMs);
    timer.unref();
  };
  const lose = (error: unknown): void => {
    if (!usable) return;
    usable = false;
    onLost(error);
    probeLater();
  };

  return {
    answer: async (work) => {
      if (primary && usable) {
        try {
          return await work(primary, () => AbortSignal.timeout(budgetMs));
        } catch (error) {
          lose(error);
        }
      }
      return work(fallback, () => AbortSignal.timeout(fallbackBudgetMs));
    },
    hasPrimary: primary !== undefined,
    current: () => (primary && usable ? primary.name : fallback.name),
    close: () => clearTimeout(timer),
  };
}
