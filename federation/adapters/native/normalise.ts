import { Compile } from 'typebox/compile';
import { contentForm, sha256Hex } from '../../protocol/canonical.ts';
import { type FedRecord, Listing, Offer, Tombstone } from '../../protocol/record.ts';
import { parseUri } from '../../protocol/uri.ts';
import type { Normalised, SourceRecord } from '../adapter.ts';
import { inWords } from '../json-rows.ts';

const checks = { listing: Compile(Listing), offer: Compile(Offer), tombstone: Compile(Tombstone) };
const reject = (code: string, detail: string): Normalised => ({ rejection: { code, detail } });

/** A peer of our own protocol sends canonical records; they are believed in nothing that can be checked. */
export function normalise({ body }: SourceRecord): Normalised {
  const kind = body && typeof body === 'object' && 'kind' in body ? body.kind : undefined;
  if (kind !== 'listing' && kind !== 'offer' && kind !== 'tombstone') return reject('unknown-kind', inWords(kind));
  const check = checks[kind];
  if (!check.Check(body)) return reject('invalid-record', faults(check, body));
  const record: FedRecord = body;
  const of = kind === 'tombstone' && record.kind === 'tombstone' ? record.of : kind;
  const named = parseUri(record.uri);
  if (named?.origin !== record.origin || named.kind !== of) return reject('wrong-uri', record.uri);
  const form = formOf(record);
  if (form === undefined || sha256Hex(form) !== record.hash) return reject('hash-mismatch', record.hash);
  // No database text can hold it, so one such record would refuse its whole page. Its envelope's members have no room for it.
  if (form.includes('\\u0000')) return reject('invalid-record', 'holds the character U+0000');
  return { record };
}

/** The first faults as `pointer message`, for the quarantine's reader. */
const faults = (
  check: { Errors(value: unknown): Iterable<{ instancePath: string; message: string }> },
  body: unknown,
) =>
  [...check.Errors(body)]
    .slice(0, 3)
    .map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
    .join('; ');

function formOf(record: FedRecord): string | undefined {
  try {
    return contentForm(record);
  } catch {
    // A lone surrogate has no canonical form, so nobody can have hashed it.
    return undefined;
  }
}
