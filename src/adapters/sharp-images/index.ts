import { type ChildProcess, fork } from 'node:child_process';
import type { Imaging, MadeRendition, PictureLook } from '#features/files/index.ts';
import type { Answer, Task } from './messages.ts';

/** A child is kept for the next picture; sharp takes 0.3 s to load, and 40 MB while it is there. */
const idleMs = 20_000;
/** 50 million pixels on a busy machine. */
const limitMs = 60_000;

/** The child starts with an empty environment and the least of Node's own memory: libvips has its own. */
const start = (): ChildProcess =>
  fork(new URL('./child.ts', import.meta.url), {
    serialization: 'advanced',
    execArgv: ['--max-old-space-size=128', '--disable-warning=ExperimentalWarning'],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

/** One process that is asked one thing at a time. A picture that kills it is the answer to its own question only. */
function createDecoder() {
  let child: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  const end = (): void => {
    child?.removeAllListeners();
    child?.kill('SIGKILL');
    child = undefined;
  };
  const running = (): ChildProcess => {
    if (child) return child;
    child = start();
    child.unref();
    child.channel?.unref();
    return child;
  };
  const ask = (task: Task): Promise<unknown> =>
    new Promise((resolve, reject) => {
      clearTimeout(idle);
      const asked = running();
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        asked.removeAllListeners();
        asked.channel?.unref();
        done();
      };
      const give = (reason: string): void =>
        settle(() => {
          end();
          reject(new Error(reason));
        });
      const timer = setTimeout(() => give('the decoder took too long'), limitMs);
      asked.channel?.ref();
      asked.once('error', () => give('the decoder could not be started'));
      asked.once('exit', () => give('the decoder ended'));
      asked.on('message', (answer: Answer) => {
        if ('ready' in answer) return;
        idle = setTimeout(end, idleMs).unref();
        settle(() => ('value' in answer ? resolve(answer.value) : reject(new Error(answer.failure))));
      });
      asked.send(task, (error) => error && give('the decoder was gone'));
    });
  return {
    ask: (task: Task): Promise<unknown> => {
      const answer = last.then(() => ask(task));
      last = answer.catch(() => undefined);
      return answer;
    },
    end,
  };
}

/**
 * Pictures are decoded in processes of their own: one that a hostile file kills, or makes swell, takes nothing with it.
 * Who waits for an upload does not wait behind the sizes of another's, so looking and making have a process each.
 */
export function createImaging(): Imaging {
  const looking = createDecoder();
  const making = createDecoder();
  // Ours alone to draw, so a stranger's upload can neither kill nor delay it.
  const drawing = createDecoder();
  return {
    look: (bytes) =>
      // Whatever the decoder fails at, dies of or does not finish is not a picture that we can show.
      looking.ask({ what: 'look', bytes }).then(
        (value) => value as PictureLook,
        (): PictureLook => ({ refused: 'unreadable' }),
      ),
    render: async (bytes, widths) => {
      const made = (await making.ask({ what: 'render', bytes, widths })) as readonly MadeRendition[];
      return made.map(({ bytes: sent, ...one }) => ({ ...one, bytes: Buffer.from(sent) }));
    },
    draw: async (card) => Buffer.from((await drawing.ask({ what: 'draw', card })) as Uint8Array),
    close: () => {
      drawing.end();
      looking.end();
      making.end();
    },
  };
}
