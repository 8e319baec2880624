/** What is used of `http.IncomingMessage` and of its twin in Node's HTTP/2 compatibility layer. */
export interface Incoming {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Set by Connect and Express, which cut a mount path from `url`. */
  readonly originalUrl?: string | undefined
  readonly headers: NodeJS.Dict<string | string[]>
  readonly rawHeaders: readonly string[]
  readonly httpVersionMajor: number
  readonly complete: boolean
  readonly destroyed: boolean
  readonly readableEnded: boolean
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean | undefined }
  /** Set by a body parser that ran before. */
  readonly body?: unknown
  /** Set by some hosts that parse the body themselves. */
  readonly rawBody?: unknown
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  on(event: string, listener: () => void): unknown
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  off(event: string, listener: () => void): unknown
  listenerCount(event: string): number
  pause(): unknown
  resume(): unknown
  destroy(error?: Error): unknown
}

/** What is used of `http.ServerResponse` and of its HTTP/2 twin. */
export interface Outgoing {
  readonly headersSent: boolean
  readonly destroyed: boolean
  readonly closed: boolean
  readonly writableFinished: boolean
  readonly writableEnded: boolean
  writeHead(status: number, headers: Record<string, string | string[]>): unknown
  /** HTTP/2 sends headers at once. */
  flushHeaders?(): void
  write(chunk: Uint8Array): boolean
  end(chunk?: string | Uint8Array): unknown
  destroy(error?: Error): unknown
  on(event: string, listener: () => void): unknown
  once(event: string, listener: () => void): unknown
  off(event: string, listener: () => void): unknown
}
