import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Benchmark } from '../bench/benchmark.ts'
import { checkBenchmarkTypes, installPeers } from '../bench/install.ts'
import { reachesTarget, type ResultRow } from '../bench/result-rows.ts'
import { machine, saveResults } from '../bench/results-file.ts'
import { runBenchmark, type NotRun } from '../bench/run-benchmark.ts'
import { onlyWord } from '../lib/only-word.ts'
import { root } from '../lib/packages.ts'
import { table } from '../lib/table.ts'
import { runTask, TaskFailure } from '../lib/task.ts'

const help = `
npm run bench -- <package> [options]

Runs the benchmarks in bench/src/<package>, ours and the peers in turn, prints them side by side and writes
bench/results/<package>.json.

  --quick        about three minutes at most, rows that they do not suffice for are named; writes
                 .artifacts/bench/<package>.json instead
  --minutes <n>  what all benchmarks share, beyond the nine rounds that each of them makes (default: ten for each)
  --only <row>   one benchmark, such as import
  --help         this text
`

/** A row that was begun in time is finished. */
const quickMinutes = 2
const minutesPerBenchmark = 10
const source = join(root, 'bench/src')

await runTask({
  name: 'bench',
  help,
  options: { quick: { type: 'boolean' }, minutes: { type: 'string' }, only: { type: 'string' } },
  positionals: true,
  async run({ values: { quick = false, minutes, only }, positionals }) {
    const packages = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const names = packages.map(({ name }) => name).join(', ')
    const subject = onlyWord(positionals)
    if (subject === undefined) throw new TaskFailure(`Name a package: ${names}.`)
    if (!existsSync(join(source, subject))) throw new TaskFailure(`No benchmarks for "${subject}": ${names}.`)
    await benchPackage(subject, { quick, only, minutes: quick ? quickMinutes : minutesOf(minutes) })
  },
})

interface Extent {
  readonly quick: boolean
  readonly only: string | undefined
  /** What all benchmarks share. */
  readonly minutes: number | undefined
}

async function benchPackage(subject: string, { quick, only, minutes }: Extent): Promise<void> {
  const files = benchmarkFiles(subject, only)
  await installPeers()
  await checkBenchmarkTypes()
  const rows: { readonly row: ResultRow; readonly better: Benchmark['better'] }[] = []
  const notRun: NotRun[] = []
  const begin = performance.now()
  const total = (minutes ?? minutesPerBenchmark * files.length) * 60_000
  // What an early benchmark leaves, the later ones may use.
  const deadline = (index: number): number => begin + (total * (index + 1)) / files.length
  for (const [index, file] of files.entries()) {
    const benchmark = await loadBenchmark(subject, file)
    if (quick && performance.now() - begin > total) {
      const reason = `the time of --quick is over; --only ${file.slice(0, -3)} runs it`
      notRun.push({ name: benchmark.name, peerName: 'any peer', reason })
      continue
    }
    console.error(`${benchmark.name} …`)
    const result = await runBenchmark(benchmark, { quick, deadline: deadline(index) })
    rows.push(...result.rows.map((row) => ({ row, better: benchmark.better })))
    notRun.push(...result.notRun)
  }
  print(rows, notRun)
  const here = machine()
  const results = { package: subject, rows: rows.map(({ row }) => ({ ...row, ...here })), notRun }
  console.log(`written to ${relative(root, saveResults(results, { quick, partial: only !== undefined }))}`)
  if (rows.some(({ row }) => row.void !== undefined)) throw new TaskFailure('A row is void: the answers differ.')
}

function benchmarkFiles(subject: string, only: string | undefined): string[] {
  const files = readdirSync(join(source, subject))
    .filter((name) => name.endsWith('.ts'))
    .sort()
  const chosen = only === undefined ? files : files.filter((name) => name === `${only.replace(`${subject}/`, '')}.ts`)
  const rowNames = files.map((name) => name.slice(0, -3)).join(', ')
  if (chosen.length === 0) throw new TaskFailure(`No row "${only}": ${rowNames}.`)
  return chosen
}

async function loadBenchmark(subject: string, file: string): Promise<Benchmark> {
  const path = join(source, subject, file)
  const { benchmark } = (await import(pathToFileURL(path).href)) as { readonly benchmark?: Benchmark }
  const name = `${subject}/${file.slice(0, -3)}`
  if (benchmark?.name !== name)
    throw new TaskFailure(`${relative(root, path)} must export a benchmark named "${name}".`)
  return benchmark
}

function minutesOf(text: string | undefined): number | undefined {
  const minutes = Number(text)
  if (text !== undefined && !(minutes > 0)) throw new TaskFailure(`--minutes ${text}: a number above 0 is needed.`)
  return text === undefined ? undefined : minutes
}

function print(
  rows: readonly { readonly row: ResultRow; readonly better: Benchmark['better'] }[],
  notRun: readonly NotRun[],
) {
  const heading = ['name', 'measure', 'unit', 'ours', 'peer', 'peer name', 'ratio', 'target', 'rounds', '']
  const lines = rows.map(({ row, better }) => [
    ...[row.name, row.measure, row.unit, figure(row.ours), figure(row.peer), peerLabel(row), figure(row.ratio)],
    ...[targetLabel(row, better), String(row.rounds), remarks(row, better)],
  ])
  console.log(table([heading, ...lines]))
  for (const { name, peerName, reason } of notRun) console.log(`not run: ${name} against ${peerName}: ${reason}`)
}

function targetLabel({ peerName, target }: ResultRow, better: Benchmark['better']): string {
  return peerName === null && better === 'lower' ? `≤ ${target}` : `≥ ${target}`
}

function peerLabel({ peerName, versions }: ResultRow): string {
  return peerName === null ? '–' : `${peerName} ${versions[peerName]}`
}

function remarks(row: ResultRow, better: Benchmark['better']): string {
  if (row.void !== undefined) return `VOID: ${row.void}`
  return [reachesTarget(row, better) ? '' : 'below target', row.noisy ? 'noisy' : ''].filter(Boolean).join(', ')
}

/** Three significant digits. */
function figure(value: number | null): string {
  return value === null ? '–' : value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
