import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-` pins the cookie to this host over https; plain http, which the demonstration uses, cannot carry it. */
export type SessionCookie = {
  read(request: FastifyRequest): string | undefined;
  set(reply: FastifyReply, sessionId: string): void;
  clear(reply: FastifyReply): void;
};

export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? '__Host-session' : 'session';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: 90 * 24 * 3_600 } as const;
  return {
    read: (request) => request.cookies[name],
    set: (reply, sessionId) => void reply.setCookie(name, sessionId, options),
    clear: (reply) => void reply.clearCookie(name, options).header('clear-site-data', '"cache"'),
  };
}
