import { createSimulatedDisk, SimulatedClock, type DiskFault } from '@exprsn/core/testing'
import { readFile } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { sealPath } from './segment-log.ts'
import { Spool } from './spool.ts'
import type { SpoolOptions } from './spool-options.ts'
import { SpoolReader, type LossReason, type SegmentSource } from './spool-reader.ts'

function world(options: Partial<SpoolOptions> = {}) {
  let fault: ((name: string, path: string) => DiskFault | undefined) | undefined
  const clock = new SimulatedClock()
  const disk = createSimulatedDisk({ clock, intercept: ({ name, path }) => fault?.(name, path) })
  disk.makeFolderSync('/spool')
  const warnings: unknown[] = []
  const logger = { warn: (fields: object) => void warnings.push(fields) } as unknown as SpoolOptions['logger']
  const spool = new Spool({ spool: '/spool', disk, clock, logger, adoptAfter: 0, ...options })
  const failWith = (next: typeof fault): void => {
    fault = next
  }
  return { clock, disk, spool, warnings, failWith }
}

async function readAll(disk: SpoolOptions['disk'], source: SegmentSource, from = 1) {
  const lost: [number, LossReason][] = []
  const reader = new SpoolReader(disk!, source, from, { onLoss: (lines, reason) => lost.push([lines, reason]) })
  const texts: string[] = []
  for (
    let batch = await reader.read({ records: 100, bytes: 4_096 });
    batch.records.length > 0;
    batch = await reader.read({ records: 100, bytes: 4_096 })
  )
    texts.push(...batch.records.map(({ text }) => text))
  await reader.close()
  return { texts, lost, next: reader.next }
}

const onWrite = (errno: string) => (name: string) => (name === 'write' ? { errno } : undefined)

