import { randomBelow } from '@exprsn/core'
import { createSimulatedDisk, SeededRandom, SimulatedClock, type DiskFault } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { createLineWriter } from './line-writer.ts'
import { SegmentLog } from './segment-log.ts'
import { SpoolReader } from './spool-reader.ts'

const id = '0123456789abcdef0123456789abcdef'

function world({ segmentBytes = 2 ** 20 } = {}) {
  let fault: ((name: string) => DiskFault | undefined) | undefined
  const clock = new SimulatedClock()
  const disk = createSimulatedDisk({ clock, intercept: ({ name }) => fault?.(name) })
  const log = new SegmentLog({ disk, clock, spool: '/spool', id, segmentBytes })
  const lost: number[] = []
  const events = { onWritten: () => {}, onLost: (lines: number) => void lost.push(lines) }
  const writer = createLineWriter(log, events)
  return {
    disk,
    log,
    writer,
    lost,
    break(how: typeof fault) {
      fault = how
    },
    async texts(): Promise<string[]> {
      const reader = new SpoolReader(disk, log, 1, { onLoss: (lines) => expect.fail(`${lines} lost`) })
      const { records } = await reader.read({ records: 1e6, bytes: 2 ** 30 })
      await reader.close()
      return records.map(({ text }) => text)
    },
  }
}

/** Lines of all sizes: most are short, some do not fit the writer's buffer, some are bytes, some not ASCII. */
function lineOf(random: SeededRandom, index: number): { line: string | Uint8Array; text: string } {
  const kind = randomBelow(random, 100)
  const size =
    kind < 90 ? randomBelow(random, 900) : kind < 98 ? randomBelow(random, 30_000) : randomBelow(random, 200_000)
  const unit = kind % 3 === 0 ? 'ä' : kind % 3 === 1 ? 'x' : '😀'
  const text = `${index} ${unit.repeat(Math.ceil(size / unit.length))}`
  return { line: kind % 2 === 0 ? `${text}\n` : Buffer.from(text), text }
}

describe('the writer of mode line', () => {
  it('has every line in the log when the call returns, whatever its size', async () => {
    for (let seed = 0; seed < 6; seed++) {
      const { writer, log, texts } = world({ segmentBytes: 150_000 })
      const random = new SeededRandom(seed)
      const wanted: string[] = []
      for (let index = 0; index < 150; index++) {
        const { line, text } = lineOf(random, index)
        expect(writer.write(line)).toBe('kept')
        wanted.push(text)
        if (randomBelow(random, 40) === 0) expect(await texts()).toEqual(wanted)
      }
      expect(log.segments.length).toBeGreaterThan(1)
      expect(await texts()).toEqual(wanted)
    }
  })

  it('keeps lines apart that are as long as others before them, and those around the size of its buffer', async () => {
    const { writer, texts } = world()
    const wanted: string[] = []
    for (const size of [1, 7, 4_082, 4_083, 4_084, 4_085, 21_841, 21_842, 65_523, 65_524, 65_525])
      for (const unit of ['a', 'b', 'a']) {
        const text = unit.repeat(size)
        writer.write(text)
        writer.write(Buffer.from(text))
        wanted.push(text, text)
      }
    expect(await texts()).toEqual(wanted)
  })

  it('goes on in a segment of its own after the disk refused a line', async () => {
    const { writer, log, lost, break: breakWith, texts } = world()
    const wanted: string[] = []
    for (let index = 0; index < 60; index++) {
      const isRefused = index % 7 === 3
      breakWith(isRefused ? (name) => (name === 'write' ? { errno: 'ENOSPC' } : undefined) : undefined)
      const text = `${index} ${'x'.repeat(index % 11 === 5 ? 90_000 : 40)}`
      expect(writer.write(text)).toBe(isRefused ? 'dropped' : 'kept')
      if (!isRefused) wanted.push(text)
    }
    expect(lost).toEqual(Array.from({ length: 9 }, () => 1))
    expect(log.refusedBetween(1, 61)).toBe(9)
    expect(await texts()).toEqual(wanted)
  })
})
