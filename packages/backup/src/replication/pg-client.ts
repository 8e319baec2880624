import { postgresErrors } from './errors.ts'
import type { CopyBoth, CopyHandlers, ReplicationConnection, ResultSet } from './connection.ts'
import { postgresFault, type ServerName } from './fault.ts'

/**
 * The members of `pg.Client` that we rely on. `query` with a submittable, `connection` and what hangs on it are
 * semi-private: they are named here and nowhere else, and `pg-client.test.ts` checks them against the installed `pg`.
 */
export interface PgClient {
  readonly connection: PgConnection
  connect(): Promise<unknown>
  query(submittable: PgSubmittable): unknown
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** The wire connection inside a client. */
export interface PgConnection {
  query(text: string): void
  /** Needs a `Buffer`: it calls `copy` on it. */
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  on(event: 'replicationStart' | 'copyDone', listener: () => void): unknown
  removeListener(event: 'replicationStart' | 'copyDone', listener: () => void): unknown
  readonly stream: PgStream
}

/** The socket of a connection. */
export interface PgStream {
  /** Where the socket takes messages apart itself, it hands copied data over without the detour through `pg`. */
  onCopyData?: ((payload: Uint8Array, messages: number) => void) | undefined
  /** Whether such a socket hands over the data of several messages at once. */
  joinsCopyData?: boolean | undefined
  readonly writableNeedDrain?: boolean | undefined
  once(event: 'drain' | 'close', listener: () => void): unknown
  removeListener(event: 'drain' | 'close', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
  destroy(error?: Error): unknown
}

/** What `client.query()` accepts besides text: it is told of every message of its command. */
export interface PgSubmittable {
  submit(connection: PgConnection): void
  handleRowDescription(message: { readonly fields: readonly { readonly name: string }[] }): void
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void
  /** `messages` comes from sockets that hand over the data of several at once. */
  handleCopyData(message: { readonly chunk: Uint8Array; readonly messages?: number | undefined }): void
  handleCommandComplete(message?: { readonly text?: string | undefined }): void
  handleReadyForQuery(): void
  handleError(error: unknown): void
  handleCopyInResponse(): void
  handlePortalSuspended(): void
  handleEmptyQuery(): void
}

/** Bytes of one message of copied data. */
const copyInStep = 65_536

/** Waits for the socket whenever it has enough to do. */
async function sendAll(wire: PgConnection, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces)
    for (let from = 0; from < piece.length; from += copyInStep) {
      const { buffer, byteOffset, length } = piece.subarray(from, from + copyInStep)
      wire.sendCopyFromChunk(Buffer.from(buffer, byteOffset, length))
      if (wire.stream.writableNeedDrain === true) await drained(wire.stream)
    }
  wire.endCopyFrom()
}

/** Until the socket takes more, or takes nothing any more. */
function drained(stream: PgStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.removeListener('drain', done)
      stream.removeListener('close', done)
      resolve()
    }
    stream.once('drain', done)
    stream.once('close', done)
  })
}

/** Speaks the replication sub-protocol over a connected client that was made with `replication: 'true'`. */
export function pgReplicationConnection(client: PgClient, name: ServerName): ReplicationConnection {
  const wire = client.connection
  let reasonToDestroy: unknown
  const fault = (error: unknown): unknown => reasonToDestroy ?? postgresFault(error, name)
  const destroy = (reason?: unknown): void => {
    reasonToDestroy ??= reason
    wire.stream.destroy()
  }

  const run = (text: string, handlers: CopyHandlers, onCopyIn: () => void = unexpectedData): Promise<void> =>
    new Promise((resolve, reject) => {
      const { pauseFor, settled } = pausing(wire.stream, destroy)
      const command = submittable(text, { ...handlers, onCopyIn }, pauseFor, destroy, {
        done: () => void settled().then(resolve, (error: unknown) => reject(fault(error))),
        failed: (error) => reject(fault(error)),
      })
      if ('onCopyData' in wire.stream) {
        wire.stream.joinsCopyData = handlers.onJoinedData !== undefined
        wire.stream.onCopyData = (chunk, messages) => command.handleCopyData({ chunk, messages })
      }
      client.query(command)
    })

  return {
    server: name.server,
    async query(text) {
      const sets: ResultSet[] = []
      await run(text, { onResult: (set) => sets.push(set), onData: unexpectedData })
      return sets
    },
    copyOut: run,
    async copyIn(text, pieces, handlers = {}) {
      let sending: Promise<void> | undefined
      await run(text, { ...handlers, onData: unexpectedData }, () => {
        sending = sendAll(wire, pieces)
        sending.catch(destroy)
      })
      await sending
    },
    copyBoth: (text, handlers) => copyBoth(wire, text, handlers, run),
    destroy,
    async close() {
      await client.end().catch(() => {})
    },
  }
}

