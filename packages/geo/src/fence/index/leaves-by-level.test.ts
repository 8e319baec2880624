import { describe, expect, it } from 'vitest'
import { GrowableInts } from './growable.ts'
import { headOf } from './leaf-head.ts'
import { leavesByLevel } from './leaves-by-level.ts'

describe('leaves by the level of their cells', () => {
  it('keep their words and the order among their like, and are found where the tree says', () => {
    const leaves = new GrowableInts()
    const places = new GrowableInts()
    const write = (level: number, ...words: readonly number[]): number => {
      const place = leaves.length
      places.push(place)
      for (const word of [headOf(level, 0, words.length), ...words]) leaves.push(word)
      return place
    }
    const [deep, shared, shallow, deeper] = [write(7, 70, 71), write(0), write(3, 30), write(9, 90, 91, 92)]
    const tree = Int32Array.of(1, ~deep, ~shared, 5, ~shared, ~deeper, ~shallow, ~shared, ~deep)
    const ordered = leavesByLevel(tree, leaves, places)
    const first = (words: Int32Array, place: number): readonly number[] => [...words.subarray(~place, ~place + 2)]
    expect([...ordered]).toEqual([
      headOf(0, 0, 0),
      headOf(3, 0, 1),
      30,
      headOf(7, 0, 2),
      70,
      71,
      headOf(9, 0, 3),
      90,
      91,
      92,
    ])
    expect(first(ordered, tree[1]!)).toEqual([headOf(7, 0, 2), 70])
    expect(first(ordered, tree[6]!)).toEqual([headOf(3, 0, 1), 30])
    expect(first(ordered, tree[5]!)).toEqual([headOf(9, 0, 3), 90])
    expect([tree[2], tree[4], tree[7], tree[8], tree[0], tree[3]]).toEqual([~0, ~0, ~0, tree[1], 1, 5])
  })
})
