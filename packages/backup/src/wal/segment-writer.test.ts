import { join } from 'node:path'
import { exists, readFile, type Disk } from '@exprsn/core/disk'
import { createSimulatedDisk, enumerateCrashPoints } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { makeWal } from '../../test/make-wal.ts'
import { scanWal } from './scan-wal.ts'
import { segmentName, segmentStart } from './segment.ts'
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts'

const segmentSize = 1 << 20
const start = 0x1000000n
const wal = makeWal({ records: [{ data: Buffer.alloc(2 * segmentSize + 90_000, 3) }, { data: Buffer.alloc(9) }] })

function writerOn(
  disk: Disk,
  onDurable: (durable: bigint) => void = () => {},
  onFailure: (error: unknown) => void = () => {},
): SegmentWriter {
  return createSegmentWriter({ disk, folder: '/wal', timeline: 1, segmentSize, start, onDurable, onFailure })
}

async function writeAll(writer: SegmentWriter, until = wal.bytes.length): Promise<void> {
  for (let offset = 0; offset < until; offset += 150_001)
    await writer.write(start + BigInt(offset), wal.bytes.subarray(offset, Math.min(until, offset + 150_001)))
  await writer.flush()
}

/** The bytes of the log as they lie in the folder, complete segments and partial ones. */
async function storedUpTo(disk: Disk, end: bigint): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let at = start; at < end; at += BigInt(segmentSize)) {
    const path = join('/wal', segmentName({ timeline: 1, start: segmentStart(at, segmentSize) }, segmentSize))
    parts.push(await readFile(disk, (await exists(disk, path)) ? path : `${path}.partial`))
  }
  return Buffer.concat(parts).subarray(0, Number(end - start))
}

describe('createSegmentWriter', () => {
  it('loses nothing that it called durable, whenever the power fails', { timeout: 120_000 }, async () => {
    const report = await enumerateCrashPoints<unknown, bigint>(
      {
        prepare: (disk) => disk.makeFolder('/wal'),
        async run({ disk, acknowledge }) {
          const writer = writerOn(disk, acknowledge)
          try {
            await writeAll(writer)
          } finally {
            await writer.close()
          }
        },
        recover: (disk) => scanWal({ folder: '/wal', disk }),
        async check({ disk, acknowledged }) {
          const durable = acknowledged.at(-1) ?? start
          const stored = await storedUpTo(disk, durable)
          if (Buffer.compare(stored, wal.bytes.subarray(0, stored.length)) !== 0) throw new Error('other bytes')
          if (stored.length !== Number(durable - start)) throw new Error('bytes are missing')
        },
      },
      { seeds: 5 },
    )
    expect(report.violations).toEqual([])
    expect(report.points).toBeGreaterThan(40)
  })

  it('goes over an old partial segment without ever losing what it held', { timeout: 60_000 }, async () => {
    const half = segmentSize / 2
    const report = await enumerateCrashPoints<void, never>(
      {
        async prepare(disk) {
          await disk.makeFolder('/wal')
          const writer = writerOn(disk)
          await writeAll(writer, half)
          await writer.close()
        },
        async run({ disk }) {
          const writer = writerOn(disk)
          await writer.write(start, wal.bytes.subarray(0, 100_000))
          await writer.close()
        },
        recover: async () => {},
        async check({ disk }) {
          const stored = await storedUpTo(disk, start + BigInt(half))
          if (Buffer.compare(stored, wal.bytes.subarray(0, half)) !== 0) throw new Error('acknowledged WAL is gone')
        },
      },
      { seeds: 5 },
    )
    expect(report.violations).toEqual([])
  })

  it('says that it failed when a sync fails, and takes nothing more', async () => {
    const disk = createSimulatedDisk({
      intercept: ({ name }) => (name === 'fdatasync' ? { errno: 'EIO' } : undefined),
    })
    await disk.makeFolder('/wal')
    const failures: unknown[] = []
    const writer = writerOn(
      disk,
      () => {},
      (error) => failures.push(error),
    )
    await writer.write(start, wal.bytes.subarray(0, 100))
    await expect(writer.flush()).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    expect(failures).toHaveLength(1)
    expect(() => writer.write(start + 100n, wal.bytes.subarray(100, 200))).toThrow(
      expect.objectContaining({ code: 'CORE_DISK_FAILED' }),
    )
    await expect(writer.flush()).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    expect(writer.durable()).toBe(start)
    await writer.close()
  })

  it('closes what it could not give its size', async () => {
    const disk = createSimulatedDisk({
      intercept: ({ name }) => (name.startsWith('truncate') ? { errno: 'ENOSPC' } : undefined),
    })
    await disk.makeFolder('/wal')
    const writer = writerOn(disk)
    expect(() => writer.write(start, wal.bytes.subarray(0, 100))).toThrow(
      expect.objectContaining({ code: 'CORE_DISK_FULL' }),
    )
    await writer.close()
  })

  it('refuses WAL that does not follow', async () => {
    const disk = createSimulatedDisk()
    await disk.makeFolder('/wal')
    const writer = writerOn(disk)
    expect(() => writer.write(start + 1n, new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'BACKUP_WAL_GAP' }),
    )
    expect(writer.position()).toBe(start)
    await writer.flush()
    await writer.close()
  })
})
