import { join } from 'node:path'
import {
  diskErrors,
  makeTemporaryFolder,
  readFile,
  removeTree,
  systemDisk,
  type Disk,
  type DiskFile,
} from '@exprsn/core/disk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeConnector, row, type FakeServer, type FakeStream } from '../../test/fake-connector.ts'
import { put } from '../../test/make-base.ts'
import { makeWal } from '../../test/make-wal.ts'
import { postgresErrors } from '../replication/errors.ts'
import { scanWal } from './scan-wal.ts'
import { createWalReceiver, type WalPosition, type WalReceiverOptions } from './wal-receiver.ts'

const size = 1 << 20
const wal = makeWal({ records: [{ data: Buffer.alloc(2 * size + 40_000) }, { data: Buffer.alloc(9) }] })
const start = 0x1000000n
let folder = ''

beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

interface Facts {
  systemid?: string
  timeline?: string
  xlogpos?: string
  slotType?: string | null
  restart?: string | null
  segment?: string
}

/** A server of timeline 1 whose slot stands at the beginning of our log. */
function server(stream: FakeServer['stream'], facts: Facts = {}, extra: Partial<FakeServer> = {}): FakeServer {
  let slotType = facts.slotType === undefined ? 'physical' : facts.slotType
  return {
    answer(command) {
      if (command === 'IDENTIFY_SYSTEM')
        return row({
          systemid: facts.systemid ?? '77',
          timeline: facts.timeline ?? '1',
          xlogpos: facts.xlogpos ?? '0/9000000',
          dbname: null,
        })
      if (command.startsWith('SHOW')) return row({ wal_segment_size: facts.segment ?? '1MB' })
      if (command.startsWith('CREATE')) {
        slotType = 'physical'
        return row({ slot_name: 's', consistent_point: '0/0' })
      }
      if (command.startsWith('READ'))
        return row({
          slot_type: slotType,
          restart_lsn: slotType === null || facts.restart === null ? null : (facts.restart ?? '0/1000028'),
          restart_tli: slotType === null ? null : '1',
        })
      if (command.startsWith('TIMELINE_HISTORY'))
        return row({ filename: '00000002.history', content: '1\t0/1080000\tno recovery target specified\n' })
      return undefined
    },
    ...(stream === undefined ? {} : { stream }),
    ...extra,
  }
}

function receiver(fake: FakeServer, options: Partial<WalReceiverOptions> = {}) {
  return createWalReceiver({ connector: fakeConnector(fake), slot: 's', into: folder, statusInterval: 20, ...options })
}

/** Sends the log from where the client asked, in pieces, and stays until the client ends the stream. */
async function sendAll(stream: FakeStream, until = wal.bytes.length): Promise<[]> {
  const from = Number.parseInt(/ 0\/([0-9A-F]+) /.exec(stream.command)![1]!, 16) - Number(start)
  for (let offset = from; offset < until; offset += 100_000)
    await stream.data(start + BigInt(offset), wal.bytes.subarray(offset, Math.min(until, offset + 100_000)))
  await stream.ended
  return []
}

const stored = (name: string): Promise<Uint8Array> => readFile(systemDisk, join(folder, name))
const end = start + BigInt(wal.bytes.length)

