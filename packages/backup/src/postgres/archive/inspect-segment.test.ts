import { describe, expect, it } from 'vitest'
import { commit, logSwitch, makeWal, restorePoint } from '../../../test/make-wal.ts'
import { parseSegmentName } from '../../wal/segment.ts'
import type { TreeNode } from '../../repository/index.ts'
import { segmentInspector } from './inspect-segment.ts'
import { decodeSegmentFacts, encodeSegmentFacts } from './segment-facts.ts'

const size = 1 << 20
const wal = makeWal({
  records: [
    commit(3, 10n),
    logSwitch,
    commit(4, 30n),
    commit(5, 20n),
    { data: new Uint8Array(size) },
    restorePoint('x'),
  ],
})
const segments = [...wal.files].map(([name, bytes]) => ({
  segment: { ...parseSegmentName(name, size)!, name, partial: false },
  bytes,
}))

describe('segmentInspector', () => {
  it('tells the latest commit of each segment and how far it reaches, also where a record goes on', () => {
    const inspector = segmentInspector(size)
    const found = segments.map(({ segment, bytes }) => inspector.inspect(segment, bytes))
    expect(found.map(({ lastCommit }) => lastCommit)).toEqual([10n, 30n, undefined])
    expect(found.slice(0, 2).map(({ damage }) => damage)).toEqual([undefined, undefined])
    expect(found[1]!.end).toBe(segments[1]!.segment.start + BigInt(size))
    // The log ends in the last one, which a whole segment never does.
    expect(found[2]).toMatchObject({ end: wal.end, damage: { at: wal.end } })
  })

  it('does not mind that a partial segment ends somewhere', () => {
    const { segment, bytes } = segments[2]!
    const alone = segmentInspector(size).inspect({ ...segment, partial: true }, bytes)
    expect(alone).toMatchObject({ end: wal.end, damage: undefined })
    const empty = segmentInspector(size).inspect({ ...segment, partial: true }, new Uint8Array(size))
    expect(empty).toEqual({ end: segment.start, lastCommit: undefined, damage: undefined })
  })

  it('names where a segment is damaged', () => {
    const { segment, bytes } = segments[1]!
    const damaged = Uint8Array.from(bytes)
    damaged[60]! ^= 4
    const found = segmentInspector(size).inspect(segment, damaged)
    expect(found.damage?.at).toBe(segment.start + 40n)
    expect(found.end).toBeLessThan(segment.start + BigInt(size))
  })
})

describe('facts about a segment', () => {
  it.each([undefined, 0n, 812_345_678_901_234n, -5n])('keep a last commit of %s', (lastCommit) => {
    const node = { extendedAttributes: [encodeSegmentFacts({ end: 0x2_000_0ffn, lastCommit })] } as unknown as TreeNode
    expect(decodeSegmentFacts(node)).toEqual({ end: 0x2_000_0ffn, lastCommit })
  })

  it.each(['', '0/1', 'x -', '0/1 1.5'])('are none when they say "%s"', (text) => {
    const extendedAttributes = [{ name: 'user.exprsn.wal', value: Buffer.from(text) }]
    expect(decodeSegmentFacts({ extendedAttributes } as unknown as TreeNode)).toBeUndefined()
    expect(decodeSegmentFacts({} as TreeNode)).toBeUndefined()
  })
})
