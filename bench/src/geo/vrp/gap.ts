import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkSolution, solve, type Problem } from '@exprsn/geo/optimize'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'

/** A set of instances, and how far plans may be from the best known ones. */
export interface GapRow {
  readonly name: string
  readonly read: (text: string) => Problem
  readonly files: readonly string[]
  /** CPU seconds per instance. */
  readonly seconds: number
  /** Percent. */
  readonly target: number
  /** CPU seconds per instance where they differ. */
  readonly secondsOf?: Readonly<Record<string, number>>
  /** What others come to per instance, in percent, as was measured once: it is told beside ours, not measured here. */
  readonly published?: Readonly<Record<string, string>>
}

const folder = sharedData('geo/vrp')

/** Mean gap to the best known values in percent; every plan is checked, and a fleet larger than the best known voids the row. */
export function compareGap({ name, read, files, seconds, target, secondsOf = {}, published = {} }: GapRow): Benchmark {
  return {
    ...{ name, target, unit: '%', measure: 'cpu', better: 'lower', peers: [] },
    // Three seeds, as such figures are told.
    atLeast: 3,
    async prepare({ quick }) {
      const known = JSON.parse(readFileSync(`${folder}/BKS.json`, 'utf8')) as Record<
        string,
        { readonly best_known_cost: number; readonly vehicles: number | null }
      >
      const chosen = quick ? files.slice(0, 2) : files
      // Few rows fit into the three minutes of a quick run otherwise: it shows that all works, not how good plans become.
      const timeLimit = (file: string): number => (quick ? 1 : (secondsOf[file] ?? seconds)) * 1_000
      let seed = 0
      return {
        async run(subject) {
          if (subject !== ours) throw new Error(`There is no subject ${subject}.`)
          seed++
          let sum = 0
          for (const file of chosen) {
            const problem = read(readFileSync(`${folder}/${file}`, 'utf8'))
            const plan = await solve(problem, { seed, timeLimit: timeLimit(file), clock: cpuClock() })
            const wrong = checkSolution(problem, plan)
            if (wrong.length > 0 || plan.unassigned.length > 0) throw new Error(`${file}: ${JSON.stringify(wrong[0])}`)
            const { best_known_cost: best, vehicles } = known[file]!
            const gap = (plan.cost / best - 1) * 100
            console.error(
              `${file} seed ${seed}: ${plan.cost.toFixed(2)}, ${gap.toFixed(3)} %, ${plan.routes.length} of ${vehicles ?? '?'} vehicles` +
                (gap < -0.01 && !(plan.routes.length > (vehicles ?? Infinity)) ? ', better than the best known' : '') +
                (published[file] === undefined ? '' : `; measured elsewhere: ${published[file]}`),
            )
            // Fewer vehicles come first: a plan with more is no answer.
            if (!quick && plan.routes.length > (vehicles ?? Infinity))
              throw new Error(`${file}: more vehicles than best known`)
            sum += gap
          }
          return { value: sum / chosen.length, hash: createHash('sha256').update(chosen.join()).digest('hex') }
        },
        close: async () => {},
      }
    },
  }
}

/** The clock of the processor: what other programs use does not count. */
function cpuClock() {
  const started = process.cpuUsage()
  const now = (): number => {
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1_000
  }
  return {
    now: () => Date.now(),
    monotonic: now,
    setTimer(callback: () => void, delay: number) {
      const timer = setTimeout(callback, delay)
      return { cancel: () => clearTimeout(timer) }
    },
  }
}