describe('createWalReceiver', () => {
  it('stores what arrives, says what is durable, and stops in good order', async () => {
    const streams: FakeStream[] = []
    const positions: bigint[] = []
    const subject = receiver(
      server((stream) => {
        streams.push(stream)
        return sendAll(stream)
      }),
      { onProgress: ({ durable }) => positions.push(durable) },
    )
    expect(subject.position()).toMatchObject({ state: 'idle', durable: 0n })
    await subject.start()
    await subject.waitFor(end, { timeout: '5s' })
    await subject.stop()
    expect(subject.position()).toEqual({ state: 'stopped', timeline: 1, received: end, durable: end, error: undefined })
    for (const [name, bytes] of wal.files) expect(Buffer.compare(await stored(name), bytes)).toBe(0)
    expect(streams[0]!.command).toBe('START_REPLICATION SLOT "s" PHYSICAL 0/1000000 TIMELINE 1')
    const flushed = streams[0]!.statuses.map((status) => status.flushed)
    expect(flushed).toEqual(flushed.toSorted((a, b) => Number(a - b)))
    expect(flushed.at(-1)).toBe(end)
    expect(positions.at(-1)).toBe(end)
    await subject.waitFor(end)
    await expect(subject.waitFor(end + 1n)).rejects.toMatchObject({ code: 'BACKUP_WAL_STOPPED' })
  })

  it('goes on after the last complete segment and never shortens the partial one', async () => {
    const half = size + 300_000
    const first = receiver(server((stream) => sendAll(stream, half)))
    await first.start()
    await first.waitFor(start + BigInt(half), { timeout: '5s' })
    await first.stop()
    const partial = `${[...wal.files.keys()][1]}.partial`
    expect((await stored(partial)).length).toBe(size)

    let command = ''
    const second = receiver(
      server(async (stream) => {
        command = stream.command
        // The source is cut off again before it reaches what was acknowledged.
        void stream.data(start + BigInt(size), wal.bytes.subarray(size, size + 1_000))
        await stream.ended
        return []
      }),
    )
    await second.start()
    await second.stop()
    expect(command).toContain('PHYSICAL 0/1100000 TIMELINE 1')
    expect(Buffer.compare((await stored(partial)).subarray(0, half - size), wal.bytes.subarray(size, half))).toBe(0)
  })

  it('receives again a segment that was full but not sealed when the process was killed', async () => {
    const names = [...wal.files.keys()]
    const resumedWith = async (files: readonly string[]): Promise<string> => {
      await removeTree(systemDisk, folder)
      for (const name of files) await put(join(folder, name), wal.files.get(name.replace('.partial', ''))!)
      let command = ''
      const subject = receiver(
        server((stream) => {
          command = stream.command
          return sendAll(stream)
        }),
      )
      await subject.start()
      await subject.waitFor(end, { timeout: '5s' })
      await subject.stop()
      expect((await scanWal({ folder })).gaps).toEqual([])
      return / (0\/[0-9A-F]+) /.exec(command)![1]!
    }
    expect(await resumedWith([names[0]!, `${names[1]}.partial`, `${names[2]}.partial`])).toBe('0/1100000')
    expect(await resumedWith([`${names[0]}.partial`, `${names[1]}.partial`])).toBe('0/1000000')
  })

  it('reconnects after a lost connection, a server that falls silent, and a full disk', async () => {
    let attempt = 0
    let room = false
    const disk: Disk = {
      ...systemDisk,
      openSync(path, mode, options) {
        const file = systemDisk.openSync(path, mode, options)
        return new Proxy(file, {
          get(target, name: keyof DiskFile) {
            if (name === 'writeSync' && !room)
              return () => {
                room = true
                throw diskErrors.CORE_DISK_FULL({ path: 'x', operation: 'write', errno: 'ENOSPC' })
              }
            const member = target[name]
            return typeof member === 'function' ? member.bind(target) : member
          },
        })
      },
    }
    const asked: boolean[] = []
    const subject = receiver(
      server(async (stream) => {
        attempt++
        if (attempt === 1) throw postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST({ server: 'fake', reason: 'cut' })
        if (attempt === 2) {
          await stream.destroyed.catch(() => asked.push(stream.statuses.some((status) => status.replyNow)))
          return []
        }
        if (attempt === 4) return [] // a server that shuts down ends the stream without naming another timeline
        return sendAll(stream).catch(() => [])
      }),
      { disk, serverTimeout: 100 },
    )
    await subject.start()
    await subject.waitFor(end, { timeout: '20s' })
    await subject.stop()
    expect(attempt).toBeGreaterThanOrEqual(5)
    expect(asked).toEqual([true])
    expect((await scanWal({ folder })).gaps).toEqual([])
  })

  it('waits for a slot that is still in use', async () => {
    let refusals = 2
    const seen: WalPosition[] = []
    const subject = receiver(
      server(
        (stream) => sendAll(stream),
        {},
        {
          refuse: () =>
            refusals-- > 0
              ? postgresErrors.BACKUP_POSTGRES_SLOT_ACTIVE({ server: 'fake', reason: 'PID 7' })
              : undefined,
        },
      ),
      { onState: (position) => seen.push(position) },
    )
    await subject.start()
    const once = ['connecting', 'waiting']
    expect(seen.map(({ state }) => state)).toEqual([...once, ...once, 'connecting', 'streaming'])
    for (const { state, error } of seen)
      if (state === 'waiting') expect(error).toMatchObject({ code: 'BACKUP_POSTGRES_SLOT_ACTIVE' })
    expect(subject.position().error).toBeUndefined()
    await subject.stop()
  })

  it('can be stopped while it waits to reconnect', async () => {
    let waits = (): void => {}
    const waiting = new Promise<void>((resolve) => (waits = resolve))
    const subject = receiver(
      server(
        undefined,
        {},
        {
          refuse: () => postgresErrors.BACKUP_POSTGRES_SLOT_ACTIVE({ server: 'fake', reason: 'PID 7' }),
        },
      ),
      { onState: ({ state }) => (state === 'waiting' ? waits() : undefined) },
    )
    const started = subject.start()
    started.catch(() => {})
    await waiting
    await subject.stop()
    await expect(started).rejects.toMatchObject({ code: 'BACKUP_WAL_STOPPED' })
  })

  it('answers keepalives that ask for it', async () => {
    const seen: number[] = []
    const subject = receiver(
      server(async (stream) => {
        await Promise.resolve()
        await new Promise((resolve) => setTimeout(resolve, 5))
        const before = stream.statuses.length
        stream.keepalive(false)
        seen.push(stream.statuses.length - before)
        stream.keepalive(true)
        seen.push(stream.statuses.length - before)
        await stream.ended
        return []
      }),
      { statusInterval: '1h' },
    )
    await subject.start()
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([0, 1])
    await subject.stop()
  })

  it('follows the server to another timeline and keeps its history', async () => {
    const other = makeWal({ records: [{ data: Buffer.alloc(900) }], timeline: 2 })
    const commands: string[] = []
    const subject = receiver(
      server(async (stream) => {
        commands.push(stream.command)
        if (stream.command.endsWith('TIMELINE 1')) {
          void stream.data(start, wal.bytes.subarray(0, 0x80000))
          return [row({ next_tli: '2', next_tli_startpos: '0/1080000' })]
        }
        void stream.data(start, other.bytes)
        await stream.ended
        return []
      }),
    )
    await subject.start()
    await subject.waitFor(start + BigInt(size), { timeout: '5s' })
    await subject.stop()
    expect(commands.map((command) => command.slice(-30))).toEqual([
      expect.stringContaining('TIMELINE 1'),
      expect.stringContaining('0/1000000 TIMELINE 2'),
    ])
    expect(Buffer.from(await stored('00000002.history')).toString()).toContain('0/1080000')
    expect((await scanWal({ folder })).ranges.map((range) => range.timeline)).toEqual([1, 2])
  })

  it('makes its slot when it may, and refuses other slots', async () => {
    const made = receiver(server((stream) => sendAll(stream), { slotType: null }))
    await made.start()
    await made.stop()
    const refused = async (facts: Facts, options: Partial<WalReceiverOptions> = {}): Promise<unknown> => {
      await removeTree(systemDisk, folder)
      return receiver(server(undefined, facts), options)
        .start()
        .catch((error: { code: string }) => error.code)
    }
    expect(await refused({ slotType: null }, { createSlot: false })).toBe('BACKUP_POSTGRES_SLOT_MISSING')
    expect(await refused({ slotType: 'logical' })).toBe('BACKUP_POSTGRES_SLOT_INVALID')
    expect(await refused({ restart: null })).toBe('BACKUP_POSTGRES_SLOT_INVALID')
    expect(await refused({ segment: '3MB' })).toBe('BACKUP_WAL_OPTION_INVALID')
  })

  it('refuses a folder of another cluster, another segment size, or ahead of the server', async () => {
    const before = receiver(server((stream) => sendAll(stream)))
    await before.start()
    await before.waitFor(end, { timeout: '5s' })
    await before.stop()
    const codeWith = (facts: Facts): Promise<unknown> =>
      receiver(server(undefined, facts))
        .start()
        .catch((error: { code: string }) => error.code)
    expect(await codeWith({ systemid: '78' })).toBe('BACKUP_WAL_OTHER_SYSTEM')
    expect(await codeWith({ segment: '16MB' })).toBe('BACKUP_WAL_FOLDER_INVALID')
    expect(await codeWith({ xlogpos: '0/1000100' })).toBe('BACKUP_WAL_AHEAD')
    expect(await codeWith({ timeline: '0' })).toBe('BACKUP_WAL_AHEAD')
  })

  it('fails at a gap instead of passing over it: lost on the server, or in the stream', async () => {
    const removed = receiver(
      server(async () => {
        throw postgresErrors.BACKUP_POSTGRES_WAL_REMOVED({ server: 'fake', reason: 'already removed' })
      }),
    )
    await removed.start()
    await expect(removed.waitFor(end)).rejects.toMatchObject({ code: 'BACKUP_WAL_GAP' })
    expect(removed.position()).toMatchObject({ state: 'failed', error: { code: 'BACKUP_WAL_GAP' } })
    await removed.stop()
    expect(removed.position().state).toBe('failed')

    const skipped = receiver(
      server(async (stream) => {
        void stream.data(start, wal.bytes.subarray(0, 100))
        void stream.data(start + 200n, wal.bytes.subarray(200, 300))
        return []
      }),
    )
    await skipped.start()
    await expect(skipped.waitFor(end)).rejects.toMatchObject({
      code: 'BACKUP_WAL_GAP',
      details: { from: '0/1000064', to: '0/10000C8' },
    })
  })

  it('lets only one receiver into a folder', async () => {
    const first = receiver(server((stream) => sendAll(stream)))
    await first.start()
    await expect(receiver(server(undefined)).start()).rejects.toMatchObject({ code: 'BACKUP_WAL_IN_USE' })
    await first.stop()
  })

  it('waits no longer than asked, and leaves with the signal', async () => {
    const controller = new AbortController()
    await using subject = receiver(
      server((stream) => sendAll(stream)),
      { signal: controller.signal },
    )
    await subject.start()
    await expect(subject.waitFor(end + 1n, { timeout: 30 })).rejects.toMatchObject({ code: 'BACKUP_WAL_TIMEOUT' })
    const waiting = new AbortController()
    const waited = subject.waitFor(end + 1n, { signal: waiting.signal })
    waiting.abort(new Error('no longer'))
    await expect(waited).rejects.toThrow('no longer')
    const last = subject.waitFor(end + 1n)
    controller.abort()
    await expect(last).rejects.toMatchObject({ code: 'BACKUP_WAL_STOPPED' })
    await expect(subject.waitFor(0n, { signal: AbortSignal.abort(new Error('late')) })).rejects.toThrow('late')
  })

  it('has no effect before it is started, and does not start after it was stopped', async () => {
    const connector = fakeConnector(server(undefined))
    const subject = createWalReceiver({ connector, slot: 's', into: join(folder, 'wal') })
    expect(connector.connections()).toBe(0)
    await subject.stop()
    await expect(subject.start()).rejects.toMatchObject({ code: 'BACKUP_WAL_STOPPED' })
    expect(connector.connections()).toBe(0)
    await expect(receiver(server(undefined), { signal: AbortSignal.abort(new Error('no')) }).start()).rejects.toThrow(
      'no',
    )
  })

  it('refuses a slot name that PostgreSQL would refuse', () => {
    for (const slot of ['', 'Slot', 'a-b', 'x'.repeat(64)])
      expect(() => receiver(server(undefined), { slot })).toThrow(
        expect.objectContaining({ code: 'BACKUP_WAL_OPTION_INVALID' }),
      )
  })

  it('rejects the first start when the server cannot be reached', async () => {
    const unreachable = postgresErrors.BACKUP_POSTGRES_UNREACHABLE({ server: 'fake', reason: 'ECONNREFUSED' })
    await expect(receiver(server(undefined, {}, { refuse: () => unreachable })).start()).rejects.toBe(unreachable)
  })

  it('holds the server back while the disk does not keep up, and catches up', async () => {
    const syncs: (() => void)[] = []
    let slow = true
    const disk: Disk = {
      ...systemDisk,
      openSync(path, mode, options) {
        const file = systemDisk.openSync(path, mode, options)
        return new Proxy(file, {
          get(target, name: keyof DiskFile) {
            if (slow && (name === 'fdatasync' || name === 'fsync'))
              return () => new Promise<void>((resolve) => void syncs.push(resolve))
            const member = target[name]
            return typeof member === 'function' ? member.bind(target) : member
          },
        })
      },
    }
    const long = makeWal({ records: [{ data: Buffer.alloc(5 * size) }] })
    const held: boolean[] = []
    const subject = receiver(
      server(async (stream) => {
        for (let offset = 0; offset < 4 * size; offset += size / 2)
          held.push(stream.data(start + BigInt(offset), long.bytes.subarray(offset, offset + size / 2)) !== undefined)
        await stream.ended
        return []
      }),
      { disk, statusInterval: '1h' },
    )
    await subject.start()
    expect(held).toEqual([false, false, false, false, false, true, true, true])
    expect(subject.position().durable).toBe(start)
    slow = false
    for (const sync of syncs) sync()
    await subject.waitFor(start + BigInt(4 * size), { timeout: '5s' })
    await subject.stop()
  })
})
