import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { makeTemporaryFolder, readFile, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import { createSimulatedDisk, SimulatedClock, type DiskFault } from '@exprsn/core/testing'
import {
  captureConsole,
  createLogger,
  createPipeline,
  createShipper,
  mask,
  memorySink,
  type Durability,
  type ShipperOptions,
  type Sink,
} from '@exprsn/logs'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostileLines } from './hostile-lines.ts'
import { drive } from './simulations/log-wal/simulate-logs.ts'

const down: Sink = { name: 'memory', send: () => Promise.reject(new Error('down')) }
const line = (index: number): string => JSON.stringify({ level: 30, index, text: 'padding '.repeat(5) })

function world(options: Partial<ShipperOptions> = {}) {
  let fault: ((name: string, path: string) => DiskFault | undefined) | undefined
  const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
  const disk = createSimulatedDisk({ clock, intercept: ({ name, path }) => fault?.(name, path) })
  disk.makeFolderSync('/spool')
  const sink = memorySink()
  const common = { spool: '/spool', clock, disk, adoptAfter: 0, linger: 5, adoptInterval: 1_000 }
  const create = (own: Partial<ShipperOptions> = {}) => createShipper({ sinks: [sink], ...common, ...options, ...own })
  const failWith = (next: typeof fault): void => {
    fault = next
  }
  const texts = () => sink.records.map(({ text }) => text)
  return { clock, disk, sink, texts, create, failWith }
}

/** Leaves 50 lines behind, lets something happen to their segment, and ships what an heir finds. */
async function inherit(spoil: (disk: Disk, path: string, size: number) => Promise<void>, durability: Durability) {
  const { clock, disk, texts, create } = world({ durability, flushInterval: 1 })
  const dead = create({ sinks: [down] })
  for (let index = 0; index < 50; index++) {
    dead.write(line(index))
    if (index % 10 === 9) await clock.advanceBy(5)
  }
  await drive(clock, dead.close({ deadline: 1 }))
  const [folder] = disk.entriesSync('/spool').filter(({ name }) => name !== 'dead-letters')
  const [segment] = disk.entriesSync(`/spool/${folder!.name}`).filter(({ name }) => name.endsWith('.wal'))
  const path = `/spool/${folder!.name}/${segment!.name}`
  await spoil(disk, path, disk.statSync(path).size)
  const heir = create()
  await drive(clock, heir.start())
  const { pending } = await drive(clock, heir.flush())
  const { lost } = heir.status().sinks[0]!
  await drive(clock, heir.close())
  return { texts: texts(), pending, lost: lost.damaged + lost.dropped, left: disk.entriesSync('/spool') }
}

describe('bad input: a torn write-ahead log', () => {
  it.for(['line', 'buffered', 'fsync'] as const)(
    'in mode %s gives what stands before the tear, wherever it is',
    { timeout: 60_000 },
    async (durability) => {
      let cut = 0
      for (let keep = 41; cut < 60; keep += 83, cut++) {
        const { texts, pending, left } = await inherit(async (disk, path, size) => {
          const file = await disk.open(path, 'update')
          await file.truncate(Math.min(size, keep))
          await file.close()
        }, durability)
        expect(texts).toEqual(Array.from({ length: texts.length }, (_, index) => line(index)))
        expect({ pending, left: left.length }).toEqual({ pending: 0, left: 0 })
      }
    },
  )
})

describe('bad input: flipped bits in the write-ahead log', () => {
  it.for(['buffered', 'fsync'] as const)(
    'in mode %s cost the lines they hit, counted, and invent none',
    { timeout: 60_000 },
    async (durability) => {
      for (let flip = 0; flip < 60; flip++) {
        const { texts, lost, pending } = await inherit(async (disk, path, size) => {
          ;(disk as ReturnType<typeof createSimulatedDisk>).flipBit(path, 320 + ((flip * 7_919) % (size * 8 - 320)))
        }, durability)
        expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
        for (const text of texts) expect(line((JSON.parse(text) as { index: number }).index)).toBe(text)
        // Nothing behind the last batch of ten says how many lines it held.
        expect(texts.length + lost).toBeGreaterThanOrEqual(40)
        expect(pending).toBe(0)
      }
    },
  )
})

