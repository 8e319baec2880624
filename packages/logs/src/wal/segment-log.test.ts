import { createSimulatedDisk, SimulatedClock, type DiskFault } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { SegmentLog } from './segment-log.ts'

const id = '0'.repeat(31) + '7'
const frames = Uint8Array.of(1, 2, 3)

function world(segmentBytes = 4_096) {
  let fault: ((name: string, path: string) => DiskFault | undefined) | undefined
  const clock = new SimulatedClock()
  const disk = createSimulatedDisk({ clock, intercept: ({ name, path }) => fault?.(name, path) })
  disk.makeFolderSync('/spool')
  const log = new SegmentLog({ disk, clock, spool: '/spool', id, segmentBytes })
  const append = (sequence: number): void => {
    log.appendSync(frames, sequence)
    log.nextSequence = sequence + 1
  }
  const failWith = (next: typeof fault): void => {
    fault = next
  }
  const files = (): string[] => disk.entriesSync(log.folder).map(({ name }) => name)
  return { clock, disk, log, append, failWith, files }
}

describe('the segments of a log', () => {
  it('begin with the first frame, and rotate, sync and close nothing before it', async () => {
    const { disk, log } = world()
    log.rotate()
    await log.sync()
    await log.close()
    await log.dropOldest()
    expect(disk.entriesSync('/spool')).toEqual([])
    expect(log).toMatchObject({ bytes: 0, goneBefore: 0 })
  })

  it('are dropped oldest first, also the one that is written', async () => {
    const { log, append, files } = world()
    append(1)
    log.rotate()
    append(2)
    append(3)
    await log.dropOldest()
    expect(log.goneBefore).toBe(2)
    expect(log.segments.map(({ firstSequence }) => firstSequence)).toEqual([2])
    await log.dropOldest()
    expect(log.goneBefore).toBe(4)
    expect({ segments: log.segments.length, bytes: log.bytes, files: files() }).toEqual({
      segments: 0,
      bytes: 0,
      files: [],
    })
    append(4)
    expect(files()).toEqual(['000000000004.wal'])
    await log.close()
  })

  it('are removed once: a second time, and one of another log, change nothing', async () => {
    const { log, append } = world()
    append(1)
    const [segment] = log.segments
    await log.close()
    await log.remove(segment!)
    await log.remove(segment!)
    await log.remove({ path: '/spool/other.wal', firstSequence: 1, createdAt: 0, size: 99, closed: true })
    expect(log).toMatchObject({ bytes: 0, segments: [] })
  })

  it('count no bytes of a segment that is dropped while a group is written to it', async () => {
    const { log, failWith } = world()
    await log.appendDurably(frames, 1)
    failWith((name) => {
      if (name === 'fdatasync') void log.remove(log.segments[0]!)
      return undefined
    })
    await log.appendDurably(frames, 2)
    expect(log.bytes).toBe(0)
    failWith(undefined)
    await log.close()
  })

  it('leave no file behind when their header cannot be written or made durable', async () => {
    const { log, append, failWith, files } = world()
    for (const name of ['write', 'fsync', 'fsyncFolder']) {
      failWith((operation) => (operation === name ? { errno: 'EIO' } : undefined))
      await expect(log.appendDurably(frames, 1)).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
      if (name === 'write') expect(() => append(1)).toThrowError(expect.objectContaining({ code: 'CORE_DISK_FAILED' }))
      expect(files()).toEqual([])
    }
    failWith(undefined)
    append(1)
    expect(files()).toEqual(['000000000001.wal'])
    await log.close()
  })

  it('are given up after a failed write, and the same frame begins the next', async () => {
    const { disk, log, append, failWith } = world()
    append(1)
    failWith((name) => (name === 'write' || name === 'truncate' ? { errno: 'EIO' } : undefined))
    expect(() => append(2)).toThrow()
    failWith(undefined)
    append(2)
    append(3)
    expect(log.segments.map(({ firstSequence, closed }) => [firstSequence, closed])).toEqual([
      [1, true],
      [2, false],
    ])
    expect(disk.entriesSync(log.folder)).toHaveLength(2)
    await log.close()
  })

  it('whose first frame was never written make way for the next of the same name', async () => {
    const { log, failWith, append, files } = world()
    append(1)
    log.rotate()
    let writes = 0
    failWith((name) => (name === 'write' && ++writes === 2 ? { errno: 'EIO' } : undefined))
    expect(() => append(2)).toThrow()
    failWith(undefined)
    append(2)
    expect(files()).toEqual(['000000000001.wal', '000000000002.wal'])
    expect(log.segments).toHaveLength(2)
    await log.close()
  })
})

describe('lines that the disk refused', () => {
  it('are known by their sequences', () => {
    const { log } = world()
    log.refuse(3, 2)
    log.refuse(5, 1)
    log.refuse(9, 1)
    log.nextSequence = 10
    expect([log.refusedBetween(1, 10), log.refusedBetween(4, 6), log.refusedBetween(6, 9)]).toEqual([4, 2, 0])
    expect([log.endAfter(8), log.endAfter(9), log.endAfter(10)]).toEqual([undefined, 10, 10])
    log.nextSequence = 11
    expect(log.endAfter(9)).toBeUndefined()
  })

  it('are forgotten, the oldest first, when there were very many failures apart', () => {
    const { log } = world()
    for (let index = 0; index < 1_200; index++) log.refuse(index * 2 + 1, 1)
    expect(log.refusedBetween(1, 2_401)).toBe(1_000)
    expect(log.refusedBetween(1, 401)).toBe(0)
  })
})
