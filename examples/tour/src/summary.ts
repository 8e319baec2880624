import { formatTable } from './console/table.ts'
import type { StepResult } from './run-step.ts'

/** The closing table and the line `tour: N steps, N passed, N failed`; `seconds` went by from the first step to the last. */
export function summary(results: readonly StepResult[], seconds: number): string {
  const failed = results.filter(({ failure }) => failure !== undefined).length
  const rows = results.flatMap(({ step, seconds: took, failure, outcome }) => [
    [failure === undefined ? '✔' : '✘', step.name, `${took.toFixed(1)} s`, failure ?? ''],
    ...(outcome?.facts ?? []).map(({ label, value }) => ['', '', label, value]),
  ])
  const closing = `tour: ${results.length} steps, ${results.length - failed} passed, ${failed} failed`
  return `\n${formatTable(rows)}\n\nTotal ${seconds.toFixed(1)} s\n${closing}`
}
