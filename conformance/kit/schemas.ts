import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { canonical, sha256 } from './canonical.ts';
import { Failure } from './check.ts';

const folder = new URL('../data/schemas/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const texts = new Map(files.map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object]));
const ajv = new Ajv2020({ strict: false });
const checks = new Map<string, ValidateFunction>();

/** SHA-256 of the canonical form of each schema, by file name. */
export const schemaDigests = (): ReadonlyMap<string, string> =>
  new Map(Array.from(texts, ([file, schema]) => [file, sha256(canonical(schema))]));

/** What is wrong with the value by this schema, in words; undefined when nothing is. */
export function faultOf(file: string, value: unknown): string | undefined {
  const check = checks.get(file) ?? ajv.compile(texts.get(file) ?? {});
  checks.set(file, check);
  if (check(value)) return undefined;
  const [fault] = check.errors ?? [];
  return `${fault?.instancePath || '/'} ${fault?.message}`;
}

/** Throws Failure when the value is not as the schema says. */
export function mustFit(file: string, value: unknown): void {
  const fault = faultOf(file, value);
  if (fault !== undefined)
    throw new Failure(`a document as schemas/${file} says`, `${fault} in ${JSON.stringify(value)}`);
}

/** The schema of a record by what it calls itself. */
export const schemaOfRecord = (record: unknown): string => {
  const kind = String(Object(record).kind);
  return ['listing', 'offer', 'tombstone'].includes(kind) ? `${kind}.json` : 'listing.json';
};
