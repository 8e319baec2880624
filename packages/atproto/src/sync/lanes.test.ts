import { describe, expect, it } from 'vitest'
import { Lanes, type LaneItem } from './lanes.ts'

const item = (did: string, seq: number): LaneItem => ({
  message: { kind: 'account', did, seq, time: '', active: true, status: 'active' },
  entry: { seq, done: false },
  size: 10,
  epoch: 1,
})
const seqsOf = (taken: ReturnType<Lanes['take']>): number[] =>
  taken.flatMap(({ items }) => items.map(({ entry }) => entry.seq))

describe('lanes', () => {
  it('give repositories in the order in which they came, and messages of one in their order', () => {
    const lanes = new Lanes()
    for (const [did, seq] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
      ['c', 4],
    ] as const)
      lanes.add(item(did, seq))
    expect(seqsOf(lanes.take(3))).toEqual([1, 3, 2])
    expect([lanes.pending, lanes.bytes]).toEqual([4, 40])
  })

  it('do not give a repository twice at the same time', () => {
    const lanes = new Lanes()
    lanes.add(item('a', 1))
    const [taken] = lanes.take(10)
    lanes.add(item('a', 2))
    expect(lanes.take(10)).toEqual([])
    lanes.giveBack(taken!.lane, 1)
    expect(seqsOf(lanes.take(10))).toEqual([2])
    expect([lanes.pending, lanes.bytes]).toEqual([1, 10])
  })

  it('let a repository wait without the others', () => {
    const lanes = new Lanes()
    lanes.add(item('a', 1))
    const [taken] = lanes.take(10)
    lanes.wait(taken!.lane, 0)
    lanes.add(item('a', 2))
    lanes.add(item('b', 3))
    expect(seqsOf(lanes.take(10))).toEqual([3])
    lanes.resume(taken!.lane)
    lanes.resume(taken!.lane)
    expect(seqsOf(lanes.take(10))).toEqual([1, 2])
  })

  it('hold a repository while it is fetched, also one that was offered already', () => {
    const lanes = new Lanes()
    lanes.add(item('a', 1))
    lanes.hold('a')
    lanes.add(item('a', 2))
    expect(lanes.take(10)).toEqual([])
    lanes.release('a')
    expect(seqsOf(lanes.take(10))).toEqual([1, 2])
    lanes.release('nobody')
  })

  it('hurry a repository that waits on to its last attempt', () => {
    const lanes = new Lanes()
    lanes.add(item('a', 1))
    const [taken] = lanes.take(1)
    lanes.hurry('a', 5)
    expect(taken!.lane.failures).toBe(0)
    lanes.wait(taken!.lane, 0)
    lanes.hurry('a', 5)
    expect([taken!.lane.failures, seqsOf(lanes.take(1))]).toEqual([5, [1]])
  })

  it('count failures anew after a success', () => {
    const lanes = new Lanes()
    lanes.add(item('a', 1))
    lanes.add(item('a', 2))
    const [taken] = lanes.take(10)
    taken!.lane.failures = 3
    lanes.wait(taken!.lane, 1)
    expect(taken!.lane.failures).toBe(0)
  })
})
