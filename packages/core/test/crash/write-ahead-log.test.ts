import { describe, expect, it } from 'vitest'
import { enumerateCrashPoints, type CrashReport } from '../../src/testing/crash/enumerate-crash-points.ts'
import { plantedBugs, writeAheadLog, type PlantedBug } from './write-ahead-log.ts'

/** The seeds of the test run, one after the other, until one shows a violation. */
async function search(bug: PlantedBug): Promise<CrashReport & { readonly seed: number }> {
  for (let seed = 1; seed <= 50; seed++) {
    const report = await enumerateCrashPoints(writeAheadLog(bug), { firstSeed: seed })
    if (report.violations.length > 0) return { ...report, seed }
  }
  throw new Error(`not found in 50 seeds: ${bug}`)
}

describe('enumerateCrashPoints on a write-ahead log', () => {
  it('finds nothing wrong with the right one, at every point of 50 seeds', async () => {
    const report = await enumerateCrashPoints(writeAheadLog(), { seeds: 50 })
    expect(report.violations.slice(0, 2)).toEqual([])
    expect(report.points).toBeGreaterThan(2_000)
    expect(report.recoveryCrashes).toBeGreaterThan(500)
  })

  it('finds nothing wrong with it when several states survive each crash, and sectors stay whole', async () => {
    const report = await enumerateCrashPoints(writeAheadLog(), { survivors: 10, tearSectors: false })
    expect(report.violations).toEqual([])
  })

  it.each(plantedBugs)('finds the planted bug: %s', async (bug) => {
    const { violations, seed } = await search(bug)
    expect(violations[0]).toMatchObject({ seed, survivor: 0 })
  })

  it('needs a second crash to find a recovery that cannot be interrupted', async () => {
    const bug = 'recovery empties the log before its checkpoint'
    const { violations } = await search(bug)
    expect(violations.every(({ duringRecovery }) => duringRecovery)).toBe(true)
    const once = await enumerateCrashPoints(writeAheadLog(bug), { seeds: 20, crashRecovery: false })
    expect(once).toMatchObject({ violations: [], recoveryCrashes: 0 })
  })

  it('stops at the first violation when that is enough', async () => {
    const { violations, seed } = await search('append not synced')
    const options = { firstSeed: seed, seeds: 20, stopAtFirst: true }
    const first = await enumerateCrashPoints(writeAheadLog('append not synced'), options)
    expect(first.violations).toHaveLength(1)
    expect(first.violations[0]).toMatchObject({ seed, point: violations[0]!.point })
    expect((await enumerateCrashPoints(writeAheadLog(), { seeds: 2, stopAtFirst: true })).points).toBeGreaterThan(50)
  })

  it('repeats a violation from its seed and point', async () => {
    const workload = writeAheadLog('append not synced')
    const { violations } = await search('append not synced')
    const { seed, point, moment, error } = violations.at(-1)!
    const again = await enumerateCrashPoints(workload, { firstSeed: seed, seeds: 1, point })
    expect(again.points).toBe(1)
    expect(again.violations).toMatchObject([{ seed, point, moment, error: { message: (error as Error).message } }])
  })
})
