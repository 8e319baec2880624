// Prints how iterations and memory grow from 100 stops to 5,000, as a table, and draws it: node --expose-gc --conditions=@exprsn/source
import { writeFileSync } from 'node:fs'
import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'
import { growthPlot, type GrowthRow } from './growth-plot.ts'

const iterations = 30_000
const rows: GrowthRow[] = []

/** Stops scattered by a plain rule over 1,000 by 1,000, about ten to a vehicle. */
function scattered(count: number): Problem {
  const points = Array.from({ length: count + 1 }, (_, at) => [(at * 617.03) % 1_000, (at * 381.97) % 1_000] as const)
  const distances = new Float64Array((count + 1) ** 2)
  for (const [from, [x, y]] of points.entries())
    for (const [to, [otherX, otherY]] of points.entries())
      distances[from * (count + 1) + to] = Math.hypot(x - otherX, y - otherY)
  return {
    vehicles: Array.from({ length: Math.ceil(count / 9) }, (_, at) => ({
      ...{ id: `vehicle ${at}`, start: 0, end: 0, capacity: [10] },
    })),
    stops: Array.from({ length: count }, (_, at) => ({ id: `stop ${at}`, place: at + 1, deliver: [1] })),
    matrix: { rows: count + 1, columns: count + 1, distances: distances as unknown as readonly number[] },
  }
}

const cpu = (): number => process.cpuUsage().user / 1e6

console.log('stops | iterations per CPU second | matrix, MB | memory beside it, MB | violations')
await solve(scattered(100), { iterations: 200_000 })
for (const stops of [100, 200, 500, 1_000, 2_000, 5_000]) {
  const problem = scattered(stops)
  globalThis.gc?.()
  const before = process.memoryUsage()
  let most = 0
  const look = (): void => {
    // What WebAssembly holds is external, and so are arrays.
    const { heapUsed, external } = process.memoryUsage()
    most = Math.max(most, heapUsed + external - before.heapUsed - before.external)
  }
  // What is done once, before and after, is taken off: the rate is that of iterations alone.
  const begin = cpu()
  await solve(problem, { iterations: 1 })
  const once = cpu() - begin
  const started = cpu()
  const plan = await solve(problem, { iterations, onProgress: look })
  look()
  const seconds = Math.max(cpu() - started - once, 1e-3)
  const memory = most / 1e6
  rows.push({ stops, rate: iterations / seconds / 1_000, memory })
  const matrix = (8 * (stops + 1) ** 2) / 1e6
  const row = [(iterations / seconds).toFixed(0), matrix.toFixed(1), memory.toFixed(1)]
  console.log([stops, ...row, checkSolution(problem, plan).length].join(' | '))
}
writeFileSync(new URL('../../../../docs/guides/optimise-growth.svg', import.meta.url), growthPlot(rows))
