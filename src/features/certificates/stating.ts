import { sign } from 'node:crypto';
import { readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { Deps } from './deps.ts';
import { claimsOf, STATEMENT_TYPE, type Stated } from './rules/statement.ts';
import { certificateProblems } from './types.ts';
import { listPublic } from './views.ts';

const refuse = refusals(certificateProblems);
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** What the exchange says of a certificate under its signature, for whoever is not connected to it. */
export function createStating({ db, now, keys, publicUrl }: Deps) {
  const state = (certificate: Stated): string => {
    const { keyid, privateKey } = keys.signing();
    const head = encode({ alg: 'EdDSA', typ: STATEMENT_TYPE, kid: keyid });
    const signed = `${head}.${encode(claimsOf(certificate, publicUrl, now()))}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  };
  return {
    /** A compact JWS (RFC 7515) of Ed25519 over what the register knows now. 404 for an unknown code. */
    stateOne: async (code: string): Promise<string> => {
      const [certificate] = await listPublic(db, [readCode(code)], now());
      if (!certificate) throw refuse('certificate-not-found');
      return state(certificate);
    },
    /** One for each code that is known, and the codes that are not. */
    stateMany: async (asked: readonly string[]) => {
      const codes = [...new Set(asked.map(readCode))];
      const found = new Map((await listPublic(db, codes, now())).map((one) => [one.code, one]));
      return {
        items: codes.flatMap((code) => {
          const certificate = found.get(code);
          return certificate ? [{ code, statement: state(certificate) }] : [];
        }),
        unknown: codes.filter((code) => !found.has(code)),
      };
    },
    keySet: () => ({ keys: keys.published() }),
    rotateKeys: keys.rotate,
  };
}
