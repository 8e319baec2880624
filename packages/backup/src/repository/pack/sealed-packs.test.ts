import { systemRandom } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { openSealed, sealPlain } from '../../seal/index.ts'
import { masterKeyOf } from '../key/master-key.ts'
import { sha256 } from '../object/load-verified.ts'
import type { RepositoryStore } from '../object/repository-store.ts'
import { SealedPacks } from './sealed-packs.ts'

const key = masterKeyOf(new SeededRandom(1).bytes(64))
const random = new SeededRandom(2)
const blobOf = (content: Uint8Array, type: 'data' | 'tree' = 'data') => ({
  type,
  id: sha256(content),
  sealed: sealPlain(key, content, systemRandom),
  uncompressedLength: undefined,
})

/** Puts take as long as the test wants: each waits until it is let go, and keeps nothing of the bytes it was given. */
function slowStore() {
  const stored = new Map<string, Uint8Array>()
  const waiting: PromiseWithResolvers<void>[] = []
  const put = async (name: string, bytes: Uint8Array): Promise<never> => {
    const turn = Promise.withResolvers<void>()
    waiting.push(turn)
    await turn.promise
    // A Buffer's own slice would be the same memory.
    stored.set(name, new Uint8Array(bytes))
    return undefined as never
  }
  return { stored, waiting, store: { put } as unknown as RepositoryStore }
}

describe('packs of sealed blobs', () => {
  it('hold what was added, whenever they are stored', async () => {
    const { stored, waiting, store } = slowStore()
    const packs = new SealedPacks({ store, key, random, packSize: 4_000 })
    const contents = Array.from({ length: 60 }, () => random.bytes(300))
    const adding = (async () => {
      for (const [index, content] of contents.entries())
        await packs.add(blobOf(content, index % 5 === 0 ? 'tree' : 'data'))
      return packs.finish()
    })()
    let most = 0
    let ended = false
    const end = adding.then(() => (ended = true))
    while (!ended) {
      most = Math.max(most, waiting.length)
      // The last that came is let go first.
      waiting.pop()?.resolve()
      await Promise.race([end, new Promise((resolve) => setImmediate(resolve))])
    }
    expect(most).toBe(2)
    const found = (await adding).flatMap(({ id, blobs }) => {
      const bytes = stored.get(`data/${id.slice(0, 2)}/${id}`)!
      expect(sha256(bytes)).toBe(id)
      return blobs.map(({ offset, length, id: blob }) => {
        const plain = openSealed(key, bytes.subarray(offset, offset + length))!
        expect(sha256(plain)).toBe(blob)
        return blob
      })
    })
    expect(found.sort()).toEqual(contents.map(sha256).sort())
    expect(packs.bytes).toBe([...stored.values()].reduce((sum, { length }) => sum + length, 0))
  })

  it('tell of one that could not be stored, and store nothing after they have settled', async () => {
    const { stored, waiting, store } = slowStore()
    const packs = new SealedPacks({ store, key, random, packSize: 1_000 })
    for (let pack = 0; pack < 2; pack++) await packs.add(blobOf(random.bytes(1_000)))
    const third = packs.add(blobOf(random.bytes(1_000)))
    waiting[0]!.reject(new Error('the disk is full'))
    await expect(third).rejects.toThrow('the disk is full')
    const settled = packs.settle()
    waiting[1]!.resolve()
    await settled
    expect(stored.size).toBe(1)
    expect(waiting.length).toBe(2)
    await expect(packs.finish()).rejects.toThrow('the disk is full')
  })
})
