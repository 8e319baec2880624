import { formatTable } from './console/table.ts'
import type { StepResult } from './run-step.ts'

/** The closing table and the line `tour: N steps, N passed, N failed`. */
export function summary(results: readonly StepResult[]): string {
  const failed = results.filter(({ failure }) => failure !== undefined).length
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0)
  const rows = results.flatMap(({ step, seconds, failure, outcome }) => [
    [failure === undefined ? '✔' : '✘', step.name, `${seconds.toFixed(1)} s`, failure ?? ''],
    ...(outcome?.facts ?? []).map(({ label, value }) => ['', '', label, value]),
  ])
  const closing = `tour: ${results.length} steps, ${results.length - failed} passed, ${failed} failed`
  return `\n${formatTable(rows)}\n\nTotal ${total.toFixed(1)} s\n${closing}`
}