describe('a spool', () => {
  it.for(['line', 'buffered', 'fsync'] as const)(
    'in mode %s keeps lines of any size, as text and bytes',
    async (durability) => {
      const { disk, spool } = world({ durability, maxLine: 4 * 2 ** 20, segmentBytes: 2 ** 22 })
      const lines = ['', 'a', 'ü'.repeat(40_000), 'z'.repeat(2_000_000), '{"after":1}']
      for (const [index, line] of lines.entries()) spool.write(index % 2 === 0 ? line : Buffer.from(`${line}\n`))
      await spool.flush()
      expect((await readAll(disk, spool.log)).texts).toEqual(lines)
      await spool.close(() => true)
      expect(disk.entriesSync('/spool')).toEqual([])
    },
  )

  it('cuts a line that is longer than maxLine', async () => {
    const { disk, spool } = world({ maxLine: 1_000 })
    spool.write('q'.repeat(10_000_000))
    expect(spool.cut).toBe(1)
    const { texts } = await readAll(disk, spool.log)
    expect(JSON.parse(texts[0]!)).toMatchObject({ msg: 'A line of 10000000 was cut.' })
    await spool.close(() => true)
  })

  it.for(['buffered', 'fsync'] as const)(
    'in mode %s writes what waits at once when the process ends, or counts it',
    async (durability) => {
      const { disk, spool, failWith, warnings } = world({ durability })
      spool.write('one')
      spool.flushSync()
      expect((await readAll(disk, spool.log)).texts).toEqual(['one'])
      spool.write('two')
      failWith(onWrite('EIO'))
      spool.flushSync()
      expect(spool.losses.failed).toBe(1)
      expect(warnings).toHaveLength(1)
      failWith(undefined)
      spool.flushSync()
      await spool.close(() => true)
    },
  )

  it.for(['buffered', 'fsync'] as const)(
    'in mode %s gives up lines only when too many wait for a disk that fails',
    async (durability) => {
      const { clock, spool, failWith } = world({ durability, maxSpool: 20_000, flushBytes: 1_000, segmentBytes: 4_096 })
      failWith((name) => (name === 'write' ? { errno: 'ENOSPC' } : undefined))
      for (let index = 0; index < 60; index++) {
        spool.write('w'.repeat(1_000))
        await clock.advanceBy(1)
      }
      expect(spool.losses.failed + spool.losses.full).toBeGreaterThan(0)
      failWith(undefined)
      await spool.flush()
      await spool.close(() => true)
    },
  )

  it('in mode fsync keeps lines that come during a commit for the next, up to a bound', async () => {
    const { clock, disk, spool } = world({ durability: 'fsync', maxSpool: 2 ** 26 })
    const outcomes = Array.from({ length: 40 }, () => spool.write('v'.repeat(1_000_000)))
    expect(outcomes.filter((outcome) => outcome === 'dropped').length).toBeGreaterThan(15)
    expect(spool.losses.failed).toBe(outcomes.filter((outcome) => outcome === 'dropped').length)
    await clock.advanceBy(50)
    const appended = [spool.append('one'), spool.append('two')]
    await Promise.all(appended)
    expect((await readAll(disk, spool.log)).texts.slice(-2)).toEqual(['one', 'two'])
    await spool.close(() => true)
    expect(spool.write('late')).toBe('dropped')
  })

  it('cannot write a segment whose header fails, and goes on with the next', async () => {
    const { disk, spool, failWith } = world()
    failWith(onWrite('ENOSPC'))
    expect(spool.write('one')).toBe('dropped')
    failWith((name) => (name === 'open' ? { errno: 'EMFILE' } : undefined))
    expect(spool.write('two')).toBe('dropped')
    failWith(undefined)
    expect(spool.write('three')).toBe('kept')
    expect((await readAll(disk, spool.log, 3)).texts).toEqual(['three'])
    await spool.close(() => true)
  })

  it('says that another process has its folder, when it cannot lock it', async () => {
    const { clock, disk, spool, warnings } = world()
    const taken = await disk.makeFolder(spool.log.folder).then(() => disk.lock(`${spool.log.folder}/lock`))
    spool.write('one')
    await clock.advanceBy(10)
    expect(warnings).toHaveLength(1)
    await taken!.release()
    await clock.advanceBy(2_000)
    expect(await disk.lock(`${spool.log.folder}/lock`)).toBeUndefined()
    await spool.close(() => false)
  })
})

