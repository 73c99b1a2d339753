import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { Compile } from 'typebox/compile';
import { Problem } from '#core/problem.ts';
import type { Tool } from './tools.ts';

/** A refusal is an answer that a program can act on, not a failure of the protocol. */
const refusal = (text: string): CallToolResult => ({ isError: true, content: [{ type: 'text', text }] });

const answer = (value: object): CallToolResult => {
  const text = JSON.stringify(value);
  // Dates are text in JSON, and programs get what the text says.
  return { structuredContent: JSON.parse(text) as Record<string, unknown>, content: [{ type: 'text', text }] };
};

/** Who asks, and where a fault of ours is written down: what it says is not for strangers. */
type Visit = { readonly address: string; readonly report: (fault: unknown) => void };

const wordsOf = ({ code, entry: { en } }: Problem): string => `${code}: ${en[0]}. ${en[1]}`;

/**
 * One question of one program. Nothing is kept between two: each gets a server of its own, so that any process of the
 * exchange may answer and none holds a session that somebody forgot.
 */
export function createAgentServer(tools: readonly Tool[]) {
  const known = new Map(tools.map((one) => [one.name, { ...one, check: Compile(one.input) }] as const));

  const listed = tools.map(({ name, title, description, input }) => ({
    name,
    title,
    description,
    inputSchema: input as unknown as { type: 'object' },
    annotations: { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  }));

  const call = async (name: string, input: unknown, { address, report }: Visit): Promise<CallToolResult> => {
    const tool = known.get(name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${name.slice(0, 60)}`);
    if (!tool.check.Check(input)) {
      const faults = [...tool.check.Errors(input)].slice(0, 5);
      return refusal(faults.map(({ instancePath, message }) => `${instancePath || '/'} ${message}`).join('; '));
    }
    try {
      return answer(await tool.run(input, address));
    } catch (error) {
      if (error instanceof Problem) return refusal(wordsOf(error));
      report(error);
      throw new McpError(ErrorCode.InternalError, 'The exchange could not answer; ask again later');
    }
  };

  return {
    /** Answers a POST whose body was read as `message`. */
    handle: async (request: Request, message: unknown, visit: Visit): Promise<Response> => {
      const server = new Server(
        { name: 'cho-noi', title: 'Chợ Nổi', version: '1.0.0' },
        {
          capabilities: { tools: {} },
          instructions:
            'The marketplace of a Vietnamese province for certified OCOP products. Read-only. Prices are whole đồng (VND), tax included. Send people to the product page to buy.',
        },
      );
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
      server.setRequestHandler(CallToolRequestSchema, ({ params }) => call(params.name, params.arguments ?? {}, visit));
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      await server.connect(transport);
      try {
        return await transport.handleRequest(request, { parsedBody: message });
      } finally {
        await server.close();
      }
    },
  };
}
