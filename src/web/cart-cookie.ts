import type { FastifyReply, FastifyRequest } from 'fastify';

const name = 'gio';
const maxAgeSeconds = 30 * 86_400;

/** The cart's id is a bearer secret, so no script may read it; the count spares every page a query. */
export type CartCookie = { readonly cartId: string | undefined; readonly count: number };

export function readCartCookie(request: FastifyRequest): CartCookie {
  const [, cartId, count] = /^([\w-]{16,64})\.(\d{1,6})$/.exec(request.cookies?.[name] ?? '') ?? [];
  return { cartId, count: Number(count ?? 0) };
}

export function writeCartCookie(reply: FastifyReply, cartId: string, count: number): void {
  void reply.setCookie(name, `${cartId}.${count}`, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: 'auto',
    maxAge: maxAgeSeconds,
  });
}

export const forgetCart = (reply: FastifyReply): void => {
  void reply.clearCookie(name, { path: '/' });
};
