import { memoryStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { objectFiles } from '../files/object-files.ts'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import { PageCache } from '../tokens/page-cache.ts'
import { SegmentSet } from './segment-set.ts'

async function* segment(word: string): AsyncGenerator<Uint8Array> {
  const builder = new SegmentBuilder()
  for (let row = 0; row < 300; row++) {
    const line = Buffer.from(`{"msg":"${word} ${row}"}`)
    builder.add(line, 0, line.length, row + 1, 42)
  }
  for (const piece of builder.finish()) if (piece !== undefined) yield piece
}

describe('segments that are open', () => {
  it('share a cache, which lets go of the pages of those that are gone when nobody reads them any more', async () => {
    const files = objectFiles(memoryStore(), '')
    for (const name of ['first', 'second']) await files.write(name, segment(name))
    const cache = new PageCache(2 ** 20)
    const set = new SegmentSet(files, cache)
    const release = set.retain(['first', 'second'])
    const sizes = []
    for (const name of ['first', 'second']) {
      const opened = await set.get(name)
      expect((await opened.findToken(name)).postings.get(0)?.count).toBe(300)
      sizes.push(opened.layout.pages[0]!.size)
    }
    expect(cache.bytes).toBe(sizes[0]! + sizes[1]!)

    set.keepOnly(new Set(['second']))
    expect(cache.bytes).toBe(sizes[0]! + sizes[1]!)
    release()
    await set.close()
    expect(cache.bytes).toBe(0)
    await expect(set.get('second')).rejects.toMatchObject({ code: 'LOGS_STORE_CLOSED' })
  })
})
