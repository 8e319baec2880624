import { readFile, systemDisk } from '@exprsn/core/disk'
import { createHealth } from '@exprsn/core/health'
import { createMetrics } from '@exprsn/core/metrics'
import { createSimulatedDisk, SimulatedClock, type DiskFault, type SimulatedDisk } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { memorySink } from '../drivers/memory.ts'
import { sinkErrors } from '../sink/errors.ts'
import type { Sink } from '../sink/sink.ts'
import { sealedPlaces } from '../wal/seals.ts'
import { segmentHeaderSize } from '../wal/segment-header.ts'
import { createShipper } from './create-shipper.ts'
import type { ShipperOptions } from './shipper-options.ts'

const line = (index: number): string => JSON.stringify({ level: 30, msg: `line ${index}`, filler: 'z'.repeat(80) })
const down: Sink = {
  name: 'down',
  send: () => Promise.reject(sinkErrors.LOGS_SINK_UNAVAILABLE({ sink: 'down', reason: 'it is down' })),
}

function world(
  options: Partial<ShipperOptions> = {},
  intercept?: (name: string, path: string) => DiskFault | undefined,
) {
  const clock = new SimulatedClock()
  const disk = createSimulatedDisk({ clock, intercept: intercept && (({ name, path }) => intercept(name, path)) })
  disk.makeFolderSync('/spool')
  const memory = memorySink()
  const shipper = createShipper({
    sinks: [memory],
    spool: '/spool',
    disk,
    clock,
    adoptAfter: 0,
    linger: 10,
    ...options,
  })
  return { clock, disk, memory, shipper }
}

/** Lets time pass until a promise has settled. */
async function within<Value>(clock: SimulatedClock, promise: Promise<Value>): Promise<Value> {
  let isSettled = false
  const settled = promise.finally(() => {
    isSettled = true
  })
  settled.catch(() => {})
  for (let step = 0; step < 20_000 && !isSettled; step++) await clock.advanceBy(20)
  return settled
}

function filesIn(disk: SimulatedDisk): string[] {
  return disk.entriesSync('/spool').map(({ name }) => name)
}

