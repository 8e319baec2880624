import { describe, expect, it } from 'vitest'
import type { Sample } from './benchmark.ts'
import { roundRatios, runRounds } from './run-rounds.ts'

function recorded(values: (subject: string, call: number) => number) {
  const calls: string[] = []
  const run = async (subject: string): Promise<Sample> => {
    calls.push(subject)
    return { value: values(subject, calls.length), hash: 'same' }
  }
  return { calls, run }
}

const limits = { better: 'lower', atLeast: 9, atMost: 41 } as const

describe('runRounds', () => {
  it('interleaves the subjects and turns the order around each round', async () => {
    const { calls, run } = recorded(() => 1)
    await runRounds({ ...limits, peers: ['a', 'b'], run, atLeast: 3, atMost: 3 })
    expect(calls).toEqual(['ours', 'a', 'b', 'b', 'a', 'ours', 'ours', 'a', 'b'])
  })

  it('stops as soon as the ratio has settled', async () => {
    const { run } = recorded((subject) => (subject === 'ours' ? 10 : 20))
    expect(await runRounds({ ...limits, peers: ['a'], run })).toMatchObject({ rounds: 9, noisy: false })
  })

  it('settles on the ratio, though both sides slow down together', async () => {
    const { run } = recorded((subject, call) => Math.ceil(call / 2) * (subject === 'ours' ? 1 : 2))
    expect(await runRounds({ ...limits, peers: ['a'], run })).toMatchObject({ rounds: 9, noisy: false })
  })

  it('goes on while the ratio moves, up to the limit, and says that it is noisy', async () => {
    const { run } = recorded((subject, call) => (subject === 'ours' ? 1 : 1 + (call % 4)))
    expect(await runRounds({ ...limits, peers: ['a'], run })).toMatchObject({ rounds: 41, noisy: true })
  })

  it('waits for the peer that takes longest to settle', async () => {
    const { run } = recorded((subject, call) => (subject === 'wild' && call < 60 ? 1 + (call % 7) : 1))
    const { rounds, samples } = await runRounds({ ...limits, peers: ['calm', 'wild'], run })
    expect(rounds).toBeGreaterThan(9)
    expect([...samples.values()].map((list) => list.length)).toEqual([rounds, rounds, rounds])
  })

  it('runs the minimum although the time is over, and no more', async () => {
    const { run } = recorded((_, call) => call)
    const rounds = await runRounds({ ...limits, peers: [], run, atLeast: 5, isOver: () => true })
    expect(rounds).toMatchObject({ rounds: 5, noisy: true })
  })

  it('lets ours settle by itself where there is no peer', async () => {
    const { run } = recorded(() => 7)
    expect(await runRounds({ ...limits, peers: [], run })).toMatchObject({ rounds: 9, noisy: false })
  })
})

describe('roundRatios', () => {
  it('compares within each round', () => {
    const samples = (...values: number[]): Sample[] => values.map((value) => ({ value, hash: '' }))
    expect(roundRatios(samples(1, 2), samples(4, 4), 'lower')).toEqual([4, 2])
    expect(roundRatios(samples(1, 2), samples(4, 4), 'higher')).toEqual([0.25, 0.5])
  })
})
