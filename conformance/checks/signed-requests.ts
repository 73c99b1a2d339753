import { type Check, checksOf, type Profile } from '../kit/check.ts';
import { documentOf, mustRefuse, type Session } from '../kit/session.ts';
import type { Request, Signing } from '../kit/signing.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
export const check = checksOf({ name: 'signature', profiles, spec: 'README: Signatures; RFC 9421' });

export const changes = '/federation/v1/changes?lane=catalogue&limit=1';
export const batch = '/federation/v1/records:batch';
export const uris = { uris: ['ocop://nowhere.example/listing/1'] };

export const changed = (request: Request, headers: Readonly<Record<string, string | undefined>>): Request => {
  const kept = Object.entries({ ...request.headers, ...headers }).filter(([, value]) => value !== undefined);
  return { ...request, headers: Object.fromEntries(kept) as Request['headers'] };
};
export const ask = (t: Session, how?: Signing): Request => t.signed(t.getRequest(changes), how);
export const askBatch = (t: Session, how?: Signing): Request => t.signed(t.postRequest(batch, uris), how);

const follow = [
  'Kiểm tra theo đúng thứ tự trong README và trả 401 với mã này.',
  'Check in the order of the README, and refuse by 401 and this code.',
] as const;

/** A request that must be refused by 401 and `code`. */
export const refused = (
  what: string,
  level: Check['level'],
  title: Check['title'],
  code: string,
  make: (t: Session) => Request,
  more: { readonly profiles?: readonly Profile[]; readonly advice?: Check['advice'] } = {},
): Check =>
  check(
    what,
    level,
    title,
    more.advice ?? follow,
    async (t) => {
      mustRefuse(await t.send(make(t)), 401, code);
    },
    more,
  );

export const accepted = (
  what: string,
  level: Check['level'],
  title: Check['title'],
  advice: Check['advice'],
  make: (t: Session) => Request,
): Check =>
  check(what, level, title, advice, async (t) => {
    documentOf(await t.send(make(t)));
  });
