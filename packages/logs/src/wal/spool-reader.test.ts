import { randomBelow } from '@exprsn/core'
import { createSimulatedDisk, SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { Spool } from './spool.ts'
import { SpoolReader, type LossReason, type ReadLimits } from './spool-reader.ts'
import type { Durability } from './spool-writer.ts'

const pieceSize = 1024 * 1024
const everything: ReadLimits = { records: 5_000, bytes: 2 ** 20 }

function world(durability: Durability, segmentBytes: number = 2 ** 26) {
  const disk = createSimulatedDisk({ clock: new SimulatedClock() })
  disk.makeFolderSync('/spool')
  const spool = new Spool({
    spool: '/spool',
    disk,
    clock: new SimulatedClock(),
    durability,
    segmentBytes,
    maxLine: 2 ** 22,
  })
  const lost: [number, LossReason][] = []
  const reader = new SpoolReader(disk, spool.log, 1, { onLoss: (lines, reason) => lost.push([lines, reason]) })
  const read = async (limits: ReadLimits): Promise<string[]> => {
    const texts: string[] = []
    for (let batch = await reader.read(limits); batch.records.length > 0; batch = await reader.read(limits))
      texts.push(...batch.records.map(({ text }) => text))
    return texts
  }
  const close = async (): Promise<void> => {
    await reader.close()
    await spool.close(() => true)
  }
  return { disk, spool, reader, lost, read, close }
}

/** Some of all sizes: a few bytes, as many as a flush holds, more than a piece. */
function linesOf(seed: number): string[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: 60 }, (_, index) => {
    const most = [300, 300, 300, 5_000, 150_000, index === 30 ? pieceSize * 2 : 300][randomBelow(random, 6)]!
    return `${index} ${'x'.repeat(randomBelow(random, most))}`
  })
}

describe('a reader', () => {
  it.for(['line', 'buffered'] as const)(
    'gives every line of mode %s once, however frames lie to the pieces it reads',
    async (durability) => {
      for (let seed = 1; seed <= 6; seed++) {
        const { spool, lost, read, close } = world(durability, seed % 2 === 0 ? 2 ** 20 : 2 ** 26)
        const lines = linesOf(seed)
        for (const line of lines) spool.write(line)
        await spool.flush()
        expect(await read(seed % 3 === 0 ? { records: 3, bytes: 1_000 } : everything)).toEqual(lines)
        expect(lost).toEqual([])
        await close()
      }
    },
  )

  it('stops at its limits, and goes on where it stopped', async () => {
    const { spool, reader, close } = world('line')
    for (let index = 0; index < 100; index++) spool.write(`${index} ${'y'.repeat(90)}`)
    expect((await reader.read({ records: 7, bytes: 2 ** 20 })).records).toHaveLength(7)
    const { records, bytes, next } = await reader.read({ records: 5_000, bytes: 1_000 })
    expect(records.map(({ id }) => Number(id.split('-')[1]))).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17])
    expect([bytes >= 1_000, bytes < 1_110, next]).toEqual([true, true, 18])
    await close()
  })

  it('reads what was added while it had lines left of what it read before', async () => {
    const { spool, reader, read, close } = world('line')
    for (let index = 0; index < 10; index++) spool.write(`early ${index}`)
    expect((await reader.read({ records: 4, bytes: 2 ** 20 })).records).toHaveLength(4)
    for (let index = 0; index < 10; index++) spool.write(`late ${index}`)
    const rest = await read(everything)
    expect([rest.length, rest[0], rest.at(-1)]).toEqual([16, 'early 4', 'late 9'])
    await close()
  })

  it.for([
    ['in the middle of a piece', pieceSize / 2],
    ['where one piece ends', pieceSize],
    ['in the third piece', pieceSize * 2.5],
  ] as const)('passes over a damaged header %s, and counts its line', async ([, place]) => {
    const { disk, spool, lost, read, close } = world('line')
    const lineSize = 1_000
    for (let index = 0; index < 4_000; index++) spool.write(String(index).padEnd(lineSize - 12))
    const { path } = spool.log.segments[0]!
    const frame = Math.floor((place - 40) / lineSize)
    disk.flipBit(path, (40 + frame * lineSize + 10) * 8)
    const texts = await read(everything)
    expect(texts).toHaveLength(3_999)
    expect(texts.findIndex((text, index) => Number(text) !== index)).toBe(frame)
    expect(lost).toEqual([[1, 'damaged']])
    await close()
  })

  it.for([0, 11, 500])(
    'comes to its end in a file that is shorter than it was, %i bytes behind a line',
    async (more) => {
      const { disk, spool, reader, read, close } = world('line')
      const lineSize = 1_000
      for (let index = 0; index < 3_000; index++) spool.write(String(index).padEnd(lineSize - 12))
      const file = disk.openSync(spool.log.segments[0]!.path, 'update')
      file.truncateSync(40 + 2_000 * lineSize + more)
      file.closeSync()
      expect(await read(everything)).toHaveLength(2_000)
      expect(reader.next).toBe(2_001)
      await close()
    },
  )
})
