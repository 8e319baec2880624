/** What one seed did: which faults it injected, and which promises the subject broke. */
export interface SimulationResult {
  /** Hits per fault, named `<kind>` or `<kind>/<phase>`: `{ 'lost-write/commit': 3 }`. */
  readonly faults: Readonly<Record<string, number>>
  /** One sentence per broken promise; empty when all held. */
  readonly violations: readonly string[]
}

/**
 * A subject under simulated time, chance, disk and network. Everything that happens in {@link Simulation.run} follows
 * from the seed, so that a violation can be replayed.
 */
export interface Simulation {
  /** Kebab-case, the same as the file's name. */
  readonly name: string
  /** Faults that a campaign must hit at least once: one that never happens proves nothing. @default [] */
  readonly expectedFaults?: readonly string[] | undefined
  /**
   * Whether every seed starts and kills servers of other projects, which takes seconds to minutes: a campaign over all simulations then
   * leaves it out unless asked. @default false
   */
  readonly realServers?: boolean | undefined
  /** Runs one seed from 0 to 2³² − 1 to its end. What it throws counts as a violation. */
  run(seed: number): Promise<SimulationResult> | SimulationResult
}

/** Which seeds to run. */
export interface RunSimulationOptions {
  /** How many seeds, counted from `firstSeed`. @default 50 */
  readonly seeds?: number | undefined
  /** @default 1 */
  readonly firstSeed?: number | undefined
  /** Called after every seed. */
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined
  /** Stops before the next seed. */
  readonly signal?: AbortSignal | undefined
}

/** How far a campaign is. */
export interface SimulationProgress {
  /** Seeds that were run. */
  readonly done: number
  /** Seeds to run. */
  readonly total: number
  /** Violations found so far. */
  readonly violations: number
}

/** What a campaign found. */
export interface SimulationReport {
  readonly name: string
  /** Seeds that were run. */
  readonly seeds: number
  /** Hits per fault over all seeds. */
  readonly faults: Readonly<Record<string, number>>
  /** Every broken promise with the seed that shows it. */
  readonly violations: readonly { readonly seed: number; readonly violation: string }[]
  /** Expected faults that no seed hit. */
  readonly missedFaults: readonly string[]
  /** No violation and no missed fault. */
  readonly passed: boolean
}

/**
 * Runs a simulation over consecutive seeds and adds up what it found.
 *
 * @example
 * ```ts
 * import { runSimulation } from '@exprsn/core/testing'
 *
 * const report = await runSimulation(
 *   { name: 'counter', expectedFaults: ['restart'], run: (seed) => ({ faults: { restart: seed % 2 }, violations: [] }) },
 *   { seeds: 10 },
 * )
 * console.log(report.passed, report.faults) // true { restart: 5 }
 * ```
 */
export async function runSimulation(
  simulation: Simulation,
  { seeds = 50, firstSeed = 1, onProgress, signal }: RunSimulationOptions = {},
): Promise<SimulationReport> {
  const faults: Record<string, number> = {}
  const violations: { readonly seed: number; readonly violation: string }[] = []
  for (let done = 0; done < seeds; done++) {
    signal?.throwIfAborted()
    const seed = firstSeed + done
    const result = await runSeed(simulation, seed)
    for (const [fault, hits] of Object.entries(result.faults)) faults[fault] = (faults[fault] ?? 0) + hits
    violations.push(...result.violations.map((violation) => ({ seed, violation })))
    onProgress?.({ done: done + 1, total: seeds, violations: violations.length })
  }
  const missedFaults = (simulation.expectedFaults ?? []).filter((fault) => !isHit(fault, faults))
  const passed = violations.length === 0 && missedFaults.length === 0
  return { name: simulation.name, seeds, faults, violations, missedFaults, passed }
}

async function runSeed(simulation: Simulation, seed: number): Promise<SimulationResult> {
  try {
    return await simulation.run(seed)
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { faults: {}, violations: [`The simulation threw: ${reason}`] }
  }
}

/** An expected kind without a phase is hit by the kind in any phase. */
function isHit(expected: string, faults: Readonly<Record<string, number>>): boolean {
  return Object.entries(faults).some(
    ([fault, hits]) => hits > 0 && (fault === expected || fault.startsWith(`${expected}/`)),
  )
}
