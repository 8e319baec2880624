import { repositoryErrors } from '../errors.ts'
import { describe, expect, it } from 'vitest'
import type { LocatedBlob } from './blob-reader.ts'
import { createPackCache } from './pack-cache.ts'

const blob = (pack: string, offset = 0, length = 4): LocatedBlob => ({
  ...{ pack, offset, length, id: 'id', type: 'tree' },
  uncompressedLength: undefined,
})
const content = (pack: string): Uint8Array => Buffer.from(`${pack}-0123456789`)

/** Reads so many blobs of a pack; how many came from memory. */
async function readMany(cache: ReturnType<typeof createPackCache>, pack: string, count: number): Promise<number> {
  let found = 0
  for (let read = 0; read < count; read++) if ((await cache.get(blob(pack), undefined)) !== undefined) found++
  return found
}

describe('createPackCache', () => {
  it('reads a pack whole once many blobs of it were wanted, and gives each its bytes', async () => {
    const loaded: string[] = []
    const cache = createPackCache(async (pack) => (loaded.push(pack), content(pack)))
    expect(await readMany(cache, 'a', 8)).toBe(0)
    expect(loaded).toEqual([])
    expect(Buffer.from((await cache.get(blob('a', 2, 5), undefined))!).toString()).toBe('01234')
    expect(await readMany(cache, 'a', 100)).toBe(100)
    expect(loaded).toEqual(['a'])
  })

  it('loads a pack once for all who want it at the same time', async () => {
    let loads = 0
    const cache = createPackCache(async (pack) => (loads++, content(pack)))
    await readMany(cache, 'a', 8)
    const all = await Promise.all(Array.from({ length: 20 }, () => cache.get(blob('a'), undefined)))
    expect([loads, all.every((bytes) => bytes !== undefined)]).toEqual([1, true])
  })

  it('keeps two packs, and is slower to load one again that it dropped', async () => {
    const loaded: string[] = []
    const cache = createPackCache(async (pack) => (loaded.push(pack), content(pack)))
    for (const pack of ['a', 'b', 'c']) await readMany(cache, pack, 9)
    expect(await readMany(cache, 'a', 100)).toBe(0)
    expect(await readMany(cache, 'c', 1)).toBe(1)
    expect(loaded).toEqual(['a', 'b', 'c'])
    expect(await readMany(cache, 'a', 100)).toBeGreaterThan(0)
  })

  it('leaves to single reads what it cannot read, and what lies beyond the end', async () => {
    const missing = createPackCache(async (pack) => {
      throw repositoryErrors.BACKUP_OBJECT_MISSING({ key: pack })
    })
    expect(await readMany(missing, 'a', 50)).toBe(0)
    const short = createPackCache(async (pack) => content(pack))
    await readMany(short, 'a', 9)
    expect(await short.get(blob('a', 10, 50), undefined)).toBeUndefined()
  })

  it('ends when it is told to, and can be asked again', async () => {
    const controller = new AbortController()
    let hangs = true
    const cache = createPackCache(async (pack, signal) => {
      if (hangs) {
        controller.abort(new Error('enough'))
        signal!.throwIfAborted()
      }
      return content(pack)
    })
    await readMany(cache, 'a', 8)
    await expect(cache.get(blob('a'), controller.signal)).rejects.toThrow('enough')
    hangs = false
    expect(await readMany(cache, 'a', 200)).toBeGreaterThan(0)
  })
})
