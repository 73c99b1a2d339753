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
  return reply.header('link', `<${nextUrl(request.url, nextCursor)}>; rel="next"`);
}

function nextUrl(url: string, nextCursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const kept = query.split('&').filter((member) => member !== '' && !member.startsWith('cursor='));
  // A cursor is base64url, and the rest is what the client itself had encoded.
  return `${path}?${[...kept, `cursor=${nextCursor}`].join('&')}`;
}
