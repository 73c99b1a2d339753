import type { FastifyReply, FastifyRequest } from 'fastify';

const name = 'gt';

/**
 * Which exchange sent the visitor, as the name of a row that says nothing of the person. It ends with the browser's
 * session, and counts for the first order of the visit alone.
 */
export const readReferralCookie = (request: FastifyRequest): string => request.cookies?.[name] ?? '';

export function writeReferralCookie(reply: FastifyReply, referralId: string): void {
  void reply.setCookie(name, referralId, { path: '/', httpOnly: true, sameSite: 'lax', secure: 'auto' });
}
