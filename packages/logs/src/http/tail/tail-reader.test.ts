import { describe, expect, it, vi } from 'vitest'
import { TailReader } from './tail-reader.ts'

const piece = (size: number, count: number) => ({ bytes: new Uint8Array(size), count })

describe('a reader of a tail', () => {
  it('gets what comes in its order, and misses what it has no room for, which it is told in its place', async () => {
    const reader = new TailReader(100, () => {})
    expect(await reader.next()).toEqual({ done: false, value: { event: 'following', data: {} } })
    const [first, second, third] = [piece(60, 6), piece(40, 4), piece(10, 1)]
    for (const each of [first, second, third, piece(1, 2)]) reader.offer(each)
    expect(reader.size).toBe(100)
    expect((await reader.next()).value).toBe(first.bytes)
    const late = piece(50, 5)
    reader.offer(late)
    reader.miss(7)
    reader.end()
    const rest = []
    for await (const part of reader) rest.push(part)
    expect(rest).toEqual([
      second.bytes,
      { event: 'gap', data: { lines: 3 } },
      late.bytes,
      { event: 'gap', data: { lines: 7 } },
    ])
    expect(rest[0]).toBe(second.bytes)
    expect(reader.size).toBe(0)
  })

  it('takes a piece of any size when nothing waits', async () => {
    const reader = new TailReader(10, () => {})
    await reader.next()
    const waiting = reader.next()
    const large = piece(1_000, 1)
    reader.offer(large)
    expect((await waiting).value).toBe(large.bytes)
    reader.offer(large)
    reader.offer(piece(1, 1))
    expect((await reader.next()).value).toBe(large.bytes)
    expect((await reader.next()).value).toEqual({ event: 'gap', data: { lines: 1 } })
  })

  it('that leaves is forgotten with all that waits, also while it waits itself', async () => {
    const onLeave = vi.fn<(reader: TailReader) => void>()
    const reader = new TailReader(10, onLeave)
    await reader.next()
    const waiting = reader.next()
    await reader.return()
    expect(onLeave).toHaveBeenCalledExactlyOnceWith(reader)
    expect((await waiting).done).toBe(true)
    expect((await reader.next()).done).toBe(true)
  })

  it('fails after what waits, when the tail has', async () => {
    const reader = new TailReader(10, () => {})
    await reader.next()
    reader.offer(piece(5, 1))
    reader.fail(new RangeError('broken'))
    reader.end()
    expect((await reader.next()).done).toBe(false)
    await expect(reader.next()).rejects.toThrow('broken')
  })
})
