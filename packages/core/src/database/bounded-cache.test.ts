import { describe, expect, it } from 'vitest'
import { BoundedCache } from './bounded-cache.ts'

describe('BoundedCache', () => {
  it('makes a value once and keeps those used last', () => {
    const made: string[] = []
    const cache = new BoundedCache<string, string>(2)
    const take = (key: string): string =>
      cache.take(key, (name) => {
        made.push(name)
        return name.toUpperCase()
      })
    expect([take('a'), take('b'), take('a'), take('c'), take('a'), take('b')]).toEqual(['A', 'B', 'A', 'C', 'A', 'B'])
    expect(made).toEqual(['a', 'b', 'c', 'b'])
    expect(cache.size).toBe(2)
    cache.clear()
    expect(cache.size).toBe(0)
  })

  it('keeps nothing of a key whose value cannot be made', () => {
    const cache = new BoundedCache<string, string>(2)
    const fail = (): never => {
      throw new RangeError('no')
    }
    expect(() => cache.take('a', fail)).toThrow(RangeError)
    expect(cache.size).toBe(0)
  })
})
