import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Tx } from '#db/client.ts';

const name = 'gt';

/**
 * Which exchange sent the visitor, as the name of a row that says nothing of the person. It ends with the browser's
 * session, and counts for the first order of the visit alone.
 */
export const readReferralCookie = (request: FastifyRequest): string => request.cookies?.[name] ?? '';

/**
 * Notes an order for the exchange that sent its visitor, if one did; in the transaction that places it. A program gives the
 * token that it came with, a browser has the cookie.
 */
export type NoteReferral = (tx: Tx, request: FastifyRequest, groupCode: string, token?: string) => Promise<void>;

export function writeReferralCookie(reply: FastifyReply, referralId: string): void {
  void reply.setCookie(name, referralId, { path: '/', httpOnly: true, sameSite: 'lax', secure: 'auto' });
}
