import { describe, expect, it } from 'vitest'
import type { Benchmark, Sample } from './benchmark.ts'
import { reachesTarget, resultRows } from './result-rows.ts'

const benchmark: Benchmark = {
  name: 'sample/throughput',
  unit: 'MB/s',
  measure: 'wall',
  better: 'higher',
  target: 1,
  peers: [],
  prepare: () => Promise.reject(new Error('not called')),
}

function samples(values: readonly number[], hash: string | ((round: number) => string) = 'same'): Sample[] {
  return values.map((value, round) => ({ value, hash: typeof hash === 'string' ? hash : hash(round) }))
}

function rows(subjects: Readonly<Record<string, Sample[]>>) {
  const map = new Map(Object.entries(subjects))
  return resultRows(benchmark, { samples: map, rounds: 3, noisy: false }, { fast: '1.0.0', slow: '2.0.0' })
}

describe('resultRows', () => {
  it('makes one row per peer from the medians', () => {
    const result = rows({ ours: samples([10, 30, 20]), fast: samples([40, 40, 40]), slow: samples([10, 10, 10]) })
    expect(result).toEqual([
      {
        ...{ name: 'sample/throughput', measure: 'wall', unit: 'MB/s', target: 1, rounds: 3, noisy: false },
        ...{ ours: 20, peer: 40, peerName: 'fast', versions: { fast: '1.0.0' }, ratio: 0.5 },
      },
      expect.objectContaining({ ours: 20, peer: 10, peerName: 'slow', versions: { slow: '2.0.0' }, ratio: 2 }),
    ])
  })

  it('makes one row without a peer', () => {
    expect(rows({ ours: samples([1, 2, 3]) })).toMatchObject([{ ours: 2, peer: null, peerName: null, ratio: null }])
  })

  it('voids the row of a peer that gave another answer, and only that', () => {
    const [fast, slow] = rows({ ours: samples([1]), fast: samples([1], 'other'), slow: samples([1]) })
    expect(fast).toMatchObject({ ratio: null, void: 'fast gave another answer than ours' })
    expect(slow).toMatchObject({ ratio: 1 })
    expect(slow).not.toHaveProperty('void')
  })

  it('voids a row whose own answers differ between rounds', () => {
    const byRound = (round: number): string => `answer ${round}`
    expect(rows({ ours: samples([1, 1], byRound) })).toMatchObject([{ void: 'our answer differs between rounds' }])
    expect(rows({ ours: samples([1, 1], 'answer 0'), fast: samples([1, 1], byRound) })).toMatchObject([
      { ratio: null, void: 'the answer of fast differs between rounds' },
    ])
  })
})

describe('reachesTarget', () => {
  const [row] = rows({ ours: samples([10]), fast: samples([10]) })
  const [alone] = rows({ ours: samples([10]) })

  it('asks for the ratio against a peer', () => {
    expect(reachesTarget(row!, 'higher')).toBe(true)
    expect(reachesTarget({ ...row!, ratio: 0.99 }, 'higher')).toBe(false)
    expect(reachesTarget({ ...row!, ratio: null }, 'higher')).toBe(false)
  })

  it('asks for the value where there is no peer', () => {
    expect(reachesTarget({ ...alone!, target: 10 }, 'lower')).toBe(true)
    expect(reachesTarget({ ...alone!, target: 9 }, 'lower')).toBe(false)
    expect(reachesTarget({ ...alone!, target: 11 }, 'higher')).toBe(false)
  })
})
