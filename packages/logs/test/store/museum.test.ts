import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { blockForms } from '../../src/store/query/block-forms.ts'
import { BlockReader } from '../../src/store/segment/block-reader.ts'
import { openSegment } from '../../src/store/segment/open-segment.ts'
import { memorySource } from '../../src/store/segment/segment-source.ts'
import { verifySegment } from '../../src/store/segment/verify-segment.ts'

/** Segments of every format that was ever written, each with the lines that it holds beside it. */
const formats = ['segment-1', 'segment-2']

const origin = {
  walFrom: 7,
  places: { 'spool-a': 12 },
  handedOver: ['a-0000000001.lines'],
  replaces: { names: ['0000000001.seg', '0000000002.seg'], group: '0000000003.seg', part: 1, isLast: true },
}

describe('a segment of an earlier version', () => {
  it.for(formats)('%s is read', async (name) => {
    const folder = new URL('museum/', import.meta.url)
    const source = memorySource(name, readFileSync(new URL(`${name}.seg`, folder)))
    const expected = readFileSync(new URL(`${name}.ndjson`, folder), 'utf8')
      .trimEnd()
      .split('\n')
    const segment = await openSegment(source)
    const lines = await new BlockReader(segment, 0).lines([...expected.keys()])
    expect(lines.map(String)).toEqual(expected)
    expect(await verifySegment(() => openSegment(source))).toBeUndefined()
    const { postings } = await segment.findToken('common')
    expect(postings.get(0)?.count).toBe(300)
    // Forms and origin came with the second format.
    expect(await segment.formsOf(0)).toEqual(name === 'segment-1' ? undefined : (await blockForms(segment))[0])
    expect(segment.layout.origin).toEqual(name === 'segment-1' ? undefined : origin)
  })
})
