import { enumerateCrashPoints, type Simulation } from '@exprsn/core/testing'
import { crashWorkload, type Damage } from '../store/crash-workloads.ts'
import { works } from '../store/crash-works.ts'

/** Every call of every work as the last one, the manifest then as it is, gone or flipped; for each seed another luck. */
export const simulation: Simulation = {
  name: 'store-crash-points',
  expectedFaults: Object.keys(works).flatMap((name) => [`${name}/none`, `${name}/missing`, `${name}/flipped`]),
  async run(seed) {
    const faults: Record<string, number> = {}
    const violations: string[] = []
    for (const [name, work] of Object.entries(works))
      for (const damage of ['none', 'missing', 'flipped'] satisfies Damage[]) {
        const report = await enumerateCrashPoints(crashWorkload(work, damage), { firstSeed: seed })
        faults[`${name}/${damage}`] = report.points
        for (const each of report.violations) violations.push(`${name}/${damage}: ${JSON.stringify(each)}`)
      }
    return { faults, violations }
  },
}
