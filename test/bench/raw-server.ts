import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

/** Fastify and nothing else: one route that sends the bytes of the file it is given. The limit of what a list can reach. */
const bytes = readFileSync(process.argv[2] ?? '');
const app = Fastify();
app.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes));
app.get('/readyz', () => ({ status: 'ok' }));
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
process.once('SIGTERM', () => process.exit(0));
