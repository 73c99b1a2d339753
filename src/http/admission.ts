import type { FastifyInstance } from 'fastify';
import { httpProblem } from './problems.ts';

/** 500 checkouts at once wait for the pool; past this a request is told to come back while that is still cheap to say. */
const maxInFlight = 600;

/** Sheds load above `maxInFlight`, but never a provider's webhook, a probe, or a stream that is only waiting. */
export function admission(app: FastifyInstance): void {
  let inFlight = 0;
  const counted = new WeakSet<object>();
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === 'webhook' || access === 'operations' || request.url.endsWith('/events')) return;
    if (inFlight >= maxInFlight) throw httpProblem('temporarily-unavailable', { retryAfterSeconds: 2 });
    inFlight += 1;
    counted.add(request);
    request.raw.once('close', () => {
      if (counted.delete(request)) inFlight -= 1;
    });
  });
  app.addHook('onResponse', async (request) => {
    if (counted.delete(request)) inFlight -= 1;
  });
}
