import { describe, expect, it } from 'vitest'
import { PageCache } from './page-cache.ts'

const page = (length: number): Uint8Array => new Uint8Array(length)

describe('the pages that are kept', () => {
  it('are those that were asked last, as many as fit', () => {
    const cache = new PageCache(10)
    const [first, second, third] = [{}, {}, {}]
    cache.add(first, page(4))
    cache.add(second, page(4))
    expect(cache.get(first)).toHaveLength(4)
    cache.add(third, page(4))
    expect(cache.get(second)).toBeUndefined()
    expect(cache.get(first)).toHaveLength(4)
    expect(cache.get(third)).toHaveLength(4)
    expect(cache.bytes).toBe(8)
  })

  it('are none larger than all that may be kept', () => {
    const cache = new PageCache(10)
    const [small, large] = [{}, {}]
    cache.add(small, page(4))
    cache.add(large, page(11))
    expect(cache.get(large)).toBeUndefined()
    expect(cache.bytes).toBe(0)
  })

  it('are counted once, and not any more when they are let go', () => {
    const cache = new PageCache(10)
    const layout = {}
    cache.add(layout, page(4))
    cache.add(layout, page(6))
    expect(cache.get(layout)).toHaveLength(6)
    expect(cache.bytes).toBe(6)
    cache.remove(layout)
    cache.remove(layout)
    expect(cache.get(layout)).toBeUndefined()
    expect(cache.bytes).toBe(0)
  })
})
