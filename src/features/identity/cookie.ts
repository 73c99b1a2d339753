import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Opened, Visit } from './types.ts';

/** `__Host-` pins a cookie to this host over https; plain http, which the demonstration uses, cannot carry it. */
export type SessionCookie = {
  read(request: FastifyRequest): string | undefined;
  /** A new session, and the mark by which this browser is known the next time. */
  set(reply: FastifyReply, opened: Opened): void;
  clear(reply: FastifyReply): void;
  readonly visitOf: (request: FastifyRequest) => Visit;
  readonly keepDevice: (reply: FastifyReply, device: string) => void;
  /** Ties a challenge to the browser that was given it, for minutes. */
  readonly ceremony: {
    read(request: FastifyRequest): string;
    set(reply: FastifyReply, browser: string): void;
    clear(reply: FastifyReply): void;
  };
};

const day = 24 * 3_600;

export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  const nameOf = (name: string): string => (secure ? `__Host-${name}` : name);
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  const read = (request: FastifyRequest, name: string): string | undefined => request.cookies[nameOf(name)];
  const set = (reply: FastifyReply, name: string, value: string, maxAge: number) =>
    void reply.setCookie(nameOf(name), value, { ...options, maxAge });
  return {
    read: (request) => read(request, 'session'),
    set: (reply, { secret, device, needs }) => {
      set(reply, 'session', secret, 90 * day);
      if (needs === null) set(reply, 'device', device, 365 * day);
    },
    clear: (reply) => void reply.clearCookie(nameOf('session'), options).header('clear-site-data', '"cache"'),
    visitOf: (request) => ({
      address: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
      device: read(request, 'device'),
    }),
    keepDevice: (reply, device) => set(reply, 'device', device, 365 * day),
    ceremony: {
      read: (request) => read(request, 'ceremony') ?? '',
      set: (reply, browser) => set(reply, 'ceremony', browser, 600),
      clear: (reply) => void reply.clearCookie(nameOf('ceremony'), options),
    },
  };
}
