import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Cursor, decodeCursor } from '#core/cursor.ts';
import { httpProblem } from './problems.ts';

/** 400 rather than page one again: a client in a loop must notice. */
export function readCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  if (!cursor) throw httpProblem('invalid-cursor');
  return cursor;
}

/** Adds `Link: rel="next"` with the same query and the next cursor. */
export function pageOf(request: FastifyRequest, reply: FastifyReply, nextCursor: string | null): FastifyReply {
  if (nextCursor === null) return reply;
  const [path = '', query = ''] = request.url.split('?');
  const search = new URLSearchParams(query);
  search.set('cursor', nextCursor);
  return reply.header('link', `<${path}?${search}>; rel="next"`);
}
