import type { Clock } from '@exprsn/core'
import type { CommandWatch } from './command-watch.ts'
import { postgresErrors } from './errors.ts'
import type { CopyBoth, CopyHandlers, ReplicationConnection, ResultSet } from './connection.ts'
import { postgresFault, type ServerName } from './fault.ts'

/**
 * The members of `pg.Client` that we rely on. `query` with a submittable, `connection` and what hangs on it are
 * semi-private: they are named here and nowhere else, and `pg-client.test.ts` checks them against the installed `pg`.
 */
export interface PgClient {
  readonly connection: PgConnection
  /** Of the session on the server, once it is connected. */
  readonly processID?: number | null | undefined
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
  /** Whether such a socket may wait until more has come, for a moment. */
  restsBetweenReads?: boolean | undefined
  readonly writableNeedDrain?: boolean | undefined
  readonly bytesRead?: number | undefined
  readonly bytesWritten?: number | undefined
  /** Bytes that wait to be sent. */
  readonly writableLength?: number | undefined
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

/** What looks after a connected client. */
export interface Session {
  readonly clock: Clock
  readonly watch: CommandWatch
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

/**
 * Speaks the replication sub-protocol over a connected client that was made with `replication: 'true'`. Streams in both directions, where
 * the server is heard of all the time, are watched by who reads them.
 */
export function pgReplicationConnection(
  client: PgClient,
  name: ServerName,
  { clock, watch }: Session,
): ReplicationConnection {
  const wire = client.connection
  let reasonToDestroy: unknown
  const fault = (error: unknown): unknown => reasonToDestroy ?? postgresFault(error, name)
  const destroy = (reason?: unknown): void => {
    reasonToDestroy ??= reason
    wire.stream.destroy()
  }

  const run = (text: string, handlers: RunHandlers): Promise<void> =>
    new Promise((resolve, reject) => {
      const { pauseFor, settled, isPaused } = pausing(wire.stream, destroy)
      const { onCopyIn = unexpectedData, isProducing = () => false } = handlers
      const watching = handlers.isStream
        ? undefined
        : watch({ isHeldBack: () => isPaused() || isProducing(), onLost: destroy })
      const fail = (error: unknown): void => {
        watching?.cancel()
        reject(fault(error))
      }
      const done = (): void => {
        watching?.cancel()
        settled().then(resolve, (error: unknown) => reject(fault(error)))
      }
      const command = submittable(text, { ...handlers, onCopyIn }, pauseFor, destroy, { done, failed: fail })
      if ('onCopyData' in wire.stream) {
        wire.stream.joinsCopyData = handlers.onJoinedData !== undefined
        // A standby confirms what it has as soon as it can.
        wire.stream.restsBetweenReads = handlers.isStream !== true
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
      let isSending = false
      await run(text, {
        ...handlers,
        onData: unexpectedData,
        onCopyIn() {
          isSending = true
          sending = sendAll(wire, pieces).finally(() => (isSending = false))
          sending.catch(destroy)
        },
        isProducing: () => isSending && !(wire.stream.writableLength! > 0),
      })
      await sending
    },
    copyBoth: (text, handlers) => copyBoth(wire, text, handlers, run),
    destroy,
    close: () => endClient(client, clock),
  }
}

/** Milliseconds that the server gets to close its side. */
const farewell = 5_000

/** Closes a connection, also where the other side does not hear it. Never fails. */
export async function endClient(client: PgClient, clock: Clock): Promise<void> {
  const limit = clock.setTimer(() => client.connection.stream.destroy(), farewell, { background: true })
  await client.end().catch(() => {})
  limit.cancel()
}

interface RunHandlers extends CopyHandlers {
  readonly onCopyIn?: (() => void) | undefined
  /** Whether data is being sent of which there is none at this moment. */
  readonly isProducing?: (() => boolean) | undefined
  readonly isStream?: boolean | undefined
}

/** `replicationStart` and `copyDone` never reach a submittable: they are heard on the wire itself. */
function copyBoth(
  wire: PgConnection,
  text: string,
  handlers: CopyHandlers,
  run: (text: string, handlers: RunHandlers) => Promise<void>,
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
      isStream: true,
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
  return { pauseFor, settled: () => last, isPaused: () => open > 0 }
}

function streamNeverBegan() {
  return postgresErrors.BACKUP_POSTGRES_PROTOCOL({ reason: 'a stream ended before it began' })
}

function unexpectedData(): never {
  throw postgresErrors.BACKUP_POSTGRES_PROTOCOL({ reason: 'copied data where none was asked for' })
}
