/** A test that did not run, and why. */
export interface SkippedTest {
  /** File and full name. */
  readonly name: string
  readonly reason: string
}

/** What one run of the tests came to. */
export interface TestResult {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly SkippedTest[]
}

/** How a run is told and judged. */
export interface Summary {
  /** The last one is always `N passed, N failed` or `N passed, N failed, N skipped`. */
  readonly lines: readonly string[]
  readonly exitCode: 0 | 1
}

/**
 * Sums up a run. `result` is undefined when the run broke off before it could report.
 *
 * @param strict On the project's own machines nothing may be skipped: there, a skipped test fails the run.
 */
export function summarise(
  result: TestResult | undefined,
  runnerExit: number | string,
  { strict }: { readonly strict: boolean },
): Summary {
  const { passed, failed, skipped } = result ?? { passed: 0, failed: 0, skipped: [] }
  const lines: string[] = []
  if (skipped.length > 0) lines.push('', 'Skipped:', ...groupByReason(skipped))
  const skipsFail = strict && skipped.length > 0
  if (skipsFail) lines.push('', 'Tests were skipped although CI=true allows none: the run has failed.')

  const brokeOff = result === undefined
  const failedOutsideTests = failed === 0 && runnerExit !== 0
  if (brokeOff) lines.push('', `The tests ended before they could report (${runnerExit}).`)
  else if (failedOutsideTests)
    lines.push(
      '',
      'No test failed, but the run did: its reason stands above (coverage, an error outside tests, no test).',
    )

  const failures = failed + (failedOutsideTests || brokeOff ? 1 : 0)
  const counts = `${passed} passed, ${failures} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
  return { lines: [...lines, '', counts], exitCode: failures > 0 || skipsFail ? 1 : 0 }
}

function groupByReason(skipped: readonly SkippedTest[]): string[] {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  return reasons.flatMap((wanted) => [
    `  ${wanted}`,
    ...skipped.filter(({ reason }) => reason === wanted).map(({ name }) => `    ${name}`),
  ])
}
