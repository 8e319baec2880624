import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commit, logSwitch, makeWal, restorePoint, type TestRecord } from '../../test/make-wal.ts'
import { walPage } from './page-header.ts'
import { createRecordDecoder, type WalRecord } from './record-decoder.ts'
import { restorePointName, transactionEnd } from './record-meaning.ts'

const segmentSize = 1 << 20
const start = 0x1000000n

function decode(bytes: Uint8Array, from = start) {
  const decoder = createRecordDecoder({ start: from, segmentSize })
  const records: WalRecord[] = []
  for (let offset = 0; offset < bytes.length; offset += segmentSize) {
    // A buffer of its own that is overwritten afterwards: what the decoder keeps must be a copy.
    const segment = Buffer.from(bytes.subarray(offset, offset + segmentSize))
    for (const record of decoder.segment(start + BigInt(offset), segment))
      records.push({ ...record, bytes: Uint8Array.from(record.bytes) })
    segment.fill(0xee)
  }
  return { records, end: decoder.end(), stop: decoder.stopped() }
}

const data = (length: number): TestRecord => ({ data: Buffer.alloc(length, length % 251) })

describe('createRecordDecoder', () => {
  it('reads records that fill pages, cross pages and cross segments', () => {
    const wal = makeWal({ records: [data(10), data(9_000), data(200), data(1 << 20), data(3), data(2 << 20), data(7)] })
    const { records, end, stop } = decode(wal.bytes)
    expect(records.map((record) => record.start)).toEqual(wal.starts)
    expect(end).toBe(wal.end)
    expect(stop).toEqual({ at: wal.end, reason: 'the log ends here' })
  })

  it('gives every record back, whatever their sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 60 }), (lengths) => {
        const wal = makeWal({ records: lengths.map(data) })
        const { records, end } = decode(wal.bytes)
        expect(records.map((record) => record.start)).toEqual(wal.starts)
        expect(end).toBe(wal.end)
      }),
      { numRuns: 200 },
    )
  })

  it('begins in the middle: at a record, or at a segment with the first record that starts in it', () => {
    const wal = makeWal({ records: [data(100), data((1 << 20) + 30_000), data(5), data(6)] })
    expect(decode(wal.bytes, wal.starts[2]!).records.map((record) => record.start)).toEqual(wal.starts.slice(2))
    const second = start + BigInt(segmentSize)
    const decoder = createRecordDecoder({ start: second, segmentSize })
    const records = [...decoder.segment(second, wal.bytes.subarray(segmentSize))]
    expect(records.map((record) => record.start)).toEqual(wal.starts.slice(2))
  })

  it('passes over the rest of a segment after a log switch', () => {
    const wal = makeWal({ records: [data(10), logSwitch, data(20)] })
    const { records, end } = decode(wal.bytes)
    expect(records).toHaveLength(3)
    expect(records[1]!.end).toBe(start + BigInt(segmentSize))
    expect(end).toBe(wal.end)
  })

  it('goes on after a record that was given up in a crash', () => {
    const wal = makeWal({ records: [data(10), data(10_000), data(20)] })
    const bytes = Buffer.from(wal.bytes)
    // The second page is written anew: it says that what came before is to be forgotten.
    const fresh = makeWal({ records: [data(8)] }).bytes.subarray(40, 24 + 40 + 10)
    bytes.fill(0, walPage + 24)
    bytes.set(fresh, walPage + 24)
    bytes.writeUInt16LE(8, walPage + 2)
    bytes.writeUInt32LE(0, walPage + 16)
    const { records, stop } = decode(bytes)
    expect(records[0]!.start).toBe(wal.starts[0])
    // The new record's back link is not ours to forge: reading stops there, not before.
    expect(stop!.at).toBe(start + BigInt(walPage + 24))
  })

  it.each([
    ['a page without header', (bytes: Buffer) => bytes.fill(0, walPage, walPage + 8), 'there is no page header'],
    [
      'a page from elsewhere',
      (bytes: Buffer) => bytes.writeBigUInt64LE(0x9000000n, walPage + 8),
      'the page says that it is 0/9000000',
    ],
    [
      'a long header where none belongs',
      (bytes: Buffer) => bytes.writeUInt16LE(3, walPage + 2),
      'the page header has the wrong form',
    ],
    [
      'a continuation of another length',
      (bytes: Buffer) => bytes.writeUInt32LE(9, walPage + 16),
      'a record is not continued',
    ],
    ['a changed byte in a record', (bytes: Buffer) => bytes.writeUInt8(0xaa, 500), 'a record has a wrong checksum'],
    ['a length that is too small', (bytes: Buffer) => bytes.writeUInt32LE(20, 40), 'a record of 20 bytes'],
    ['a length that is too large', (bytes: Buffer) => bytes.writeUInt32LE(2 ** 31, 40), 'a record of 2147483648 bytes'],
  ])('stops at %s', (_, damage, reason) => {
    const bytes = Buffer.from(makeWal({ records: [data(30_000), data(10)] }).bytes)
    damage(bytes)
    expect(decode(bytes)).toMatchObject({ records: [], end: start, stop: { reason } })
  })

  it('stops at a record that does not link back, also before its other pages are read', () => {
    const wal = makeWal({ records: [data(10), data(20), data(30_000)] })
    const small = Buffer.from(wal.bytes)
    small.writeBigUInt64LE(1n, Number(wal.starts[1]! - start) + 8)
    expect(decode(small).stop!.reason).toMatch(/links back to 0\/1 instead of/)
    const large = Buffer.from(wal.bytes)
    large.writeBigUInt64LE(1n, Number(wal.starts[2]! - start) + 8)
    expect(decode(large)).toMatchObject({ end: wal.starts[2], stop: { at: wal.starts[2] } })
  })

  it('stops when a record continues that never began', () => {
    const wal = makeWal({ records: [data(100), data(20_000)] })
    const bytes = Buffer.from(wal.bytes)
    const decoder = createRecordDecoder({ start: start + BigInt(walPage), segmentSize })
    expect([...decoder.segment(start, bytes)]).toEqual([])
    expect(decoder.stopped()!.reason).toBe('a record continues that never began')
  })

  it('never reads a damaged log further than its damage, 5,000 times', () => {
    const wal = makeWal({ records: [1, 200, 9_000, 50, 17_000, 8].map(data) })
    const used = Number(wal.end - start)
    fc.assert(
      fc.property(fc.nat(used - 1), fc.integer({ min: 1, max: 255 }), (offset, change) => {
        const bytes = Buffer.from(wal.bytes.subarray(0, 5 * walPage))
        bytes[offset] = bytes[offset]! ^ change
        const { records, end } = decode(bytes)
        for (const record of records) expect(wal.starts).toContain(record.start)
        expect(end).toBeLessThanOrEqual(wal.end)
      }),
      { numRuns: 5_000 },
    )
  }, 60_000)
})

