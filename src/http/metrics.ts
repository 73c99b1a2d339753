import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Facts read from the database when somebody asks, by name: `cho_noi_<name>`. */
export type Readings = () => Promise<Readonly<Record<string, number>>>;
export type Metrics = {
  readonly observe: (app: FastifyInstance) => void;
  readonly listen: (port: number, host: string) => Promise<() => Promise<void>>;
};

/** Seconds; a page should take a hundredth, a checkout a tenth. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Prometheus metrics on a port of their own, which no stranger reaches. Labels are routes, never addresses. */
export function createMetrics(readings: Readings): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry],
  });
  const facts = new Map<string, Gauge>();
  const gauge = (name: string): Gauge => {
    const known =
      facts.get(name) ??
      new Gauge({
        name: `cho_noi_${name}`,
        help: `Read from the database: ${name.replaceAll('_', ' ')}`,
        registers: [registry],
      });
    facts.set(name, known);
    return known;
  };
  const scrape = async (): Promise<string> => {
    for (const [name, value] of Object.entries(await readings())) gauge(name).set(value);
    return registry.metrics();
  };

  return {
    observe: (app) => {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'none';
        durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
        done();
      });
    },
    listen: async (port, host) => {
      const server = createServer((_request, response) => {
        scrape().then(
          (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
          () => response.writeHead(503).end(),
        );
      });
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
      return () => new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