describe('createShipper', () => {
  it('touches nothing before the first line', async () => {
    const { disk, clock, shipper } = world()
    expect({ changes: disk.changes, timers: clock.pending }).toEqual({ changes: 1, timers: 0 })
    await shipper.close()
    expect(filesIn(disk)).toEqual([])
  })

  it.for(['line', 'buffered', 'fsync'] as const)(
    'ships in mode %s by itself, in order, and leaves nothing behind',
    async (durability) => {
      const { clock, disk, memory, shipper } = world({ durability, segmentBytes: 1_024 })
      for (let index = 0; index < 100; index++) shipper.write(`${line(index)}\n`)
      await clock.advanceBy(5_000)
      expect(memory.records.map(({ text }) => text)).toEqual(Array.from({ length: 100 }, (_, index) => line(index)))
      expect(shipper.status()).toMatchObject({
        lines: 100,
        dropped: { full: 0, failed: 0 },
        sinks: [{ delivered: 100, pending: 0 }],
      })
      expect(await within(clock, shipper.close())).toEqual({ pending: 0 })
      expect(filesIn(disk)).toEqual([])
    },
  )

  it('sums up only lines that some sink lacks for long, and then all of them', async () => {
    const sealed: string[] = []
    const spy = (name: string, path: string): undefined => {
      if (name === 'write' && path.endsWith('.seal')) sealed.push(path)
    }
    let isUp = true
    const memory = memorySink()
    const sink: Sink = { ...memory, send: (batch, context) => (isUp ? memory : down).send(batch, context) }
    const { clock, disk, shipper } = world({ sinks: [sink], durability: 'line', maxBackoff: '1s' }, spy)
    for (let index = 0; index < 20; index++) {
      shipper.write(line(index))
      await clock.advanceBy(1_000)
    }
    expect({ delivered: memory.records.length, sealed }).toEqual({ delivered: 20, sealed: [] })
    isUp = false
    for (let index = 20; index < 30; index++) shipper.write(line(index))
    await clock.advanceBy(6_000)
    expect(sealed.length).toBe(1)
    await clock.advanceBy(60_000)
    expect(sealed.length).toBe(1)
    const folder = `/spool/${filesIn(disk).find((name) => name !== 'dead-letters')!}`
    const [name] = disk.entriesSync(folder).flatMap((entry) => (entry.name.endsWith('.wal') ? entry.name : []))
    const path = `${folder}/${name!}`
    const segment = { path, firstSequence: 1, createdAt: 0, size: disk.statSync(path).size, closed: false }
    const isTrusted = await sealedPlaces(disk, segment)
    expect([isTrusted(segmentHeaderSize), isTrusted(segment.size - 1)]).toEqual([false, true])
    await within(clock, shipper.close({ deadline: 10 }))
  })

  it('refuses options that make no sense', () => {
    const sink = memorySink()
    const none = undefined as unknown as []
    for (const options of [
      { sinks: [sink, sink] },
      { sinks: none },
      { sinks: [memorySink({ name: '' })] },
      { spool: '' },
      { maxSpool: 0 },
      { segmentBytes: 12 },
    ])
      expect(() => createShipper({ sinks: [sink], spool: '/s', ...options })).toThrowError(
        expect.objectContaining({ code: 'LOGS_SHIPPER_OPTION_INVALID' }),
      )
  })

  it('gives each sink all lines at its own pace, and keeps what one of them lacks', async () => {
    const slow = memorySink({ name: 'slow' })
    let isUp = false
    const sometimes: Sink = {
      name: 'slow',
      send: (batch, context) => (isUp ? slow.send(batch, context) : down.send(batch, context)),
    }
    const fast = memorySink({ name: 'fast' })
    const { clock, shipper } = world({ sinks: [fast, sometimes] })
    for (let index = 0; index < 20; index++) shipper.write(line(index))
    await clock.advanceBy(60_000)
    expect(fast.records).toHaveLength(20)
    expect(shipper.status().sinks).toMatchObject([
      { name: 'fast', pending: 0 },
      { name: 'slow', pending: 20, lastError: expect.any(String) },
    ])
    isUp = true
    await clock.advanceBy(60_000)
    expect(slow.records).toHaveLength(20)
    await within(clock, shipper.close())
  })

  it('does not send again what a sink had before a restart', async () => {
    const { clock, disk, memory, shipper } = world({ sinks: [memorySink(), down] })
    for (let index = 0; index < 10; index++) shipper.write(line(index))
    await clock.advanceBy(1_000)
    await within(clock, shipper.close({ deadline: 100 }))
    const other = memorySink({ name: 'down' })
    const next = createShipper({ sinks: [memory, other], spool: '/spool', disk, clock, adoptAfter: 0 })
    await within(clock, next.start())
    await within(clock, next.flush())
    expect({ first: memory.records.length, second: other.records.length }).toEqual({ first: 0, second: 10 })
    await within(clock, next.close())
    expect(filesIn(disk)).toEqual([])
  })

  it('flush gives up at its deadline and says how many lines wait', async () => {
    const { clock, shipper } = world({ sinks: [down] })
    for (let index = 0; index < 7; index++) shipper.write(line(index))
    expect(await within(clock, shipper.flush({ deadline: '1s' }))).toEqual({ pending: 7 })
    expect(await within(clock, shipper.flush({ signal: AbortSignal.abort() }))).toEqual({ pending: 7 })
    await within(clock, shipper.close({ deadline: 10 }))
    expect(shipper.write('late')).toBe('dropped')
    await expect(shipper.append('late')).rejects.toMatchObject({ code: 'LOGS_WAL_CLOSED' })
  })

  it('takes over what a process left, once, and only after its lock is old enough', async () => {
    const { clock, disk, shipper } = world({ sinks: [down] })
    for (let index = 0; index < 5; index++) shipper.write(line(index))
    await clock.advanceBy(100)
    await within(clock, shipper.close({ deadline: 10 }))
    const sinks = [memorySink(), memorySink()]
    const shippers = sinks.map((sink) =>
      createShipper({ sinks: [sink], spool: '/spool', disk, clock, adoptAfter: '1m' }),
    )
    for (const each of shippers) await within(clock, each.start())
    expect(sinks.map(({ records }) => records.length)).toEqual([0, 0])
    await clock.advanceBy('2m')
    expect(sinks.map(({ records }) => records.length).sort((a, b) => a - b)).toEqual([0, 5])
    for (const each of shippers) await within(clock, each.close())
    expect(filesIn(disk)).toEqual([])
  })
})

