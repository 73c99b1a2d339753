import type { FastifyRequest } from 'fastify';

const cartOf = ({ params, ip }: FastifyRequest): string =>
  params && typeof params === 'object' && 'cartId' in params ? `cart:${String(params.cartId)}` : ip;

/** A cart is one person's: nobody changes one faster than this. Keyed on the cart, since a village shares an address. */
export const perCart = { max: 240, timeWindow: '1 minute', keyGenerator: cartOf } as const;
