import type { FastifyRequest } from 'fastify';

const cartOf = ({ params, ip }: FastifyRequest): string =>
  params && typeof params === 'object' && 'cartId' in params ? `cart:${String(params.cartId)}` : ip;

/** A cart is one person's: nobody changes one faster than this. Keyed on the cart, since a village shares an address. */
export const perCart = { max: 240, timeWindow: '1 minute', keyGenerator: cartOf } as const;

/** Carts that one address may open: a sale's first minute brings a whole village, a program that opens more is not one. */
export const perAddress = { max: 5_000, timeWindow: '1 minute' } as const;
