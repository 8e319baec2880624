import { describe, expect, it } from 'vitest'
import type { Benchmark, Peer } from './benchmark.ts'
import { runBenchmark } from './run-benchmark.ts'

function peer(name: string, absent?: string | Error): Peer {
  return {
    name,
    version: async () => '1.2.3',
    async available() {
      if (absent instanceof Error) throw absent
      return absent
    },
  }
}

function benchmarkWith(peers: readonly Peer[], log: string[] = [], fails = false): Benchmark {
  return {
    ...{ name: 'sample/row', unit: 'ms', measure: 'wall', better: 'lower', target: 1, peers },
    async prepare({ quick }) {
      log.push(`prepare ${quick ? 'quick' : 'full'}`)
      return {
        async run(subject) {
          if (fails) throw new Error('the subject broke')
          return { value: subject === 'ours' ? 1 : 3, hash: 'same' }
        },
        close: async () => void log.push('close'),
      }
    },
  }
}

const options = { quick: true, deadline: Number.POSITIVE_INFINITY }

describe('runBenchmark', () => {
  it('compares with the peers that are there and names those that are not', async () => {
    const peers = [peer('here'), peer('gone', 'not installed'), peer('broken', new Error('cannot start'))]
    const { rows, notRun } = await runBenchmark(benchmarkWith(peers), options)
    expect(rows).toMatchObject([{ peerName: 'here', ratio: 3, versions: { here: '1.2.3' } }])
    expect(notRun).toEqual([
      { name: 'sample/row', peerName: 'gone', reason: 'not installed' },
      { name: 'sample/row', peerName: 'broken', reason: 'cannot start' },
    ])
  })

  it('makes fewer rounds of a benchmark that says so, and three of any in a hurry', async () => {
    const wild = { ...benchmarkWith([]), atLeast: 2, prepare: async () => ({ run, close: async () => {} }) }
    let rounds = 0
    const run = async () => ({ value: ++rounds, hash: 'same' })
    const over = { deadline: 0 }
    expect((await runBenchmark(wild, { quick: false, ...over })).rows).toMatchObject([{ rounds: 2 }])
    expect((await runBenchmark(wild, { quick: true, ...over })).rows).toMatchObject([{ rounds: 3 }])
  })

  it('does not even prepare when every peer is missing', async () => {
    const log: string[] = []
    const { rows } = await runBenchmark(benchmarkWith([peer('gone', 'not installed')], log), options)
    expect(rows).toEqual([])
    expect(log).toEqual([])
  })

  it('runs without peers where none were named, and cleans up', async () => {
    const log: string[] = []
    expect((await runBenchmark(benchmarkWith([], log), options)).rows).toMatchObject([{ ours: 1, peerName: null }])
    expect(log).toEqual(['prepare quick', 'close'])
  })

  it('cleans up when a subject fails', async () => {
    const log: string[] = []
    await expect(runBenchmark(benchmarkWith([], log, true), options)).rejects.toThrow('the subject broke')
    expect(log).toEqual(['prepare quick', 'close'])
  })
})