describe('bad input: a line of 10 MB', () => {
  it('is cut, counted, and says what it was; the memory it took is given back', async () => {
    const { clock, texts, create } = world()
    const shipper = create()
    const logger = pino({ base: null }, shipper.stream())
    logger.warn({ body: 'q'.repeat(10_000_000) }, 'huge')
    logger.info('next')
    await drive(clock, shipper.flush())
    expect(shipper.status()).toMatchObject({ cut: 1, lines: 2, dropped: { full: 0, failed: 0 } })
    const [huge, next] = texts().map((text) => JSON.parse(text) as { level: number; msg: string })
    expect(huge).toMatchObject({ level: 40, msg: expect.stringContaining('was cut') })
    expect(next).toMatchObject({ msg: 'next' })
    expect(texts()[0]!.length).toBeLessThan(70_000)
    await drive(clock, shipper.close())
  })
})

describe('bad input: lines', () => {
  it.for(Object.entries(hostileLines))('%s: goes through the log and a pipeline as it is', async ([, hostile]) => {
    for (const durability of ['line', 'buffered'] as const) {
      const { clock, disk, sink, create } = world({ durability })
      const piped = memorySink({ name: 'piped' })
      const shipper = create({ sinks: [sink, createPipeline(mask()).into(piped)] })
      shipper.write(hostile)
      await drive(clock, shipper.flush())
      expect(sink.records.map(({ bytes }) => Buffer.from(bytes))).toEqual([Buffer.from(hostile)])
      expect(piped.records).toHaveLength(1)
      const { time, level, fields } = sink.records[0]!
      expect(time).toBeGreaterThanOrEqual(0)
      expect(level === undefined || typeof level === 'string').toBe(true)
      expect(typeof fields).toBe('object')
      await drive(clock, shipper.close())
      expect(disk.entriesSync('/spool')).toEqual([])
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

/** Values that make a careless logger throw. */
function hostileValues(): Readonly<Record<string, unknown>> {
  const cyclic: Record<string, unknown> = { name: 'cyclic' }
  cyclic.self = cyclic
  const list: unknown[] = []
  list.push(list)
  let deep: Record<string, unknown> = {}
  for (let depth = 0; depth < 100_000; depth++) deep = { deep }
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return {
    'a cycle': cyclic,
    'a list in itself': list,
    'a deep object': deep,
    __proto__: JSON.parse('{"__proto__":{"polluted":1}}'),
    'a BigInt': { big: 2n ** 100n },
    'a getter that throws': {
      get broken(): never {
        throw new Error('a getter')
      },
    },
    'toJSON that throws': {
      toJSON(): never {
        throw new Error('toJSON')
      },
    },
    'toString that throws': {
      toString(): never {
        throw new Error('toString')
      },
    },
    'a revoked proxy': proxy,
    'an error without a stack': Object.assign(new Error('bare'), { stack: undefined }),
    'an error whose cause is itself': (() => {
      const error = new Error('loop')
      error.cause = error
      return error
    })(),
    'a symbol and a function': { symbol: Symbol('s'), function: () => 1 },
    'a time that is none': { at: new Date(Number.NaN), later: new Date(8.64e15) },
    'typed arrays': { bytes: new Uint8Array(100_000), view: new DataView(new ArrayBuffer(8)) },
    'half a character': '\ud83d',
    'a Map and a Set': { map: new Map([[{}, 1]]), set: new Set([1n]) },
  }
}

describe('bad input: values', () => {
  it.for(Object.keys(hostileValues()))('%s: no logger throws, and a line comes of it', async (name) => {
    const value = hostileValues()[name]
    const { clock, sink, create } = world()
    const shipper = create()
    const silent = (..._values: unknown[]): void => {}
    const quiet = { trace: silent, debug: silent, info: silent, log: silent, warn: silent, error: silent }
    const release = captureConsole({ shipper, console: quiet })
    for (const redact of [true, false]) {
      const logger = createLogger({ shipper, redact })
      expect(() => logger.info({ value }, 'inside')).not.toThrow()
      expect(() => logger.info(value as object, 'outside')).not.toThrow()
      expect(() => logger.error({ err: value }, 'as an error')).not.toThrow()
    }
    expect(() => quiet.info(value)).not.toThrow()
    release()
    await drive(clock, shipper.flush())
    expect(sink.records).toHaveLength(7)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    await drive(clock, shipper.close())
  })
})

describe('bad input: a clock that is put back', () => {
  it('gives no line the id of another, and what was left is still adopted', async () => {
    const { clock, disk, sink, texts, create } = world({ adoptAfter: '2s' })
    const dead = create({ sinks: [down] })
    dead.write(line(0))
    await drive(clock, dead.close({ deadline: 1 }))
    const earlier = new SimulatedClock({ now: Date.UTC(2025, 0, 1) })
    const heir = createShipper({ sinks: [sink], spool: '/spool', disk, clock: earlier, adoptAfter: '2s' })
    heir.write(line(1))
    await drive(earlier, heir.start())
    await drive(earlier, heir.flush())
    expect(texts().sort()).toEqual([line(0), line(1)])
    expect(new Set(sink.records.map(({ id }) => id)).size).toBe(2)
    await drive(earlier, heir.close())
  })
})

describe('bad input: the disk', () => {
  it('ENOSPC: lines are dropped and counted, the caller goes on, and when there is room so does the log', async () => {
    for (const durability of ['line', 'buffered', 'fsync'] as const) {
      const { clock, texts, create, failWith } = world({ durability, maxSpool: 16_384, flushBytes: 512 })
      const shipper = create()
      failWith((name) => (name === 'write' || name === 'open' ? { errno: 'ENOSPC' } : undefined))
      for (let index = 0; index < 300; index++) {
        expect(() => shipper.write(line(index))).not.toThrow()
        await clock.advanceBy(1)
      }
      await clock.advanceBy(1_000)
      failWith(undefined)
      await clock.advanceBy(5_000)
      for (let index = 300; index < 310; index++) shipper.write(line(index))
      expect(await drive(clock, shipper.flush())).toEqual({ pending: 0 })
      const { dropped } = shipper.status()
      expect(dropped.full + dropped.failed).toBeGreaterThan(100)
      expect(texts().length + dropped.full + dropped.failed).toBe(310)
      expect(texts().at(-1)).toBe(line(309))
      await drive(clock, shipper.close())
    }
  })

  it('EIO on fsync: who waited is told, and no line that was acknowledged is lost to a power loss', async () => {
    const { clock, disk, create, failWith } = world({ durability: 'fsync' })
    const shipper = create({ sinks: [down] })
    const acknowledged: string[] = []
    let isBroken = false
    failWith((name) => (isBroken && name === 'fdatasync' ? { errno: 'EIO' } : undefined))
    let refused = 0
    for (let index = 0; index < 30; index++) {
      isBroken = index % 3 === 1
      await drive(clock, shipper.append(line(index))).then(
        () => acknowledged.push(line(index)),
        () => refused++,
      )
    }
    expect({ refused, failed: shipper.status().dropped.failed }).toEqual({ refused: 10, failed: 10 })
    const survivor = disk.crash()
    const sink = memorySink()
    const heir = createShipper({ sinks: [sink], spool: '/spool', disk: survivor, clock, adoptAfter: 0, linger: 5 })
    await drive(clock, heir.start())
    await drive(clock, heir.flush())
    const found = new Set(sink.records.map(({ text }) => text))
    expect(acknowledged.filter((text) => !found.has(text))).toEqual([])
    await drive(clock, heir.close())
    await drive(clock, shipper.close({ deadline: 1 })).catch(() => {})
  })

  it('a spool that cannot be made at all: the service runs, every line is counted', async () => {
    const { clock, create, failWith } = world()
    failWith(() => ({ errno: 'EACCES' }))
    const shipper = create()
    for (let index = 0; index < 20; index++) expect(shipper.write(line(index))).toBe('dropped')
    await clock.advanceBy(30_000)
    expect(shipper.status().dropped).toEqual({ full: 0, failed: 20 })
    expect(await drive(clock, shipper.close({ deadline: '1s' }))).toEqual({ pending: 0 })
  })
})

describe('bad input: processes and threads', () => {
  let folder: string
  beforeEach(async () => {
    folder = await makeTemporaryFolder(systemDisk)
  })
  afterEach(() => removeTree(systemDisk, folder))

  function start(script: string): ReturnType<typeof spawn> {
    const flags = ['--conditions=@exprsn/source', '--input-type=module', '-e', script]
    return spawn(process.execPath, flags, { cwd: import.meta.dirname, stdio: ['ignore', 'ignore', 'inherit'] })
  }

  it('two processes at one spool: each line arrives once, whoever ships it', { timeout: 60_000 }, async () => {
    const script = (name: string, ending: string): string => `import { createShipper } from '@exprsn/logs'
      import { fileSink } from '@exprsn/logs/drivers/file'
      const sink = fileSink({ path: ${JSON.stringify(`${folder}/${name}.ndjson`)} })
      const shipper = createShipper({ sinks: [sink], spool: ${JSON.stringify(`${folder}/spool`)}, adoptAfter: 1_000, adoptInterval: 5, linger: 5 })
      await shipper.start()
      for (let index = 0; index < 500; index++) {
        shipper.write(JSON.stringify({ name: '${name}', index }))
        if (index % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      }
      ${ending}`
    const kill = `process.kill(process.pid, 'SIGKILL')`
    const endings = await Promise.all(
      [
        start(script('a', 'await shipper.close()')),
        start(script('b', kill)),
        start(script('c', 'await shipper.close()')),
      ].map((child) => once(child, 'exit')),
    )
    expect(endings.map(([code, signal]) => code ?? (signal as string))).toEqual([0, 'SIGKILL', 0])
    const sink = memorySink()
    const heir = createShipper({ sinks: [{ ...sink, name: 'file' }], spool: `${folder}/spool`, adoptAfter: 0 })
    await heir.start()
    await heir.flush()
    await heir.close()
    const found = sink.records.map(({ text }) => text)
    for (const name of ['a', 'b', 'c']) {
      const bytes = await readFile(systemDisk, `${folder}/${name}.ndjson`).catch(() => new Uint8Array())
      found.push(...Buffer.from(bytes).toString().split('\n').filter(Boolean))
    }
    const distinct = new Set(found)
    expect(distinct.size).toBe(1_500)
    // The killed one may have sent a batch whose checkpoint it had not written yet.
    expect(
      [...distinct].filter((text) => !text.includes('"b"') && found.indexOf(text) !== found.lastIndexOf(text)),
    ).toEqual([])
    expect(systemDisk.entriesSync(`${folder}/spool`)).toEqual([])
  })

  it(
    'the death of the worker thread: the process is told and lives, and the next one ships what was in the spool',
    {
      timeout: 60_000,
    },
    async () => {
      const script = `import { existsSync, readdirSync, statSync } from 'node:fs'
      const spool = ${JSON.stringify(`${folder}/spool`)}
      import { pino } from 'pino'
      const sinks = [{ target: 'syslog', options: { host: '127.0.0.1', port: 9, tls: false } }]
      const transport = pino.transport({ target: '@exprsn/logs/pino', options: { spool: ${JSON.stringify(`${folder}/spool`)}, sinks } })
      let told = 0
      transport.on('error', () => told++)
      const logger = pino(transport)
      for (let index = 0; index < 200; index++) logger.info({ index }, 'before')
      // The worker takes its time to start: until it has written what it was given.
      const written = () => {
        const names = existsSync(spool) ? readdirSync(spool, { recursive: true }) : []
        return names.filter((name) => name.endsWith('.wal')).reduce((sum, name) => sum + statSync(spool + '/' + name).size, 0)
      }
      while (written() < 200 * 60) await new Promise((resolve) => setTimeout(resolve, 20))
      await new Promise((resolve) => setTimeout(resolve, 100))
      await transport.worker.terminate()
      await new Promise((resolve) => setTimeout(resolve, 200))
      for (let index = 0; index < 10; index++) logger.info({ index }, 'after')
      await new Promise((resolve) => setTimeout(resolve, 200))
      process.exit(told > 0 ? 0 : 3)`
      const [code] = await once(start(script), 'exit')
      expect(code).toBe(0)
      const sink = memorySink({ name: 'syslog' })
      const heir = createShipper({ sinks: [sink], spool: `${folder}/spool`, adoptAfter: 0 })
      await heir.start()
      await heir.flush()
      await heir.close()
      expect(sink.records.filter(({ fields }) => fields.msg === 'before')).toHaveLength(200)
    },
  )
})
