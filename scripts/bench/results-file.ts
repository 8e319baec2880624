import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../lib/packages.ts'
import type { ResultRow } from './result-rows.ts'
import type { NotRun } from './run-benchmark.ts'

/** A row, and where it was measured: those of a file come from many days. */
export interface MeasuredRow extends ResultRow {
  /** Version of Node. */
  readonly node: string
  readonly cpu: string
}

/** The content of bench/results/<package>.json, from which the documentation's figures come. */
export interface Results {
  readonly package: string
  readonly rows: readonly MeasuredRow[]
  readonly notRun: readonly NotRun[]
}

interface SaveOptions {
  /** Quick results are kept apart: they never take the place of thorough ones. */
  readonly quick: boolean
  /** Whether only some benchmarks were run, so that the file's other rows stay. */
  readonly partial: boolean
  /** @default the repository's root */
  readonly folder?: string | undefined
}

/** This machine, as results name it. */
export function machine(): Pick<MeasuredRow, 'node' | 'cpu'> {
  const all = cpus()
  return { node: process.versions.node, cpu: `${all[0]?.model.trim() ?? 'unknown'} × ${all.length}` }
}

/** Writes the results and returns the file's path. */
export function saveResults(results: Results, { quick, partial, folder = root }: SaveOptions): string {
  const file = join(folder, quick ? '.artifacts/bench' : 'bench/results', `${results.package}.json`)
  mkdirSync(dirname(file), { recursive: true })
  const previous = partial && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : undefined
  writeFileSync(file, `${JSON.stringify(previous === undefined ? results : merged(previous, results), null, 2)}\n`)
  return file
}

function merged(previous: Results, results: Results): Results {
  const measured = new Set([...results.rows, ...results.notRun].map(({ name }) => name))
  const kept = <Row extends { readonly name: string }>(rows: readonly Row[]): Row[] =>
    rows.filter(({ name }) => !measured.has(name))
  const byName = (left: { readonly name: string }, right: { readonly name: string }): number =>
    left.name.localeCompare(right.name)
  return {
    ...results,
    rows: [...kept(previous.rows), ...results.rows].sort(byName),
    notRun: [...kept(previous.notRun), ...results.notRun].sort(byName),
  }
}
