import { describe, expect, it } from 'vitest'
import { runSimulation, type Simulation, type SimulationProgress } from './simulation.ts'

const quiet: Simulation = { name: 'quiet', run: () => ({ faults: {}, violations: [] }) }

describe('runSimulation', () => {
  it('runs consecutive seeds and adds up the faults', async () => {
    const seen: number[] = []
    const simulation: Simulation = {
      name: 'counting',
      async run(seed) {
        seen.push(seed)
        return { faults: { crash: 1, 'torn-write/commit': seed }, violations: [] }
      },
    }
    const report = await runSimulation(simulation, { seeds: 3, firstSeed: 7 })
    expect(seen).toEqual([7, 8, 9])
    expect(report).toEqual({
      name: 'counting',
      seeds: 3,
      faults: { crash: 3, 'torn-write/commit': 24 },
      violations: [],
      missedFaults: [],
      passed: true,
    })
  })

  it('runs the 50 seeds from 1 unless told otherwise', async () => {
    expect(await runSimulation(quiet)).toMatchObject({ seeds: 50, passed: true })
  })

  it('names the seed of a violation and runs the seeds after it', async () => {
    const run: Simulation['run'] = (seed) => ({ faults: {}, violations: seed === 2 ? ['Row 5 is lost.'] : [] })
    const report = await runSimulation({ name: 'losing', run }, { seeds: 4 })
    expect(report.violations).toEqual([{ seed: 2, violation: 'Row 5 is lost.' }])
    expect(report.seeds).toBe(4)
    expect(report.passed).toBe(false)
  })

  it.each([new Error('disk gone'), 'disk gone'])('takes what the subject throws as a violation: %s', async (thrown) => {
    const run = () => {
      // oxlint-disable-next-line typescript/only-throw-error -- the point: hosts do throw other things
      throw thrown
    }
    const { violations, passed } = await runSimulation({ name: 'throwing', run }, { seeds: 1 })
    expect(violations[0]?.violation).toMatch(/^The simulation threw: .*disk gone/)
    expect(passed).toBe(false)
  })

  it.each([
    [{}, ['crash'], false],
    [{ crash: 0 }, ['crash'], false],
    [{ crash: 1 }, [], true],
    [{ 'crash/commit': 1 }, [], true],
    [{ crashes: 1 }, ['crash'], false],
  ])('with hits %j misses %j of the expected crash', async (faults, missedFaults, passed) => {
    const simulation: Simulation = { name: 'x', expectedFaults: ['crash'], run: () => ({ faults, violations: [] }) }
    expect(await runSimulation(simulation, { seeds: 1 })).toMatchObject({ missedFaults, passed })
  })

  it('demands the phase that an expected fault names', async () => {
    const run: Simulation['run'] = () => ({ faults: { 'crash/open': 1 }, violations: [] })
    const report = await runSimulation({ name: 'x', expectedFaults: ['crash/commit', 'crash/open'], run }, { seeds: 1 })
    expect(report.missedFaults).toEqual(['crash/commit'])
  })

  it('tells its progress', async () => {
    const progress: SimulationProgress[] = []
    const run: Simulation['run'] = () => ({ faults: {}, violations: ['broken'] })
    await runSimulation({ name: 'x', run }, { seeds: 2, onProgress: (step) => progress.push(step) })
    expect(progress).toEqual([
      { done: 1, total: 2, violations: 1 },
      { done: 2, total: 2, violations: 2 },
    ])
  })

  it('stops between seeds when the signal says so', async () => {
    const controller = new AbortController()
    const onProgress = ({ done }: SimulationProgress) => done === 2 && controller.abort(new Error('enough'))
    await expect(runSimulation(quiet, { seeds: 5, signal: controller.signal, onProgress })).rejects.toThrow('enough')
  })
})
