import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import type { FastifyRequest } from 'fastify';
import { httpProblem } from '#http/problems.ts';
import { createTools, type ToolDeps } from './tools.ts';

/** The SDK takes 30 MB and a fifth of a second to load: only where programs ask. */
async function openAgents(deps: ToolDeps) {
  const { createAgentServer } = await import('./server.ts');
  return createAgentServer(createTools(deps));
}

/** A program that looks for somebody asks a dozen things; one that asks more is not looking. */
const rateLimit = { max: 120, timeWindow: '1 minute' } as const;

const headersOf = ({ headers }: FastifyRequest): Headers => {
  const known = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') known.set(name, value);
  return known;
};

/**
 * MCP over streamable HTTP, without sessions and without streams: a question is a POST, and its answer JSON. GET would
 * open a stream on which there is nothing to say, so it is not there.
 */
export const agentRoutes: FastifyPluginAsyncTypebox<ToolDeps> = async (app, deps) => {
  let agents: ReturnType<typeof openAgents> | undefined;
  app.post(
    '/mcp',
    { config: { access: 'public', rateLimit }, schema: { hide: true, body: Type.Unknown() } },
    async (request, reply) => {
      // A list of questions would be counted as one; the protocol gave them up in June 2025.
      if (Array.isArray(request.body))
        throw httpProblem('invalid-request', { errors: [{ pointer: '', detail: 'one question at a time' }] });
      const asked = new Request(`${deps.publicUrl}/mcp`, { method: 'POST', headers: headersOf(request) });
      agents ??= openAgents(deps);
      const answer = await (await agents).handle(asked, request.body, {
        address: request.ip,
        report: (err) => request.log.error({ err }, 'a tool failed'),
      });
      void reply.code(answer.status).header('cache-control', 'no-store');
      const type = answer.headers.get('content-type');
      if (type) void reply.type(type);
      return reply.send(Buffer.from(await answer.arrayBuffer()));
    },
  );
  app.route({
    method: ['GET', 'DELETE'],
    url: '/mcp',
    config: { access: 'public' },
    schema: { hide: true },
    handler: (_request, reply) => reply.code(405).header('allow', 'POST').send(),
  });
};
