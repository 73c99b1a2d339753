import { Compile } from 'typebox/compile';
import type { Ctx } from '../adapters/adapter.ts';
import { InboxAnswer, MAX_PUSHED } from '../protocol/documents.ts';
import type { FedRecord, Lane } from '../protocol/record.ts';
import type { Conversion } from '../protocol/referral.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { PullFailure } from './failure.ts';
import { askPeer } from './peer.ts';

const checkAnswer = Compile(InboxAnswer);
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
export async function nudgePeer(ctx: Ctx, lanes: readonly Lane[]): Promise<void> {
  await askPeer(ctx, '/federation/v1/nudge', {}, { maxBytes, contentType: 'application/json', body: { lanes } });
}

/** Tells a native peer that a shopper it had sent has bought. Throws PullFailure when it does not take it. */
export async function reportConversion(ctx: Ctx, jti: string, conversion: Conversion): Promise<void> {
  const asked = { maxBytes, contentType: 'application/json', body: conversion };
  await askPeer(ctx, `/federation/v1/referrals/${encodeURIComponent(jti)}/conversion`, {}, asked);
}
