/** The members of an `ioredis` client that are used: the host's own `new Redis(…)` or `new Cluster(…)` is one. */
export interface RedisClientLike {
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>
  evalsha(digest: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>
}

/** Where Redis is: exactly one of the three. */
export interface RedisConnectionOptions {
  /** The host's own client; its settings stay as they are and it is never closed. */
  readonly client?: RedisClientLike | undefined
  /** `redis://…` or `rediss://…`; a connection is made on the first call. */
  readonly url?: string | undefined
  /** The options of `ioredis`, such as `{ host, port }` or `{ path }`; a connection is made on the first call. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined
}
