import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchBuffer } from './batch-buffer.ts'
import { frameHeaderSize, frameKinds, writeFrameHeader } from './frame.ts'
import { findFrame, scanFrames, type FrameScan } from './scan-frames.ts'

const salt = 0x1234_5678

function lineFrame(text: string, sequence: number): Buffer {
  const payload = Buffer.from(text)
  const frame = Buffer.alloc(frameHeaderSize + payload.length)
  writeFrameHeader(frame, 0, frameKinds.line, payload.length, sequence, salt)
  payload.copy(frame, frameHeaderSize)
  return frame
}

function batchFrame(texts: readonly string[], first: number): Buffer {
  const batch = new BatchBuffer(16)
  for (const [index, text] of texts.entries()) batch.add(text, first + index)
  return Buffer.from(batch.frame(salt))
}

function newScan(expected = 1): FrameScan {
  return { id: 'ab', salt, fallbackTime: 5, expected, records: [], lost: 0 }
}

function textsOf(scan: FrameScan): string[] {
  return scan.records.map(({ text }) => text)
}

describe('frames', () => {
  it('come back as they were written, line by line and in batches', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary' }).filter((text) => !text.endsWith('\n') && Buffer.from(text).toString() === text),
        ),
        fc.boolean(),
        (texts, isBatch) => {
          const bytes =
            isBatch && texts.length > 0
              ? batchFrame(texts, 1)
              : Buffer.concat(texts.map((text, index) => lineFrame(`${text}\n`, index + 1)))
          const scan = newScan()
          expect(scanFrames(scan, bytes, 0, bytes.length, Infinity)).toMatchObject({
            reason: 'end',
            offset: bytes.length,
          })
          expect(textsOf(scan)).toEqual(texts)
          expect(scan).toMatchObject({ lost: 0, expected: texts.length + 1 })
          expect(scan.records.map(({ id }) => id)).toEqual(texts.map((_, index) => `ab-${index + 1}`))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('never run past a cut', () => {
    const texts = Array.from({ length: 30 }, (_, index) => `line ${index}`)
    const bytes = Buffer.concat([
      ...texts.slice(0, 20).map((text, index) => lineFrame(text, index + 1)),
      batchFrame(texts.slice(20), 21),
    ])
    for (let cut = 0; cut < bytes.length; cut++) {
      const scan = newScan()
      const end = scanFrames(scan, bytes, 0, cut, Infinity)
      expect(end.offset).toBeLessThanOrEqual(cut)
      expect(textsOf(scan)).toEqual(texts.slice(0, scan.records.length))
    }
  })

  it('of a batch: every flipped bit of it is found', () => {
    const bytes = batchFrame(['first', 'second'], 1)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      const scan = newScan()
      scanFrames(scan, damaged, 0, damaged.length, Infinity)
      expect(scan.records).toHaveLength(0)
    }
  })

  it('behind damage are found again, and what is missing is counted', () => {
    const frames = [lineFrame('one', 1), lineFrame('two', 2), lineFrame('three', 3), lineFrame('four', 4)]
    const bytes = Buffer.concat(frames)
    const second = frames[0]!.length
    bytes.fill(0xee, second, second + 6)
    const scan = newScan()
    const bad = scanFrames(scan, bytes, 0, bytes.length, Infinity)
    expect(bad).toMatchObject({ reason: 'bad', offset: second })
    const found = findFrame(scan, bytes, second + 1, bytes.length)
    expect(found).toBe(second + frames[1]!.length)
    scanFrames(scan, bytes, found!, bytes.length, Infinity)
    expect(textsOf(scan)).toEqual(['one', 'three', 'four'])
    expect(scan.lost).toBe(1)
  })

  it('that were delivered before are passed over', () => {
    const bytes = Buffer.concat([lineFrame('one', 1), batchFrame(['two', 'three'], 2)])
    const scan = newScan(3)
    scanFrames(scan, bytes, 0, bytes.length, Infinity)
    expect(textsOf(scan)).toEqual(['three'])
    expect(scan.lost).toBe(0)
  })

  it('without a checksum of their own are believed only if they can be lines', () => {
    const bytes = Buffer.concat([
      lineFrame('{"a":1}\n', 1),
      lineFrame('{"a":1', 2),
      lineFrame('a\0b', 3),
      lineFrame('text', 4),
    ])
    const scan: FrameScan = { ...newScan(), isTrusted: () => false }
    scanFrames(scan, bytes, 0, bytes.length, Infinity)
    expect(textsOf(scan)).toEqual(['{"a":1}', 'text'])
    expect(scan.lost).toBe(2)
  })

  it('of another spool are none of this one', () => {
    const bytes = lineFrame('foreign', 1)
    expect(scanFrames({ ...newScan(), salt: salt + 1 }, bytes, 0, bytes.length, Infinity).reason).toBe('bad')
  })
})
