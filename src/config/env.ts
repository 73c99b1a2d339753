import { readFileSync } from 'node:fs';
import type { Fault } from './faults.ts';
import { VARIABLE_NAMES, VARIABLES, type VariableName } from './variables.ts';

/** What a process is started with: `process.env`, or a literal in a test. */
export type Environment = Readonly<Record<string, string | undefined>>;
export type Values = Readonly<Partial<Record<VariableName, string>>>;

/** The environment of this process. Nobody else reads `process.env`. */
export const environment = (): Environment => process.env;

/**
 * The values of our variables. An empty one counts as unset, because docker-compose passes `${NAME:-}` as empty.
 * A secret may come from the file that `<NAME>_FILE` names, whose final line break is not part of it.
 */
export function readValues(env: Environment): { readonly values: Values; readonly faults: readonly Fault[] } {
  const values: Partial<Record<VariableName, string>> = {};
  const faults: Fault[] = [];
  for (const name of VARIABLE_NAMES) {
    const value = env[name]?.trim();
    const file = VARIABLES[name].secret ? env[`${name}_FILE`]?.trim() : undefined;
    if (value && file) faults.push(setTwice(name));
    else if (value) values[name] = value;
    else if (file) readSecretFile(name, file, values, faults);
  }
  return { values, faults };
}

function readSecretFile(
  name: VariableName,
  file: string,
  values: Partial<Record<VariableName, string>>,
  faults: Fault[],
): void {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text) values[name] = text;
    else faults.push(badFile(name, `${file} is empty`, `tập tin ${file} rỗng`));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    faults.push(badFile(name, `${file} cannot be read (${reason})`, `không đọc được tập tin ${file} (${reason})`));
  }
}

const setTwice = (name: VariableName): Fault => ({
  variable: name,
  en: `is set, and so is ${name}_FILE: keep one of the two`,
  vi: `và ${name}_FILE cùng được đặt: chỉ giữ một trong hai`,
  example: `${name}_FILE=/run/secrets/${name.toLowerCase()}`,
});

const badFile = (name: VariableName, en: string, vi: string): Fault => ({
  variable: `${name}_FILE`,
  en,
  vi,
  example: `${name}_FILE=/run/secrets/${name.toLowerCase()}`,
});
