import { inTurns } from '../lib/in-turns.ts'
import type { CheckContext, CheckStep } from './check-steps.ts'

/** How one step ended. */
export interface StepResult {
  readonly name: string
  readonly problems: readonly string[]
  readonly seconds: number
}

/** Runs all steps, two at a time, also when one fails or throws; calls `onResult` as each one ends. */
export function runSteps(
  steps: readonly CheckStep[],
  context: CheckContext,
  onResult: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  return inTurns(steps, 2, async ({ name, run }) => {
    const started = performance.now()
    const problems = await run(context).catch((error: unknown) => [
      error instanceof Error ? error.message : String(error),
    ])
    const result = { name, problems, seconds: (performance.now() - started) / 1_000 }
    onResult(result)
    return result
  })
}

/** What is printed as a step ends: a line, and its problems below it. */
export function describeStep({ name, problems, seconds }: StepResult): string {
  const line = `${problems.length === 0 ? '✓' : '✗'} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(5)} s`
  return [line, ...problems.map((problem) => `  ${problem}`)].join('\n')
}