/** `replicationStart` and `copyDone` never reach a submittable: they are heard on the wire itself. */
function copyBoth(
  wire: PgConnection,
  text: string,
  handlers: CopyHandlers,
  run: (text: string, handlers: CopyHandlers) => Promise<void>,
): Promise<CopyBoth> {
  return new Promise((resolve, reject) => {
    const sets: ResultSet[] = []
    let ended = false
    const end = (): void => {
      if (!ended) wire.endCopyFrom()
      ended = true
    }
    const send = (bytes: Uint8Array): void => {
      if (!ended) wire.sendCopyFromChunk(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    }
    const onStart = (): void => resolve({ send, end, finished })
    const finished = run(text, {
      onData: (chunk) => handlers.onData(chunk),
      onResult(set) {
        sets.push(set)
        handlers.onResult?.(set)
      },
    })
      .finally(() => {
        wire.removeListener('replicationStart', onStart)
        wire.removeListener('copyDone', end)
      })
      .then(() => sets)
    wire.on('replicationStart', onStart)
    wire.on('copyDone', end)
    // Before the stream begins a failure belongs to this call, afterwards to `finished`.
    finished.then(() => reject(streamNeverBegan()), reject)
  })
}

type CopiedData = Parameters<PgSubmittable['handleCopyData']>[0]

interface Outcome {
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

function submittable(
  text: string,
  handlers: CopyHandlers & { readonly onCopyIn: () => void },
  pauseFor: (work: Promise<void>) => void,
  destroy: (reason: unknown) => void,
  { done, failed }: Outcome,
): PgSubmittable {
  let set: { columns: string[]; rows: (readonly (string | null)[])[] } | undefined
  // An exception inside pg's parser would surface as an uncaught one: end the connection with it instead.
  const guarded =
    <Message extends readonly unknown[]>(handle: (...message: Message) => void) =>
    (...message: Message): void => {
      try {
        handle(...message)
      } catch (error) {
        destroy(error)
      }
    }
  return {
    submit: (connection) => connection.query(text),
    handleRowDescription: ({ fields }) => {
      set = { columns: fields.map((field) => field.name), rows: [] }
    },
    handleDataRow: ({ fields }) => void set?.rows.push(fields),
    handleCopyData: guarded(({ chunk, messages }: CopiedData) => {
      const work =
        messages === undefined || handlers.onJoinedData === undefined
          ? handlers.onData(chunk)
          : handlers.onJoinedData(chunk, messages)
      if (work !== undefined) pauseFor(work)
    }),
    handleCommandComplete: guarded((message?: { readonly text?: string | undefined }) => {
      if (message?.text !== undefined) handlers.onCommand?.(message.text)
      if (set !== undefined) handlers.onResult?.(set)
      set = undefined
    }),
    handleReadyForQuery: done,
    handleError: failed,
    handleCopyInResponse: guarded(handlers.onCopyIn),
    handlePortalSuspended: () => {},
    handleEmptyQuery: () => {},
  }
}

/** Keeps the socket paused while any work is open; the first failure ends the connection. */
function pausing(stream: PgStream, destroy: (reason: unknown) => void) {
  let open = 0
  let last: Promise<void> = Promise.resolve()
  const pauseFor = (work: Promise<void>): void => {
    if (open++ === 0) stream.pause()
    const settled = work.then(
      () => void (--open === 0 && stream.resume()),
      (error: unknown) => {
        destroy(error)
        throw error
      },
    )
    last = Promise.all([last, settled]).then(() => {})
    last.catch(() => {})
  }
  return { pauseFor, settled: () => last }
}

function streamNeverBegan() {
  return postgresErrors.BACKUP_POSTGRES_PROTOCOL({ reason: 'a stream ended before it began' })
}

function unexpectedData(): never {
  throw postgresErrors.BACKUP_POSTGRES_PROTOCOL({ reason: 'copied data where none was asked for' })
}