describe('what the disk refused', () => {
  it.for(['line', 'buffered', 'fsync'] as const)(
    'in mode %s is counted once, and a reader does not wait for it',
    async (durability) => {
      const { clock, disk, spool, failWith } = world({ durability, maxSpool: 2_000, flushBytes: 100 })
      spool.write('first')
      await spool.flush()
      failWith(onWrite('ENOSPC'))
      for (let index = 0; index < 3; index++) {
        spool.write('refused'.repeat(20))
        spool.flushSync()
      }
      expect(spool.losses).toEqual({ full: 0, failed: 3 })
      expect(await readAll(disk, spool.log)).toEqual({ texts: ['first'], lost: [], next: 5 })
      failWith(undefined)
      spool.write('last')
      await spool.flush()
      expect(await readAll(disk, spool.log)).toEqual({ texts: ['first', 'last'], lost: [], next: 6 })
      await clock.advanceBy(100)
      await spool.close(() => true)
    },
  )

  it('in mode fsync is counted when the group cannot be committed, and whoever waits is told', async () => {
    const { clock, disk, spool, failWith } = world({ durability: 'fsync' })
    failWith((name) => (name === 'fdatasync' ? { errno: 'EIO' } : undefined))
    const refused = expect(spool.append('one')).rejects.toMatchObject({
      code: 'LOGS_WAL_WRITE_FAILED',
      details: { lines: 1 },
    })
    await clock.advanceBy(50)
    await refused
    failWith(undefined)
    await spool.append('two')
    const { texts, lost } = await readAll(disk, spool.log)
    // After a failed fsync nobody knows what a file holds: the line may be there, and then it is not lost.
    expect(texts.at(-1)).toBe('two')
    expect(lost).toEqual([])
    expect(spool.losses.failed).toBe(1)
    await spool.close(() => true)
  })

  it('in mode fsync: lines that were flushed at once are durable before whoever waits for them goes on', async () => {
    const { disk, spool } = world({ durability: 'fsync', segmentBytes: 1_024 })
    const lines = Array.from({ length: 12 }, (_, index) => `${index} ${'f'.repeat(300)}`)
    for (const line of lines.slice(0, -1)) {
      spool.write(line)
      spool.flushSync()
    }
    const last = spool.append(lines.at(-1)!)
    // While a group is under way there is nothing to be done at once.
    spool.flushSync()
    await last
    const heir = new Spool({ spool: '/spool', disk: disk.crash(), clock: spool.clock, adoptAfter: 0 })
    const [folder] = await heir.adopt()
    expect((await readAll(heir.disk, folder!)).texts).toEqual(lines)
  })

  it('says why to append: full, closed, or what the disk said', async () => {
    const { spool, failWith } = world({ maxSpool: 1_024 })
    failWith(onWrite('ENOSPC'))
    await expect(spool.append('x')).rejects.toMatchObject({ code: 'LOGS_WAL_WRITE_FAILED' })
    failWith(undefined)
    while (spool.write('y'.repeat(200)) === 'kept');
    await expect(spool.append('z')).rejects.toMatchObject({ code: 'LOGS_WAL_FULL' })
    await spool.close(() => true)
    await expect(spool.append('late')).rejects.toMatchObject({ code: 'LOGS_WAL_CLOSED' })
  })

  it('comes to nothing when what waited was written at the end of the process already', async () => {
    const { clock, disk, spool } = world({ durability: 'fsync' })
    spool.write('one')
    spool.flushSync()
    await clock.advanceBy(100)
    expect((await readAll(disk, spool.log)).texts).toEqual(['one'])
    await spool.close(() => true)
  })
})

describe('a spool at its end', () => {
  it('adopts nothing when it is closed, and gives a folder up once', async () => {
    const { clock, disk, spool } = world()
    spool.write('one')
    await clock.advanceBy(10)
    await spool.close(() => false)
    expect(await spool.adopt()).toEqual([])
    const heir = new Spool({ spool: '/spool', disk, clock, adoptAfter: 0 })
    const [folder] = await heir.adopt()
    await heir.release(folder!, true)
    await heir.release(folder!, true)
    expect(heir.adopted).toEqual([])
    await heir.close(() => true)
  })

  it('does not ask for its lock any more', async () => {
    const { clock, disk, spool } = world()
    const taken = await disk.makeFolder(spool.log.folder).then(() => disk.lock(`${spool.log.folder}/lock`))
    spool.write('one')
    await clock.advanceBy(10)
    await spool.close(() => false)
    await taken!.release()
    await clock.advanceBy(5_000)
    expect(await disk.lock(`${spool.log.folder}/lock`)).toBeDefined()
  })

  it('with drop-oldest makes room from what it adopted first', async () => {
    const { clock, disk, spool } = world()
    for (let index = 0; index < 20; index++) spool.write('a'.repeat(300))
    await clock.advanceBy(10)
    await spool.close(() => false)
    const heir = new Spool({
      spool: '/spool',
      disk,
      clock,
      adoptAfter: 0,
      maxSpool: 8_192,
      segmentBytes: 1_024,
      onFull: 'drop-oldest',
    })
    const [folder] = await heir.adopt()
    for (let index = 0; index < 40; index++) {
      expect(heir.write('b'.repeat(300))).toBe('kept')
      await clock.advanceBy(1)
    }
    expect(folder!.segments).toEqual([])
    expect(heir.log.goneBefore).toBeGreaterThan(1)
    expect((await readAll(disk, folder!)).lost).toEqual([[20, 'dropped']])
    expect(heir.bytes).toBeLessThan(8_192 * 1.5)
    await heir.close(() => true)
  })
})

