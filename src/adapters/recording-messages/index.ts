import { mkdirSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Carrier, MessageBook, RecordedMessage } from '#features/notices/types.ts';

/** Lines that are read back: whoever looks for more opens the file. */
const shownMessages = 50;

/**
 * Stands in for a company that sends messages and that we have no contract with: it sends nothing and writes down what
 * it was asked to send, in a book of its own under DATA_DIR. Where the data are samples a labelled page shows the book.
 */
export function createRecordingMessages(folder: string, channel: RecordedMessage['channel']): Carrier {
  mkdirSync(folder, { recursive: true });
  return {
    send: async ({ id, to, subject, text }) => {
      const line: RecordedMessage = { id, channel, to, subject, text };
      await appendFile(join(folder, 'messages.jsonl'), `${JSON.stringify(line)}\n`);
      return `recorded:${id}`;
    },
  };
}

/** The newest messages of the book, whoever they are for. */
export const openMessageBook = (folder: string): MessageBook => ({
  list: () => {
    try {
      const lines = readFileSync(join(folder, 'messages.jsonl'), 'utf8').trimEnd().split('\n');
      return lines
        .slice(-shownMessages)
        .map((line) => JSON.parse(line) as RecordedMessage)
        .toReversed();
    } catch {
      return [];
    }
  },
});
