import { join } from 'node:path'
import { runSimulation, type Simulation, type SimulationProgress, type SimulationReport } from '@exprsn/core/testing'
import { onlyWord } from '../lib/only-word.ts'
import { root } from '../lib/packages.ts'
import { table } from '../lib/table.ts'
import { runTask, TaskFailure } from '../lib/task.ts'
import { wholeNumber } from '../lib/whole-number.ts'
import { findSimulations, loadSimulation, type SimulationFile } from '../simulate/find-simulations.ts'

const help = `
npm run simulate -- [name] [options]

Runs the simulations in packages/*/test/simulations, or the one named, and prints per simulation how many seeds were
run, which faults were injected how often, and which promises were broken. A campaign also fails when a fault that it
must inject was never hit. Without a name, simulations that start real servers (PostgreSQL and the like, hours for 50 seeds)
are left out and named at the end; run them by name, or all with --real-servers.

  --seeds <n>      run n seeds (default 50; a campaign is 10000)
  --from <n>       the first of them (default 1): to share a campaign among processes, or go on with one another day
  --seed <n>       replay one seed
  --real-servers   without a name: those that start real servers, too
  --list           the names
  --folder <path>  another folder than the repository's root
  --help           this text
`

const violationsShown = 5

await runTask({
  name: 'simulate',
  help,
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    seed: { type: 'string' },
    'real-servers': { type: 'boolean' },
    list: { type: 'boolean' },
    folder: { type: 'string' },
  },
  positionals: true,
  async run({ values: { seeds, from, seed, list, folder = '.', 'real-servers': realServers = false }, positionals }) {
    const found = findSimulations(join(root, folder))
    if (list === true) return console.log(found.map(({ name }) => name).join('\n') || 'There is no simulation yet.')
    if (seed !== undefined && (seeds ?? from) !== undefined)
      throw new TaskFailure('Give --seed, or --seeds and --from, not both.')
    const name = onlyWord(positionals)
    const chosen = choose(found, name)
    if (seed !== undefined) return replay(chosen, wholeNumber('seed', seed))
    const range: SeedRange = {
      seeds: seeds === undefined ? 50 : wholeNumber('seeds', seeds, 1),
      firstSeed: from === undefined ? 1 : wholeNumber('from', from, 1),
    }
    const loaded = await Promise.all(chosen.map(loadSimulation))
    const isLeftOut = (simulation: Simulation): boolean =>
      name === undefined && !realServers && simulation.realServers === true
    await campaign(
      loaded.filter((simulation) => !isLeftOut(simulation)),
      loaded.filter(isLeftOut),
      range,
    )
  },
})

function choose(found: readonly SimulationFile[], name: string | undefined): readonly SimulationFile[] {
  const chosen = name === undefined ? found : found.filter((file) => file.name === name)
  const names = found.map((file) => file.name).join(', ') || 'there is none yet'
  if (name !== undefined && chosen.length === 0) throw new TaskFailure(`No simulation "${name}": ${names}.`)
  return chosen
}

interface SeedRange {
  readonly seeds: number
  readonly firstSeed: number
}

async function replay(files: readonly SimulationFile[], seed: number): Promise<void> {
  if (files.length !== 1) throw new TaskFailure('Name the simulation whose seed to replay.')
  const report = await runSimulation(await loadSimulation(files[0]!), { seeds: 1, firstSeed: seed })
  console.log(`${report.name}, seed ${seed}: ${describeFaults(report)}`)
  for (const { violation } of report.violations) console.log(`  ${violation}`)
  console.log(report.violations.length === 0 ? 'no violation' : `${report.violations.length} violations`)
  if (report.violations.length > 0) process.exitCode = 1
}

async function campaign(
  simulations: readonly Simulation[],
  leftOut: readonly Simulation[],
  range: SeedRange,
): Promise<void> {
  const reports: SimulationReport[] = []
  for (const simulation of simulations)
    reports.push(await runSimulation(simulation, { ...range, onProgress: progressLine(simulation.name) }))
  const rows = reports.map((report) => [
    report.name,
    String(report.seeds),
    String(Object.values(report.faults).reduce((total, hits) => total + hits, 0)),
    String(report.violations.length),
  ])
  console.log(table([['name', 'seeds', 'faults injected', 'violations'], ...rows]))
  for (const report of reports) console.log(`${report.name}: ${describeFaults(report)}`)
  for (const report of reports) printFailures(report)
  if (leftOut.length > 0)
    console.log(
      `not run, they start real servers (--real-servers, or by name): ${leftOut.map(({ name }) => name).join(', ')}`,
    )
  const failed = reports.filter(({ passed }) => !passed).length
  console.log(`${reports.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

function printFailures({ name, violations, missedFaults }: SimulationReport): void {
  for (const { seed, violation } of violations.slice(0, violationsShown))
    console.log(`FAIL ${name}: ${violation}\n     replay: npm run simulate -- ${name} --seed ${seed}`)
  if (violations.length > violationsShown) console.log(`     … and ${violations.length - violationsShown} more`)
  for (const fault of missedFaults)
    console.log(`FAIL ${name}: no seed hit the fault "${fault}", so nothing was shown about it`)
}

function describeFaults({ faults }: SimulationReport): string {
  return (
    Object.entries(faults)
      .map(([fault, hits]) => `${fault} ${hits}`)
      .join(', ') || 'no fault'
  )
}

/** A line that is overwritten as the campaign goes on, on terminals only. */
function progressLine(name: string): ((progress: SimulationProgress) => void) | undefined {
  if (!process.stderr.isTTY) return undefined
  return ({ done, total, violations }) =>
    process.stderr.write(
      done === total ? '\r\u001b[K' : `\r${name}: ${done} of ${total} seeds, ${violations} violations`,
    )
}