describe('a folder that was left behind', () => {
  async function left(lines: readonly string[], options: Partial<SpoolOptions> = {}) {
    const { clock, disk, spool } = world(options)
    for (const line of lines) spool.write(line)
    await clock.advanceBy(10)
    await spool.close(() => false)
    await clock.advanceBy(100)
    const heir = new Spool({ spool: '/spool', disk, clock, adoptAfter: 0 })
    return { clock, disk, heir, path: spool.log.segments[0]!.path, folder: spool.log.folder }
  }
  const lines = Array.from({ length: 200 }, (_, index) => JSON.stringify({ index, text: 'padding '.repeat(4) }))

  it('is read with its lines, and removed when it is released', async () => {
    const { disk, heir } = await left(lines)
    const [folder] = await heir.adopt()
    expect((await readAll(disk, folder!)).texts).toEqual(lines)
    expect(await heir.adopt()).toEqual([])
    await heir.release(folder!, true)
    expect(disk.entriesSync('/spool')).toEqual([])
  })

  it('that has rotted gives the lines that are whole, and counts the others', async () => {
    for (let seed = 0; seed < 30; seed++) {
      const { disk, heir, path } = await left(lines)
      const size = disk.statSync(path).size
      for (let flips = 0; flips < 5; flips++)
        disk.flipBit(path, 320 + ((seed * 7_919 + flips * 104_729) % (size * 8 - 320)))
      const [folder] = await heir.adopt()
      const { texts, lost } = await readAll(disk, folder!)
      const missing = lost.reduce((sum, [count]) => sum + count, 0)
      // The very last lines leave no trace when they are gone.
      expect(texts.length + missing).toBeGreaterThanOrEqual(lines.length - 1)
      // Where a checksum is wrong, what can be a line is believed: five flipped bits change five lines at most.
      expect(texts.filter((text) => !lines.includes(text)).length).toBeLessThanOrEqual(5)
    }
  })

  it('is read also when the header of a segment has rotted, or a seal', async () => {
    for (const spoil of [(path: string) => path, (path: string) => sealPath(path)]) {
      const { disk, heir, path } = await left(lines)
      disk.flipBit(spoil(path), 12)
      const [folder] = await heir.adopt()
      expect((await readAll(disk, folder!)).texts).toEqual(lines)
    }
  })

  it('of a later version is left alone', async () => {
    const { disk, heir, path, folder } = await left(lines)
    const bytes = await readFile(disk, path)
    const { crc32 } = await import('node:zlib')
    const changed = Buffer.from(bytes)
    changed[4] = 9
    changed.writeUInt32LE(crc32(changed.subarray(0, 36)), 36)
    const file = await disk.open(path, 'update')
    await file.write(Uint8Array.from(changed), 0)
    await file.close()
    expect(await heir.adopt()).toEqual([])
    expect(disk.statSync(path).size).toBe(bytes.length)
    expect(await disk.lock(`${folder}/lock`)).toBeDefined()
  })

  it('holds files that are no segments, and segments without a line', async () => {
    const { disk, heir, folder } = await left(lines)
    for (const name of ['notes.txt', '0000000fffff.wal']) await (await disk.open(`${folder}/${name}`, 'create')).close()
    const [adopted] = await heir.adopt()
    expect(adopted!.segments).toHaveLength(1)
    await heir.release(adopted!, true)
    expect(disk.entriesSync('/spool')).toEqual([])
  })

  it('loses its middle segment: the lines of it are counted as damaged', async () => {
    const { disk, heir, folder } = await left(lines, { segmentBytes: 4_096 })
    const names = disk
      .entriesSync(folder)
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.wal'))
      .sort()
    await disk.removeFile(`${folder}/${names[1]!}`)
    const [adopted] = await heir.adopt()
    const { texts, lost } = await readAll(disk, adopted!)
    expect(lost).toHaveLength(1)
    expect(lost[0]![1]).toBe('damaged')
    expect(texts.length + lost[0]![0]).toBe(lines.length)
  })
})
