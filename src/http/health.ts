import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import './access.ts';
import { httpProblem } from './problems.ts';
import { refused } from './schema.ts';

export type Readiness = {
  /** Throws when PostgreSQL does not answer. */
  readonly ping: () => Promise<void>;
  /** What is still to be done before this process may serve; empty when nothing is. */
  readonly waitingFor: () => readonly string[];
  readonly draining: () => boolean;
};
const Alive = Type.Object({ status: Type.Literal('ok', { description: 'It answers' }) });
const config = { access: 'operations' } as const;
const pingEveryMs = 1_000;

/** `/livez` says that the event loop turns; `/readyz` that a request would be served. Providers and partners are in neither. */
export const healthRoutes: FastifyPluginAsyncTypebox<{ readiness: Readiness }> = async (app, { readiness }) => {
  let pingedAt = 0;
  let pinged: Promise<void> = Promise.resolve();
  const ping = (): Promise<void> => {
    if (performance.now() - pingedAt > pingEveryMs) {
      pingedAt = performance.now();
      pinged = readiness.ping();
    }
    return pinged;
  };
  const schema = { tags: ['operations'], response: { 200: Alive, ...refused } };
  app.get(
    '/livez',
    {
      config,
      schema: {
        ...schema,
        operationId: 'isAlive',
        summary: 'Does the process answer',
        description: 'Without looking at anything else.',
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: {
        ...schema,
        operationId: 'isReady',
        summary: 'May requests be sent here',
        description:
          '503 until migrations, data and the first index are in, while PostgreSQL is away, and while shutting down.',
      },
    },
    async () => {
      const waitingFor = readiness.waitingFor();
      if (readiness.draining() || waitingFor.length > 0) throw httpProblem('temporarily-unavailable', { waitingFor });
      await ping();
      return { status: 'ok' as const };
    },
  );
};
