import { type Static, Type } from '@fastify/type-provider-typebox';
import { refuses } from '#http/schema.ts';
import type { PartnerDesk } from './desk.ts';
import { partnerActors } from './desk-parts.ts';
import { PartnerParams } from './desk-schemas.ts';
import type { Road } from './road.ts';
import { Standing } from './road-schemas.ts';
import { federationProblems } from './types.ts';

export const tags = ['staff'];
export const read = { access: 'staff' } as const;
export const act = { access: 'staff', roles: partnerActors } as const;
export const done = { 204: Type.Null({ description: 'Done' }) } as const;
export type RoadDeps = { readonly partnerDesk: PartnerDesk };
export type Code = keyof typeof federationProblems & string;

export const nextOf = ({ next }: Pick<Road, 'next'>) => ({ ...next, until: next.until?.toISOString() ?? null });

/** What an act without words of its own is told by, and what may stand in its way. */
export const acting = (operationId: string, summary: string, description: string, ...codes: readonly Code[]) => ({
  operationId,
  tags,
  summary,
  description,
  params: PartnerParams,
  response: { 200: Standing, ...refuses(federationProblems, 'partner-not-found', ...codes) },
});
export async function standing(partnerDesk: PartnerDesk, key: string): Promise<Static<typeof Standing>> {
  const road = await partnerDesk.getRoad(key);
  return { key, state: road.state, next: nextOf(road) };
}