describe('a full spool', () => {
  it('drops what comes, and counts it', async () => {
    const { clock, shipper } = world({ sinks: [down], maxSpool: 8_192 })
    const outcomes = Array.from({ length: 200 }, (_, index) => shipper.write(line(index)))
    const dropped = outcomes.filter((outcome) => outcome === 'dropped').length
    expect(dropped).toBeGreaterThan(100)
    expect(shipper.status()).toMatchObject({ dropped: { full: dropped }, lines: 200 - dropped })
    expect(shipper.status().spool.bytes).toBeLessThan(8_192 + 200)
    await within(clock, shipper.close({ deadline: 10 }))
  })

  it('drops the oldest with drop-oldest, counted where they are missing', async () => {
    let isUp = false
    const memory = memorySink()
    const sink: Sink = {
      name: 'memory',
      limits: { records: 1 },
      send: (batch, context) => (isUp ? memory.send(batch, context) : down.send(batch, context)),
    }
    const { clock, shipper } = world({ sinks: [sink], maxSpool: 8_192, onFull: 'drop-oldest' })
    for (let index = 0; index < 300; index++) {
      expect(shipper.write(line(index))).toBe('kept')
      await clock.advanceBy(1)
    }
    expect(shipper.status().spool.bytes).toBeLessThan(8_192 * 1.5)
    isUp = true
    await within(clock, shipper.flush({ deadline: '10m' }))
    const { delivered, lost } = shipper.status().sinks[0]!
    expect(memory.records.at(-1)!.text).toBe(line(299))
    expect(lost.damaged).toBe(0)
    expect(delivered + lost.dropped).toBe(300)
    await within(clock, shipper.close())
  })

  it('with block lets append wait for room, and write drop', async () => {
    let isUp = false
    const memory = memorySink()
    const sink: Sink = {
      name: 'memory',
      send: (batch, context) => (isUp ? memory.send(batch, context) : down.send(batch, context)),
    }
    const { clock, shipper } = world({ sinks: [sink], maxSpool: 8_192, onFull: 'block', segmentBytes: 1_024 })
    let taken = 0
    const all = Promise.all(Array.from({ length: 100 }, (_, index) => shipper.append(line(index)).then(() => taken++)))
    await clock.advanceBy(2_000)
    expect(taken).toBeLessThan(70)
    expect(shipper.write(line(1_000))).toBe('dropped')
    await expect(shipper.append(line(1), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    isUp = true
    await within(clock, all)
    expect(taken).toBe(100)
    await within(clock, shipper.flush())
    expect(memory.records).toHaveLength(100)
    await within(clock, shipper.close())
  })
})

describe('a failing disk', () => {
  it('keeps nobody waiting for lines that it refused', async () => {
    let fault: DiskFault | undefined
    const { clock, disk, memory, shipper } = world({}, (name) => (name === 'write' ? fault : undefined))
    shipper.write(line(0))
    await clock.advanceBy(100)
    fault = { errno: 'ENOSPC' }
    shipper.write(line(1))
    expect(await within(clock, shipper.flush({ deadline: '1s' }))).toEqual({ pending: 0 })
    fault = undefined
    expect(memory.records).toHaveLength(1)
    expect(shipper.status()).toMatchObject({
      dropped: { failed: 1 },
      sinks: [{ lost: { dropped: 0, damaged: 0 }, pending: 0 }],
    })
    await within(clock, shipper.close())
    expect(filesIn(disk)).toEqual([])
  })

  it('costs counted lines in mode line, never an error, and works again afterwards', async () => {
    let fault: DiskFault | undefined
    const { clock, memory, shipper } = world({}, (name) => (name === 'write' ? fault : undefined))
    shipper.write(line(0))
    fault = { errno: 'ENOSPC' }
    expect(shipper.write(line(1))).toBe('dropped')
    expect(shipper.write(line(2))).toBe('dropped')
    fault = undefined
    expect(shipper.write(line(3))).toBe('kept')
    await clock.advanceBy(1_000)
    expect(memory.records.map(({ text }) => text)).toEqual([line(0), line(3)])
    expect(shipper.status().dropped.failed).toBe(2)
    await within(clock, shipper.close())
  })

  it('keeps buffered lines until it works again', async () => {
    let fault: DiskFault | undefined = { errno: 'EIO' }
    const { clock, memory, shipper } = world({ durability: 'buffered' }, (name) =>
      name === 'write' ? fault : undefined,
    )
    for (let index = 0; index < 50; index++) shipper.write(line(index))
    await clock.advanceBy(1_000)
    expect(memory.records).toHaveLength(0)
    fault = undefined
    await clock.advanceBy(5_000)
    expect(memory.records).toHaveLength(50)
    expect(shipper.status().dropped.failed).toBe(0)
    await within(clock, shipper.close())
  })

  it('lets append of mode fsync fail when the sync fails twice, and survives a single failure', async () => {
    let failures = 0
    const { clock, disk, shipper } = world({ sinks: [down], durability: 'fsync' }, (name) =>
      name === 'fdatasync' && failures-- > 0 ? { errno: 'EIO' } : undefined,
    )
    failures = 1
    await within(clock, shipper.append(line(1)))
    failures = 2
    await expect(within(clock, shipper.append(line(2)))).rejects.toMatchObject({ code: 'LOGS_WAL_WRITE_FAILED' })
    failures = 0
    await within(clock, shipper.append(line(3)))
    const survivor = disk.crash()
    const memory = memorySink()
    const next = createShipper({ sinks: [memory], spool: '/spool', disk: survivor, clock, adoptAfter: 0 })
    await within(clock, next.start())
    await within(clock, next.flush())
    expect(memory.records.map(({ text }) => text).filter((text) => text !== line(2))).toEqual([line(1), line(3)])
    await within(clock, next.close())
    await within(clock, shipper.close({ deadline: 1 })).catch(() => {})
  })
})

describe('poison', () => {
  it('is found in a batch that is refused, and becomes a dead letter with its reason', async () => {
    const memory = memorySink()
    const sink: Sink = {
      name: 'picky',
      async send(batch, context) {
        if (batch.records.some(({ text }) => text.includes('poison')))
          throw sinkErrors.LOGS_SINK_REFUSED({
            sink: 'picky',
            records: batch.records.length,
            reason: 'mapper_parsing_exception',
          })
        await memory.send(batch, context)
      },
    }
    const { clock, disk, shipper } = world({ sinks: [sink] })
    for (let index = 0; index < 100; index++) shipper.write(index === 37 ? '{"msg":"poison"}' : line(index))
    await within(clock, shipper.flush())
    expect(memory.records).toHaveLength(99)
    expect(shipper.status().sinks[0]).toMatchObject({ deadLetters: 1, delivered: 100, pending: 0 })
    const [file] = disk.entriesSync('/spool/dead-letters')
    const letter = JSON.parse(
      Buffer.from(await readFile(disk, `/spool/dead-letters/${file!.name}`)).toString(),
    ) as object
    expect(letter).toMatchObject({
      sink: 'picky',
      line: '{"msg":"poison"}',
      reason: expect.stringContaining('mapper_parsing'),
    })
    await within(clock, shipper.close())
  })

  it('that names lines outside its batch buries those alone that are in it', async () => {
    const sink: Sink = { name: 'odd', send: async () => ({ rejected: [{ index: 99, reason: 'none of yours' }] }) }
    const { clock, shipper } = world({ sinks: [sink] })
    shipper.write(line(1))
    await within(clock, shipper.flush())
    expect(shipper.status().sinks[0]).toMatchObject({ deadLetters: 0, delivered: 1 })
    await within(clock, shipper.close())
  })

  it('beyond maxDeadLetters is counted and not kept', async () => {
    const sink: Sink = {
      name: 'never',
      send: async ({ records }) => ({ rejected: records.map((_, index) => ({ index, reason: 'no' })) }),
    }
    const { clock, shipper } = world({ sinks: [{ ...sink, limits: { records: 1 } }], maxDeadLetters: 600 })
    for (let index = 0; index < 10; index++) shipper.write(line(index))
    await within(clock, shipper.flush())
    const { deadLetters, deadLettersDropped } = shipper.status().sinks[0]!
    expect(deadLetters).toBeGreaterThan(0)
    expect(deadLetters + deadLettersDropped).toBe(10)
    await within(clock, shipper.close())
  })

  it('waits when its dead letters cannot be written, and is not lost', async () => {
    let isBroken = true
    const sink: Sink = {
      name: 'never',
      send: ({ records }) =>
        Promise.reject(sinkErrors.LOGS_SINK_REFUSED({ sink: 'never', records: records.length, reason: 'no' })),
    }
    const { clock, shipper } = world({ sinks: [sink] }, (name, path) =>
      isBroken && name === 'write' && path.includes('dead-letters') ? { errno: 'EIO' } : undefined,
    )
    shipper.write(line(1))
    expect(await within(clock, shipper.flush({ deadline: '1s' }))).toEqual({ pending: 1 })
    isBroken = false
    expect(await within(clock, shipper.flush())).toEqual({ pending: 0 })
    expect(shipper.status().sinks[0]).toMatchObject({ deadLetters: 1 })
    await within(clock, shipper.close())
  })
})

describe('the linger of a sink', () => {
  it('lets lines wait for others, but not when somebody is in a hurry', async () => {
    const batches: number[] = []
    const sink: Sink = {
      name: 'patient',
      linger: '10s',
      send: async ({ records }) => void batches.push(records.length),
    }
    const { clock, shipper } = world({ sinks: [sink] })
    await within(clock, shipper.start())
    for (let index = 0; index < 5; index++) {
      shipper.write(line(index))
      await clock.advanceBy('1s')
    }
    expect(batches).toEqual([])
    await clock.advanceBy('10s')
    expect(batches).toEqual([5])
    shipper.write(line(5))
    await within(clock, shipper.flush())
    expect(batches).toEqual([5, 1])
    await within(clock, shipper.close())
  })
})

describe('what a shipper shows', () => {
  it('says that it is losing lines for as long as it does', async () => {
    const { clock, shipper } = world({ sinks: [down], maxSpool: 4_096 })
    for (let index = 0; index < 100; index++) shipper.write(line(index))
    const check = () => shipper.healthCheck().check({ signal: AbortSignal.timeout(1_000) })
    expect(check).toThrowError(expect.objectContaining({ code: 'LOGS_SHIPPER_LOSING' }))
    expect(check).not.toThrow()
    await within(clock, shipper.close({ deadline: 10 }))
  })

  it('names errors without a code UNKNOWN', async () => {
    const sink: Sink = { name: 'bare', send: () => Promise.reject(new Error('bare')) }
    const { clock, shipper } = world({ sinks: [sink] })
    shipper.write(line(1))
    await clock.advanceBy(1_000)
    expect(shipper.status().sinks[0]!.lastError).toBe('UNKNOWN')
    await within(clock, shipper.close({ deadline: 10 }))
  })

  it('figures as metrics, health and status', async () => {
    const metrics = createMetrics()
    const { clock, shipper } = world({ sinks: [memorySink(), down], metrics })
    const health = createHealth({ checks: { logs: shipper.healthCheck() }, clock })
    shipper.write(line(1))
    await clock.advanceBy(10_000)
    const texts: string[] = []
    for await (const text of metrics.text()) texts.push(text)
    expect(texts.join('')).toContain('logs_lines_total 1')
    expect(texts.join('')).toContain('logs_pending_lines{sink="down"} 1')
    expect(texts.join('')).toContain('logs_delivered_lines_total{sink="memory"} 1')
    expect(() => shipper.healthCheck().check({ signal: AbortSignal.timeout(1_000) })).toThrowError(
      expect.objectContaining({ code: 'LOGS_SHIPPER_BEHIND' }),
    )
    expect(health).toBeDefined()
    await within(clock, shipper.close({ deadline: 10 }))
  })

  it('survives a logger that throws', async () => {
    const fail = (): never => {
      throw new Error('the logger is broken')
    }
    const logger = { trace: fail, debug: fail, info: fail, warn: fail, error: fail, fatal: fail, child: () => logger }
    const { clock, shipper } = world({ sinks: [down], logger, maxSpool: 4_096 })
    for (let index = 0; index < 100; index++) shipper.write(line(index))
    await clock.advanceBy(1_000)
    expect(shipper.status().dropped.full).toBeGreaterThan(0)
    await within(clock, shipper.close({ deadline: 10 }))
  })

  it('works on the real disk', async () => {
    const { makeTemporaryFolder, removeTree } = await import('@exprsn/core/disk')
    const folder = await makeTemporaryFolder(systemDisk)
    const memory = memorySink()
    const shipper = createShipper({ sinks: [memory], spool: `${folder}/spool` })
    for (let index = 0; index < 5_000; index++) shipper.write(line(index))
    expect(await shipper.flush()).toEqual({ pending: 0 })
    expect(memory.records).toHaveLength(5_000)
    await shipper.close()
    expect(systemDisk.entriesSync(`${folder}/spool`)).toEqual([])
    await removeTree(systemDisk, folder)
  })
})
