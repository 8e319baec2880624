import { createRequire } from 'node:module'
import { PassThrough } from 'node:stream'
import { systemClock } from '@exprsn/core'
import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import type { ResultSet } from './connection.ts'
import { endClient, pgReplicationConnection, type PgClient, type PgStream, type PgSubmittable } from './pg-client.ts'

const name = { server: 'db:5432', user: 'backup' }

/** A client whose messages the test plays; the wire is a plain emitter. */
function played() {
  let current: PgSubmittable | undefined
  const listeners = new Map<string, Set<() => void>>()
  const sent: Buffer[] = []
  const calls: string[] = []
  const stream: PgStream = {
    onCopyData: undefined,
    once: () => undefined,
    removeListener: () => undefined,
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    destroy: () => {
      calls.push('destroy')
      current?.handleError(new Error('Connection terminated unexpectedly'))
    },
  }
  const connection = {
    query: (text: string) => void calls.push(text),
    sendCopyFromChunk: (chunk: Buffer) => void sent.push(chunk),
    endCopyFrom: () => void calls.push('end'),
    on: (event: string, listener: () => void) =>
      (listeners.get(event) ?? listeners.set(event, new Set()).get(event)!).add(listener),
    removeListener: (event: string, listener: () => void) => listeners.get(event)?.delete(listener),
    stream,
  }
  const client = {
    connection,
    query(submittable: PgSubmittable) {
      current = submittable
      submittable.submit(connection)
    },
    end: () => Promise.reject(new Error('already closed')),
  } as unknown as PgClient
  return {
    calls,
    sent,
    listeners,
    stream,
    server: () => current!,
    emit: (event: string) => listeners.get(event)?.forEach((listener) => listener()),
    connection: pgReplicationConnection(client, name, { clock: systemClock, watch: () => ({ cancel() {} }) }),
  }
}

function sendRow(server: PgSubmittable, columns: string[], ...rows: (string | null)[][]): void {
  server.handleRowDescription({ fields: columns.map((column) => ({ name: column })) })
  for (const fields of rows) server.handleDataRow({ fields })
  server.handleCommandComplete()
}

