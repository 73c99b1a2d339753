import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A service as docker-compose.yml describes it, with the members that we use. */
export type Service = {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly retries: number };
  readonly [member: string]: unknown;
};

export type ComposeFile = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

export const projectFile = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

export const readComposeFile = (): ComposeFile => parse(projectFile('docker-compose.yml'), { merge: true });

/** The variables that `text` asks the operator's `.env` for. */
export const askedFor = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);

/** `${NAME:-default}` and `${NAME:?complaint}` replaced as Compose does. Throws the complaint when a needed one is missing. */
export const interpolate = (text: string, given: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, sign?: string, rest = '') => {
    const value = given[name];
    if (value) return value;
    if (sign === '?') throw new Error(rest);
    return sign === '-' ? rest : '';
  });

/** The environment that Compose would start `service` with. */
export const environmentOf = (
  service: Service,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(service.environment).map(([name, text]) => [name, interpolate(text, given)]));
