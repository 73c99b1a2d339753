import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpProblem } from './problems.ts';

export const etagOf = (content: string | Buffer): string =>
  `"${createHash('sha1').update(content).digest('base64url')}"`;

const matches = (header: string, etag: string): boolean =>
  header.split(',').some((candidate) => candidate.trim() === '*' || candidate.trim().replace(/^W\//, '') === etag);

/** Whether the client already holds this version, as If-None-Match says: by the weak comparison, or `*`. */
export function isHeld(request: FastifyRequest, etag: string): boolean {
  const held = request.headers['if-none-match'];
  return held !== undefined && matches(held, etag.replace(/^W\//, ''));
}

/** Answers 304 when the client already holds these bytes; else sends them with their ETag. `content` is finished JSON. */
export function sendCacheable(
  request: FastifyRequest,
  reply: FastifyReply,
  content: string | Buffer,
  etag = etagOf(content),
): FastifyReply {
  void reply
    .header('etag', etag)
    .header('cache-control', 'public, max-age=0, must-revalidate')
    .header('vary', 'accept-encoding');
  if (isHeld(request, etag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').serializer(String).send(content);
}

/** The version that an update was based on. 428 without `If-Match`, 412 when it is not the current one. */
export function requireMatch(request: FastifyRequest, current: string): void {
  const held = request.headers['if-match'];
  if (held === undefined) throw httpProblem('precondition-required');
  if (!matches(held, current)) throw httpProblem('precondition-failed');
}
