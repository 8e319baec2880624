import { readFileSync } from 'node:fs'
import { ExprsnError } from '@exprsn/core'
import {
  checkSolution,
  readCordeau,
  readCvrplib,
  readLiLim,
  readSolomon,
  readTaillard,
  readTsplib,
  solve,
  type Problem,
} from '@exprsn/geo/optimize'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { describe, expect, it } from 'vitest'

const folder = sharedData('geo/vrp')

/** Name, reader, iterations, the vehicles that are best known, and how much worse than best known the plan may be. */
const instances: readonly (readonly [string, (text: string) => Problem, number, number | undefined, number])[] = [
  ['X-n101-k25.vrp', readCvrplib, 20_000, undefined, 1.05],
  ['solomon-C101.txt', readSolomon, 10_000, 10, 1.0001],
  ['solomon-R101.txt', readSolomon, 15_000, 19, 1.05],
  ['solomon-RC104.txt', readSolomon, 40_000, 10, 1.06],
  ['lilim-lc101.txt', readLiLim, 3_000, 10, 1.05],
  ['mdvrp-p01.txt', readCordeau, 15_000, undefined, 1.03],
  ['mdvrp-p08.txt', readCordeau, 3_000, undefined, 1.2],
  ['HVRP13.txt', readTaillard, 20_000, undefined, 1.06],
  ['berlin52.tsp', readTsplib, 2_000, undefined, 1.001],
  ['pcb442.tsp', readTsplib, 20_000, undefined, 1.03],
]

describe.skipIf(folder === undefined)('benchmark instances (shared data, not in the repository)', () => {
  it.each(instances)('%s is near the best known', async (name, read, iterations, vehicles, factor) => {
    const known = JSON.parse(readFileSync(`${folder}/BKS.json`, 'utf8')) as Record<string, { best_known_cost: number }>
    const problem = read(readFileSync(`${folder}/${name}`, 'utf8'))
    const plan = await solve(problem, { iterations, seed: 1 })
    expect([checkSolution(problem, plan), plan.unassigned]).toEqual([[], []])
    if (vehicles !== undefined) expect(plan.routes).toHaveLength(vehicles)
    expect(plan.cost / known[name]!.best_known_cost).toBeLessThan(factor)
  })
})

describe('texts that are not in the format', () => {
  it.each<[string, (text: string) => Problem, string]>([
    ['CVRPLIB', readCvrplib, 'CAPACITY : 1'],
    ['CVRPLIB', readCvrplib, 'EDGE_WEIGHT_TYPE : EUC_2D\nDIMENSION : 2\nNODE_COORD_SECTION\n1 0 0'],
    ['CVRPLIB', readCvrplib, 'EDGE_WEIGHT_TYPE : EUC_2D\nDIMENSION : 1\nNODE_COORD_SECTION\n1 0 0'],
    ['CVRPLIB', readCvrplib, 'EDGE_WEIGHT_TYPE : EUC_2D\nDIMENSION : 1\nNODE_COORD_SECTION\n1 0 x'],
    ['TSPLIB', readTsplib, 'nonsense'],
    ['TSPLIB', readTsplib, 'EDGE_WEIGHT_TYPE : GEO\nDIMENSION : 1'],
    ['Solomon', readSolomon, ''],
    ['Solomon', readSolomon, '2 200\n1 2 3'],
    ['Li & Lim', readLiLim, '1 2'],
    ['Li & Lim', readLiLim, '2 200 1\n0 1 2'],
    ['Li & Lim', readLiLim, '2 200 1\n0 40 50 0 0 1236 0 0 0\n1 45 68 10 0 967 90 0 7'],
    ['Cordeau', readCordeau, '1 2 3 4'],
    ['Cordeau', readCordeau, '2 1 1 1\n0 80\n1 2\n2 3'],
    ['Taillard', readTaillard, '5 1 0 0 0 0'],
  ])('%s refuses them', (format, read, text) => {
    let thrown: unknown
    try {
      read(text)
    } catch (error) {
      thrown = error
    }
    expect(ExprsnError.is(thrown) && [thrown.code, thrown.details.format]).toEqual([
      'GEO_PROBLEM_FORMAT_INVALID',
      format,
    ])
  })
})
