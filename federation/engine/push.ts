import { randomBytes } from 'node:crypto';
import { Compile } from 'typebox/compile';
import type { Ctx } from '../adapters/adapter.ts';
import { InboxAnswer, MAX_PUSHED } from '../protocol/documents.ts';
import { ChallengeAnswer, Joined } from '../protocol/joining.ts';
import type { ORDER_LANE } from '../protocol/ordering.ts';
import type { FedRecord, Lane } from '../protocol/record.ts';
import type { Conversion } from '../protocol/referral.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { PullFailure } from './failure.ts';
import { askPeer } from './peer.ts';

const checkAnswer = Compile(InboxAnswer);
const checkChallenge = Compile(ChallengeAnswer);
const checkJoined = Compile(Joined);
const maxBytes = 1_048_576;
export type Pushed = InboxAnswer['results'][number];

/**
 * Sends records of ours to a native peer, a hundred at a time, and gives what it says of each, in their order. Throws
 * PullFailure when the peer cannot be reached, refuses, or answers of other records.
 */
export async function pushRecords(ctx: Ctx, records: readonly FedRecord[]): Promise<readonly Pushed[]> {
  const results: Pushed[] = [];
  for (let i = 0; i < records.length; i += MAX_PUSHED) {
    const part = records.slice(i, i + MAX_PUSHED);
    const asked = { maxBytes, contentType: 'application/json', body: { records: part } };
    const said = parseBoundedJson((await askPeer(ctx, '/federation/v1/inbox', {}, asked)).body);
    const isSound = checkAnswer.Check(said) && part.every(({ uri }, index) => said.results[index]?.uri === uri);
    if (!isSound) throw new PullFailure('malformed', 'the body is no inbox-answer.json of what was sent');
    results.push(...said.results);
  }
  return results;
}

/** Tells a native peer that lanes of ours have news for it. Throws PullFailure when it cannot be told. */
export async function nudgePeer(ctx: Ctx, lanes: readonly (Lane | typeof ORDER_LANE)[]): Promise<void> {
  await askPeer(ctx, '/federation/v1/nudge', {}, { maxBytes, contentType: 'application/json', body: { lanes } });
}

/** Tells a native peer that a shopper it had sent has bought. Throws PullFailure when it does not take it. */
export async function reportConversion(ctx: Ctx, jti: string, conversion: Conversion): Promise<void> {
  const asked = { maxBytes, contentType: 'application/json', body: conversion };
  await askPeer(ctx, `/federation/v1/referrals/${encodeURIComponent(jti)}/conversion`, {}, asked);
}

const challengeBytes = 32;

/** Has a native peer prove now that it holds its pinned key. Throws PullFailure when it does not. */
export async function challengePeer(ctx: Ctx): Promise<void> {
  const challenge = randomBytes(challengeBytes).toString('base64url');
  const asked = { maxBytes, contentType: 'application/json', body: { challenge } };
  const said = parseBoundedJson((await askPeer(ctx, '/federation/v1/challenge', {}, asked)).body);
  const isMet = checkChallenge.Check(said) && said.challenge === challenge && said.origin === ctx.partner.origin;
  if (!isMet) throw new PullFailure('malformed', 'the challenge was not answered by whom it was put to');
}

/** Redeems an invitation of a native peer. Throws PullFailure when it refuses, or does not prove who it is. */
export async function joinPeer(ctx: Ctx, code: string): Promise<Joined> {
  const challenge = randomBytes(challengeBytes).toString('base64url');
  const asked = { maxBytes, contentType: 'application/json', body: { code, challenge } };
  const said = parseBoundedJson((await askPeer(ctx, '/federation/v1/join', {}, asked)).body);
  const isMet = checkJoined.Check(said) && said.challenge === challenge && said.origin === ctx.partner.origin;
  if (!isMet) throw new PullFailure('malformed', 'the body is no joined.json with our challenge');
  return said;
}
