import { SeededRandom } from '@exprsn/core/testing'
import { buildGraph } from '@exprsn/geo/graph'
import { describe, expect, it } from 'vitest'
import { importMutant, type Mutation } from './fences/mutant.ts'
import { simulateRoads } from './roads/storm.ts'

const seeds = Array.from({ length: 50 }, (_, seed) => seed + 1)

describe('graphs of drawn networks', () => {
  it('cost what travelling the raw data costs: 50 seeds, all pairs', async () => {
    let [pairs, unreachable, unusable] = [0, 0, 0]
    for (const seed of seeds) {
      const result = await simulateRoads(new SeededRandom(seed), buildGraph)
      expect([seed, result.violations]).toEqual([seed, []])
      pairs += result.pairs
      unreachable += result.unreachable
      unusable += result.unusable
    }
    expect(pairs).toBeGreaterThan(50_000)
    expect(unreachable).toBeGreaterThan(1_000)
    expect(unusable).toBeLessThan(200)
  })

  const expand = 'graph/turns/expand-turns.ts'
  const automaton = 'graph/turns/sequence-automaton.ts'
  const sequences = 'graph/turns/forbidden-sequences.ts'
  const areas = 'graph/build/no-through-areas.ts'
  const join = 'graph/build/join-pieces.ts'
  it.each<[string, Mutation]>([
    [
      'one may turn round anywhere',
      { file: 'graph/turns/turn-cost.ts', from: 'hasOtherExit(node, to) ? -1 : uTurn', to: 'uTurn' },
    ],
    [
      'one may turn round nowhere',
      { file: 'graph/turns/turn-cost.ts', from: 'hasOtherExit(node, to) ? -1 : uTurn', to: '-1' },
    ],
    [
      'bends cost like turns',
      { file: 'graph/turns/turn-cost.ts', from: 'degrees[node]! < 3', to: 'degrees[node]! < 2' },
    ],
    [
      'angles are taken the wrong way round',
      { file: 'graph/turns/turn-cost.ts', from: 'isForward ? [a, b] : [b, a]', to: '[a, b]' },
    ],
    ['lights cost nothing', { file: 'graph/build/lay-out.ts', from: 'ruleOf(node)?.delay ?? 0', to: '0' }],
    [
      'bollards can be passed',
      { file: 'graph/build/lay-out.ts', from: '?.isClosed !== true', to: '?.isClosed !== false' },
    ],
    [
      'roads that are closed to passers-by are left again',
      { file: expand, from: 'isEnding && !isNoThrough(next)', to: 'false' },
    ],
    [
      'whoever starts on such a road stays there',
      { file: expand, from: '(!isWithin && isNoThrough(next))', to: 'isWithin || isNoThrough(next)' },
    ],
    [
      'nobody gets to streets behind such roads',
      { file: areas, from: 'networks.get(all[tail]!) === open[tail] ? 0 : 1', to: 'networks.size > 0 ? 0 : 1' },
    ],
    [
      'streets that lead out of such areas one way are taken for others',
      { file: areas, from: 'open[tail] === open[head] &&', to: '' },
    ],
    [
      'the smallest part is taken for the network',
      { file: areas, from: 'sizes[part]! > sizes[before]!', to: 'sizes[part]! < sizes[before]!' },
    ],
    [
      'a route does not begin in the midst of a restriction',
      { file: expand, from: 'input.automaton.step(0, edge))', to: '0 * edge)' },
    ],
    [
      'history is forgotten after a turn',
      { file: expand, from: 'automaton.step(sequence, next)', to: 'automaton.step(0, next)' },
    ],
    [
      'the end of one restriction hides the begin of another',
      { file: automaton, from: 'this.#failures[next] = shorter', to: 'this.#failures[next] = 0' },
    ],
    [
      'a shorter restriction within a longer one is lost',
      { file: automaton, from: 'if (this.#isForbidden[shorter]!) this.#isForbidden[next] = true', to: '' },
    ],
    [
      'mandatory ways may be left at their end',
      { file: sequences, from: 'path.length === 2 ? 1 : 2', to: 'path.length === 2 ? 1 : 3' },
    ],
    [
      'a mandatory restriction forbids what it demands',
      { file: sequences, from: '!wanted.has(edge)', to: 'wanted.has(edge)' },
    ],
    [
      'the wrong half of a way is meant',
      { file: sequences, from: 'edges.tails[edge] === node)', to: 'edges.heads[edge] === node)' },
    ],
    [
      'ways are gone against their direction',
      {
        file: 'graph/profile/way-rule.ts',
        from: '{ forward: false, backward: true }',
        to: '{ forward: true, backward: true }',
      },
    ],
    ['unlike ways are joined', { file: join, from: 'a.forward === forward &&', to: '' }],
    [
      'a joined way keeps the direction of its first piece',
      { file: join, from: 'isTurned ? first.backward : first.forward', to: 'first.forward' },
    ],
    ['roads are joined over lights and junctions of restrictions', { file: join, from: '|| fixed.has(node)', to: '' }],
    ['what way round a joined way runs is forgotten', { file: join, from: '(step ^ next) % 2 !== 0', to: 'false' }],
    [
      'ways are not cut where they cross',
      { file: 'graph/build/pieces.ts', from: 'uses[nodes[at]!]! > 1', to: 'uses[nodes[at]!]! > 2' },
    ],
  ])('would not go unnoticed: %s', async (_, mutation) => {
    const broken = await importMutant<typeof import('@exprsn/geo/graph')>('graph/index.ts', mutation, [
      'coordinates',
      'osm',
      'graph',
    ])
    let isNoticed = false
    for (let seed = 1; seed <= seeds.length && !isNoticed; seed++)
      try {
        isNoticed = (await simulateRoads(new SeededRandom(seed), broken.buildGraph)).violations.length > 0
      } catch {
        isNoticed = true
      }
    expect(isNoticed).toBe(true)
  })
})
