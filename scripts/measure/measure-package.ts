import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourceFiles, testFiles, type WorkspacePackage } from '../lib/packages.ts'
import { pack } from '../pack-check/pack.ts'
import { idleCost, importMilliseconds } from './fresh-process.ts'
import { importCycles, importGraph, withImports } from './import-graph.ts'
import { lineCount } from './line-count.ts'
import { percentile } from './statistics.ts'

/** One package's figures. */
export interface PackageMeasures {
  readonly name: string
  /** Source files without tests. */
  readonly files: number
  /** Lines per source file. */
  readonly lines: { readonly median: number; readonly p90: number; readonly max: number }
  /** Groups of files that import each other at run time, as paths below the package. */
  readonly importCycles: readonly (readonly string[])[]
  /** Lines of tests per line of code. */
  readonly testToCode: number
  /** Cold `import()` of the root above that of an empty module, ms, and what was imported. */
  readonly coldImport: { readonly milliseconds: number; readonly from: 'dist' | 'source' }
  readonly directDependencies: number
  /** kB of the packed tarball; undefined while the package is not built. */
  readonly tarball: number | undefined
  /** kB of the root's declaration file with the chunks it imports; undefined while the package is not built. */
  readonly rootTypes: number | undefined
  /** After an import: kB of resident memory above an empty process, timers, other handles. */
  readonly idle: { readonly rss: number; readonly timers: number; readonly handles: number }
}

const importRounds = 9
const idleRounds = 5

/** Measures one package. Processes run one after the other, so that they do not disturb each other. */
export async function measurePackage(subject: WorkspacePackage): Promise<PackageMeasures> {
  const { folder, manifest } = subject
  const code = sourceFiles(subject)
  const lines = code.map(lineCount)
  const built = existsSync(join(folder, 'dist/index.js'))
  const root = join(folder, built ? 'dist/index.js' : 'src/index.ts')
  const conditions = built ? [] : ['@exprsn/source']
  return {
    name: manifest.name,
    files: code.length,
    lines: { median: percentile(lines, 0.5), p90: percentile(lines, 0.9), max: Math.max(0, ...lines) },
    importCycles: importCycles(importGraph(code)).map((cycle) => cycle.map((file) => file.slice(folder.length + 1))),
    testToCode: sum(testFiles(subject).map(lineCount)) / Math.max(1, sum(lines)),
    coldImport: { milliseconds: await coldImport(root, conditions), from: built ? 'dist' : 'source' },
    directDependencies: Object.keys(manifest.dependencies ?? {}).length,
    tarball: built ? await tarballSize(folder) : undefined,
    rootTypes: built ? kilobytes(withImports(join(folder, 'dist/index.d.ts'))) : undefined,
    idle: await idleAbove(root, conditions),
  }
}

/** The minimum of several fresh processes on each side: noise only ever adds. */
async function coldImport(root: string, conditions: readonly string[]): Promise<number> {
  const withPackage: number[] = []
  const empty: number[] = []
  for (let round = 0; round < importRounds; round++) {
    withPackage.push(await importMilliseconds(root, conditions))
    empty.push(await importMilliseconds(undefined, conditions))
  }
  return Math.min(...withPackage) - Math.min(...empty)
}

async function idleAbove(root: string, conditions: readonly string[]): Promise<PackageMeasures['idle']> {
  const withPackage = await repeat(idleRounds, () => idleCost(root, conditions))
  const empty = await repeat(idleRounds, () => idleCost(undefined, conditions))
  const rss = (costs: typeof empty): number =>
    percentile(
      costs.map((cost) => cost.rss),
      0.5,
    )
  const resources = withPackage[0]!.resources
  const timers = resources.filter((type) => /Timeout|Immediate/.test(type)).length
  return { rss: Math.round(rss(withPackage) - rss(empty)), timers, handles: resources.length - timers }
}

async function tarballSize(folder: string): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'exprsn-measure-'))
  try {
    return kilobytes([(await pack(folder, scratch)).tarball])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function kilobytes(files: Iterable<string>): number {
  return sum([...files].map((file) => statSync(file).size)) / 1000
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

async function repeat<Result>(times: number, work: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let round = 0; round < times; round++) results.push(await work())
  return results
}