describe('the replication connection', () => {
  it('tells what the server says of a command that copies', async () => {
    const { connection, server } = played()
    const tags: string[] = []
    const copying = connection.copyIn('copy t from stdin', [], { onCommand: (tag) => void tags.push(tag) })
    server().handleCopyInResponse()
    server().handleCommandComplete({ text: 'COPY 42' })
    server().handleReadyForQuery()
    await copying
    expect(tags).toEqual(['COPY 42'])
  })

  it('lets what is copied rest between reads, but not a stream that has to be confirmed', async () => {
    const { connection, server, stream, emit } = played()
    const copied = connection.copyOut('BASE_BACKUP', { onData() {} })
    expect(stream.restsBetweenReads).toBe(true)
    server().handleReadyForQuery()
    await copied
    const streaming = connection.copyBoth('START_REPLICATION', { onData() {} })
    expect(stream.restsBetweenReads).toBe(false)
    emit('replicationStart')
    server().handleReadyForQuery()
    await (
      await streaming
    ).finished
  })

  it('collects result sets', async () => {
    const { connection, server, calls } = played()
    const answer = connection.query('IDENTIFY_SYSTEM')
    sendRow(server(), ['a', 'b'], ['1', null])
    sendRow(server(), ['c'])
    server().handleCommandComplete()
    server().handleEmptyQuery()
    server().handlePortalSuspended()
    server().handleReadyForQuery()
    expect(await answer).toEqual([
      { columns: ['a', 'b'], rows: [['1', null]] },
      { columns: ['c'], rows: [] },
    ])
    expect(calls).toEqual(['IDENTIFY_SYSTEM'])
    await connection.close()
  })

  it('pauses the socket while work is open, and is done when the work is', async () => {
    const { connection, server, calls } = played()
    const open: (() => void)[] = []
    let done = false
    const copied = connection
      .copyOut('BASE_BACKUP', { onData: () => new Promise((resolve) => open.push(resolve)) })
      .then(() => (done = true))
    server().handleCopyData({ chunk: Buffer.from('a') })
    server().handleCopyData({ chunk: Buffer.from('b') })
    server().handleReadyForQuery()
    open[0]!()
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect([done, calls]).toEqual([false, ['BASE_BACKUP', 'pause']])
    open[1]!()
    await copied
    expect(calls).toEqual(['BASE_BACKUP', 'pause', 'resume'])
  })

  it('ends the connection when a handler fails, with that error', async () => {
    const thrown = played()
    const first = thrown.connection.copyOut('x', {
      onData: () => {
        throw new Error('cannot')
      },
    })
    thrown.server().handleCopyData({ chunk: Buffer.from('a') })
    await expect(first).rejects.toThrow('cannot')
    expect(thrown.calls).toContain('destroy')

    const rejected = played()
    const second = rejected.connection.copyOut('x', { onData: () => Promise.reject(new Error('could not')) })
    rejected.server().handleCopyData({ chunk: Buffer.from('a') })
    await expect(second).rejects.toThrow('could not')

    const unexpected = played()
    const third = unexpected.connection.query('SHOW x')
    unexpected.server().handleCopyData({ chunk: Buffer.from('a') })
    await expect(third).rejects.toMatchObject({ code: 'BACKUP_POSTGRES_PROTOCOL' })
    const fourth = unexpected.connection.query('SHOW x')
    unexpected.server().handleCopyInResponse()
    await expect(fourth).rejects.toMatchObject({ code: 'BACKUP_POSTGRES_PROTOCOL' })
  })

  it('copies in both directions until either side ends', async () => {
    for (const byServer of [true, false]) {
      const { connection, server, emit, sent, calls, listeners } = played()
      const seen: ResultSet[] = []
      const began = connection.copyBoth('START_REPLICATION', { onData: () => {}, onResult: (set) => seen.push(set) })
      emit('replicationStart')
      const stream = await began
      stream.send(Uint8Array.of(9, 7).subarray(1))
      expect(sent).toEqual([Buffer.from([7])])
      if (byServer) emit('copyDone')
      stream.end()
      stream.send(Uint8Array.of(1))
      expect([sent.length, calls.filter((call) => call === 'end').length]).toEqual([1, 1])
      sendRow(server(), ['next_tli'], ['2'])
      server().handleReadyForQuery()
      expect(await stream.finished).toEqual([{ columns: ['next_tli'], rows: [['2']] }])
      expect(seen).toHaveLength(1)
      expect([...listeners.values()].every((set) => set.size === 0)).toBe(true)
    }
  })

  it('fails to begin when the command is refused, or ends at once', async () => {
    const refused = played()
    const first = refused.connection.copyBoth('x', { onData: () => {} })
    refused.server().handleError(Object.assign(new Error('slot is active'), { code: '55006', severity: 'ERROR' }))
    await expect(first).rejects.toMatchObject({ code: 'BACKUP_POSTGRES_SLOT_ACTIVE' })
    const ended = played()
    const second = ended.connection.copyBoth('x', { onData: () => {} })
    ended.server().handleReadyForQuery()
    await expect(second).rejects.toMatchObject({ code: 'BACKUP_POSTGRES_PROTOCOL' })
  })
})

describe('endClient', () => {
  it('cuts a connection whose other side does not close', async () => {
    const clock = new SimulatedClock()
    let closed = (): void => {}
    const stream = { destroy: () => closed() }
    const client = { connection: { stream }, end: () => new Promise<void>((resolve) => (closed = resolve)) }
    let done = false
    const ending = endClient(client as unknown as PgClient, clock).then(() => (done = true))
    await clock.advanceBy('4s')
    expect(done).toBe(false)
    await clock.advanceBy('1s')
    expect(await ending).toBe(true)
  })
})

describe('the installed pg', () => {
  it('has every member that is relied on', () => {
    const { Client } = createRequire(import.meta.url)('pg')
    const stream = new PassThrough()
    const client = new Client({
      replication: 'true',
      stream: () => Object.assign(stream, { setNoDelay() {}, connect() {} }),
    })
    for (const member of ['connect', 'query', 'end', 'on']) expect(client[member], member).toBeTypeOf('function')
    for (const member of ['query', 'sendCopyFromChunk', 'endCopyFrom', 'on', 'removeListener'])
      expect(client.connection[member], member).toBeTypeOf('function')
    for (const member of ['pause', 'resume', 'destroy'])
      expect(client.connection.stream[member], member).toBeTypeOf('function')
    for (const handler of ['_handleRowDescription', '_handleDataRow', '_handleCopyData', '_handleCommandComplete'])
      expect(client[handler], handler).toBeTypeOf('function')
    client._handleBackendKeyData({ processID: 7, secretKey: 8 })
    expect(client.processID).toBe(7)
    client.connection.sendCopyFromChunk(Buffer.from('abc'))
    expect(stream.read()).toEqual(Buffer.from([0x64, 0, 0, 0, 7, 0x61, 0x62, 0x63]))
  })
})
