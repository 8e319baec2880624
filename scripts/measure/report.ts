import { table } from '../lib/table.ts'
import type { PackageMeasures } from './measure-package.ts'

/** One line of the report: a figure of every package beside where we want it. */
interface Row {
  readonly label: string
  readonly value: (measures: PackageMeasures) => number | undefined
  readonly digits?: number | undefined
  readonly target?: string | undefined
  readonly inside?: ((value: number, measures: PackageMeasures) => boolean) | undefined
}

const rows: readonly Row[] = [
  { label: 'source files', value: ({ files }) => files },
  {
    label: 'lines per file, median',
    value: ({ lines }) => lines.median,
    target: '≤ 80',
    inside: (value) => value <= 80,
  },
  { label: 'lines per file, p90', value: ({ lines }) => lines.p90, target: '≤ 250', inside: (value) => value <= 250 },
  { label: 'lines per file, max', value: ({ lines }) => lines.max, target: '≤ 500', inside: (value) => value <= 500 },
  { label: 'run-time import cycles', value: (m) => m.importCycles.length, target: '0', inside: (value) => value === 0 },
  { label: 'test : code lines', value: (m) => m.testToCode, digits: 2, target: '≥ 1.5', inside: testsAreEnough },
  {
    label: 'cold import, ms',
    value: (m) => m.coldImport.milliseconds,
    digits: 1,
    target: 'core ≤ 10, others ≤ 40',
    inside: importsFast,
  },
  { label: 'direct dependencies', value: (m) => m.directDependencies, target: '≤ 6', inside: (value) => value <= 6 },
  { label: 'tarball, kB', value: ({ tarball }) => tarball, digits: 1 },
  {
    label: 'root d.ts, kB',
    value: ({ rootTypes }) => rootTypes,
    digits: 1,
    target: '≤ 150',
    inside: (value) => value <= 150,
  },
  { label: 'idle RSS, kB', value: ({ idle }) => idle.rss },
  { label: 'idle timers', value: ({ idle }) => idle.timers, target: '0', inside: (value) => value === 0 },
  { label: 'idle handles', value: ({ idle }) => idle.handles, target: '0', inside: (value) => value === 0 },
]

/** The measures as a table, one package per column, with `!` behind every figure outside its target. */
export function report(packages: readonly PackageMeasures[]): string {
  const heading = ['', ...packages.map(({ name }) => name.replace(/^@exprsn\//, '')), 'target']
  const lines = rows.map((row) => [row.label, ...packages.map((measures) => cell(row, measures)), row.target ?? ''])
  const cycles = packages.flatMap(({ name, importCycles }) =>
    importCycles.map((cycle) => `${name}: ${cycle.join(' → ')}`),
  )
  return [table([heading, ...lines]), ...notes(packages), ...cycles.map((cycle) => `cycle in ${cycle}`)].join('\n')
}

function cell({ value, digits, inside }: Row, measures: PackageMeasures): string {
  const figure = value(measures)
  if (figure === undefined) return '–'
  const outside = inside !== undefined && !inside(figure, measures)
  return `${figure.toFixed(digits ?? 0)}${outside ? '!' : ' '}`
}

function notes(packages: readonly PackageMeasures[]): string[] {
  const fromSource = packages.filter(({ coldImport }) => coldImport.from === 'source').map(({ name }) => name)
  const origin =
    fromSource.length === 0 ? 'from dist' : `from dist, but ${fromSource.join(', ')} from source (not built)`
  return [
    '',
    `! outside the target · cold import and idle cost ${origin}, above an empty module in a process of its own`,
  ]
}

/** A package that exports nothing yet has nothing to test. */
function testsAreEnough(value: number, { files }: PackageMeasures): boolean {
  return value >= 1.5 || files <= 1
}

function importsFast(value: number, { name }: PackageMeasures): boolean {
  return value <= (name === '@exprsn/core' ? 10 : 40)
}