describe('the meaning of records', () => {
  const decoded = (records: readonly TestRecord[]) => decode(makeWal({ records }).bytes).records

  it('reads commits, aborts and restore points', () => {
    const abort = { ...commit(8, 5n), info: 0x20 }
    const prepared = { ...commit(9, 6n), info: 0x30 }
    const abortPrepared = { ...commit(10, 7n), info: 0x40 }
    const prepare = { ...commit(11, 8n), info: 0x10 }
    const records = decoded([commit(7, 4n), abort, prepared, abortPrepared, prepare, restorePoint('before'), data(4)])
    expect(records.map(transactionEnd)).toEqual([
      { kind: 'commit', transactionId: 7, time: 4n },
      { kind: 'abort', transactionId: 8, time: 5n },
      { kind: 'commit', transactionId: 9, time: 6n },
      { kind: 'abort', transactionId: 10, time: 7n },
      undefined,
      undefined,
      undefined,
    ])
    expect(records.map(restorePointName).filter(Boolean)).toEqual(['before'])
  })

  it('finds data behind an origin and a top transaction, and long data', () => {
    const [record] = decoded([commit(7, 4n)])
    const bytes = Buffer.concat([
      record!.bytes.subarray(0, 24),
      Buffer.from([253, 1, 1, 252, 1, 1, 1, 1]),
      record!.bytes.subarray(24),
    ])
    expect(transactionEnd({ ...record!, bytes })).toMatchObject({ time: 4n })
    const [long] = decoded([{ ...commit(7, 4n), data: Buffer.concat([commit(7, 4n).data!, Buffer.alloc(400)]) }])
    expect(transactionEnd(long!)).toMatchObject({ time: 4n })
  })

  it('does not read past what is there', () => {
    const [record] = decoded([commit(7, 4n)])
    for (const tail of [[], [255], [255, 4, 1], [254, 1, 0], [254, 9, 0, 0, 0, 1], [7], [253], [255, 3, 1, 1, 1]]) {
      const bytes = Uint8Array.from([...record!.bytes.subarray(0, 24), ...tail])
      expect(transactionEnd({ ...record!, bytes })).toBeUndefined()
      expect(restorePointName({ ...record!, bytes, resourceManager: 0, info: 0x70 })).toBeUndefined()
    }
    const unended = Uint8Array.from([...record!.bytes.subarray(0, 24), 255, 10, 0, 0, 0, 0, 0, 0, 0, 0, 65, 66])
    expect(restorePointName({ ...record!, bytes: unended, resourceManager: 0, info: 0x70 })).toBe('AB')
  })
})
