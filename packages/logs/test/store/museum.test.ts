import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BlockReader } from '../../src/store/segment/block-reader.ts'
import { openSegment } from '../../src/store/segment/open-segment.ts'
import { memorySource } from '../../src/store/segment/segment-source.ts'
import { verifySegment } from '../../src/store/segment/verify-segment.ts'

/** Segments of every format that was ever written, each with the lines that it holds beside it. */
const formats = ['segment-1']

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
  })
})
