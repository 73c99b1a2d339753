import { gunzipSync } from 'node:zlib';
import { Failure, must } from './check.ts';
import type { FedRecord, Lane } from './session.ts';
import type { Answer } from './wire.ts';

export type Snapshot = {
  readonly answer: Answer;
  readonly header: {
    readonly epoch: string;
    readonly lane: Lane;
    readonly cursorAtStart: string;
    readonly count: number;
  };
  readonly records: readonly FedRecord[];
  readonly trailer: { readonly count: number; readonly root: string };
  readonly endsWithLine: boolean;
};

/** Takes a snapshot apart. Throws Failure when it is none; whether its parts agree is for the checks. */
export function readSnapshot(answer: Answer): Snapshot {
  must(answer.status === 200, 'status 200', `${answer.status} ${answer.body.toString('utf8', 0, 500)}`);
  const text = unpack(answer).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  must(lines.length >= 2, 'a header and a trailer', `${lines.length} lines`);
  const [header, ...rest] = lines.map((line) => parse(line));
  const trailer = rest.pop();
  return {
    answer,
    header: header as Snapshot['header'],
    records: rest as readonly FedRecord[],
    trailer: trailer as Snapshot['trailer'],
    endsWithLine: text.endsWith('\n'),
  };
}

function unpack({ headers, body }: Answer): Buffer {
  if (headers['content-encoding'] !== 'gzip') return body;
  try {
    return gunzipSync(body);
  } catch (error) {
    throw new Failure('a whole gzip stream', String(error));
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Failure('a JSON document in each line', line.slice(0, 200));
  }
}
