import type {
  CopyHandlers,
  PostgresConnector,
  ReplicationConnection,
  ResultSet,
} from '../src/replication/connection.ts'

/** Answers of a server that only exists in a test: for states that a real one is hard to bring into. */
export interface FakeServer {
  /** Result of a command; undefined for none. */
  answer(command: string): ResultSet | undefined
  /** Called when a stream begins; returns what its end gives. */
  stream?(stream: FakeStream): Promise<readonly ResultSet[]>
  /** Fails the connection itself. */
  refuse?(): Error | undefined
}

/** A running stream, seen from the server. */
export interface FakeStream {
  readonly command: string
  /** Sends WAL. */
  data(start: bigint, bytes: Uint8Array): void | Promise<void>
  keepalive(replyNow: boolean): void
  /** Status updates received so far: the flushed position and whether a reply was asked for. */
  readonly statuses: { flushed: bigint; replyNow: boolean }[]
  /** Resolves when the client asks for the end. */
  readonly ended: Promise<void>
  /** Rejects when the client cuts the connection. */
  readonly destroyed: Promise<never>
}

/** One row. */
export function row(fields: Readonly<Record<string, string | null>>): ResultSet {
  return { columns: Object.keys(fields), rows: [Object.values(fields)] }
}

/** A connector whose every connection is to the fake server. */
export function fakeConnector(server: FakeServer): PostgresConnector & { connections(): number } {
  let count = 0
  return {
    server: 'fake:5432',
    connections: () => count,
    async replication() {
      count++
      const refused = server.refuse?.()
      if (refused !== undefined) throw refused
      return fakeConnection(server)
    },
    sql: () => Promise.reject(new Error('not part of this test')),
    copying: () => Promise.reject(new Error('not part of this test')),
  }
}

function fakeConnection(server: FakeServer): ReplicationConnection {
  let fail: (reason: unknown) => void = () => {}
  const destroyed = new Promise<never>((_, reject) => (fail = reject))
  destroyed.catch(() => {})
  return {
    server: 'fake:5432',
    async query(command) {
      const set = server.answer(command)
      return set === undefined ? [] : [set]
    },
    copyOut: () => Promise.reject(new Error('not part of this test')),
    copyIn: () => Promise.reject(new Error('not part of this test')),
    async copyBoth(command, handlers) {
      let end: () => void = () => {}
      const ended = new Promise<void>((resolve) => (end = resolve))
      const stream = fakeStream(command, handlers, ended, destroyed)
      const finished = Promise.race([server.stream!(stream), destroyed])
      finished.catch(() => {})
      return {
        send: (bytes) => {
          const view = Buffer.from(bytes)
          stream.statuses.push({ flushed: view.readBigUInt64BE(9), replyNow: view[33] === 1 })
        },
        end,
        finished,
      }
    },
    destroy: (reason) => fail(reason ?? new Error('destroyed')),
    async close() {},
  }
}

function fakeStream(
  command: string,
  handlers: CopyHandlers,
  ended: Promise<void>,
  destroyed: Promise<never>,
): FakeStream {
  return {
    command,
    statuses: [],
    ended,
    destroyed,
    data(start, bytes) {
      const message = Buffer.alloc(25 + bytes.length)
      message.write('w')
      message.writeBigUInt64BE(start, 1)
      message.writeBigUInt64BE(start + BigInt(bytes.length), 9)
      message.set(bytes, 25)
      return handlers.onData(message)
    },
    keepalive(replyNow) {
      const message = Buffer.alloc(18)
      message.write('k')
      message[17] = replyNow ? 1 : 0
      void handlers.onData(message)
    },
  }
}
