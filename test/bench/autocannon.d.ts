/** The part of autocannon that the bench uses; the package brings no types. */
declare module 'autocannon' {
  export type Request = {
    readonly method?: 'GET' | 'POST';
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  export type Options = {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly requests: readonly Request[];
  };
  export type Result = {
    /** Seconds that it took indeed. */
    readonly duration: number;
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    readonly latency: { readonly p50: number; readonly p99: number };
  };
  const autocannon: (options: Options) => Promise<Result>;

  export { autocannon as default };
}
