import type { ParseArgsConfig } from 'node:util';
import type { Config } from '#config/config.ts';
import type { Services } from '../compose.ts';
import type { Stores } from '../stores.ts';

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What a command stands on. `print` is for people, `result` for programs: with `--json` only the result appears. */
export type Context = {
  readonly config: Config;
  readonly stores: Stores;
  readonly services: Services;
  readonly print: (line: string) => void;
  /** Draws over its own line where a terminal watches, and is silent elsewhere. */
  readonly progress: (text: string) => void;
};

/** One file a command. `run` answers with what `--json` prints; a `false` in `ok` makes the process exit with 1. */
export type Command = {
  readonly name: string;
  readonly summary: string;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  readonly run: (
    values: Values,
    context: Context,
  ) => Promise<{ readonly ok: boolean; readonly [fact: string]: unknown }>;
};

/** The command was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function required(values: Values, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}
