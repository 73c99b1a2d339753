import type { FastifyInstance } from 'fastify';
import { httpProblem } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer stays open and only waits; it counts as no work. */
    stream?: boolean;
  }
}

/** 500 checkouts at once wait for the pool; past this a request is told to come back while that is still cheap to say. */
const maxInFlight = 600;

/** Sheds load above `maxInFlight`, but never a provider's webhook, a probe, or a stream that is only waiting. */
export function admission(app: FastifyInstance): void {
  let inFlight = 0;
  const leave = (): void => {
    inFlight -= 1;
  };
  app.addHook('onRequest', (request, reply, done) => {
    const access = request.routeOptions.config.access;
    if (access === 'webhook' || access === 'operations' || request.routeOptions.config.stream) return done();
    if (inFlight >= maxInFlight) return done(httpProblem('temporarily-unavailable', { retryAfterSeconds: 2 }));
    inFlight += 1;
    // Of the answer, not of the request: a request is closed as soon as its body has been read.
    reply.raw.once('close', leave);
    done();
  });
}
