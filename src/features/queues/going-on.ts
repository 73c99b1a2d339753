import type { FastifyRequest } from 'fastify';
import { officerOf } from './routes.ts';
import type { Queues } from './service.ts';
import type { Outcome, Queue } from './types.ts';

/**
 * Where an officer is after a decision: at the next matter of the queue, which is theirs then, or at the queue where
 * nothing is left. The page says what became of the one before.
 */
export async function nextAfter(
  queues: Queues,
  request: FastifyRequest,
  queue: Queue,
  outcome: Extract<Outcome, 'approved' | 'changes-requested' | 'rejected'>,
): Promise<string> {
  const next = await queues.claimNext(officerOf(request), queue);
  return `${next?.path ?? `/quan-tri/hang-doi/${queue}`}?truoc=${outcome}`;
}
