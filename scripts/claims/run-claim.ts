import { tail } from '../lib/must-capture.ts'
import { runGroup } from '../lib/run-group.ts'
import type { Claim } from './parse-claims.ts'

/** How one claim ended. */
export interface ClaimResult {
  readonly claim: Claim
  readonly passed: boolean
  /** Why it failed, in a few words. */
  readonly reason: string | undefined
  /** What the command printed. */
  readonly output: string
  readonly seconds: number
}

/** Runs a claim's command in a shell from the repository's root. */
export async function runClaim(claim: Claim): Promise<ClaimResult> {
  const start = performance.now()
  const { code, output, timedOut } = await runGroup(claim.command, claim.timeLimit)
  const reason = timedOut
    ? `still running after ${claim.timeLimit / 1000} s`
    : code !== 0
      ? `exit code ${code}`
      : missingText(output, claim.expected)
  return { claim, passed: reason === undefined, reason, output, seconds: (performance.now() - start) / 1000 }
}

function missingText(output: string, expected: string | undefined): string | undefined {
  return expected === undefined || contains(output, expected) ? undefined : `its output has no "${expected}"`
}

/** Whether an output has the text; a lone `N` in the text stands for any number, and colours do not count. */
export function contains(output: string, expected: string): boolean {
  // oxlint-disable-next-line no-control-regex -- terminal colours begin with the escape character
  const plain = output.replace(/\u001b\[[\d;]*m/g, '')
  const pattern = expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\bN\b/g, '\\d[\\d.,]*')
  return new RegExp(pattern).test(plain)
}

/** A claim's result as the lines that are printed. */
export function describeResult({ claim, passed, reason, output, seconds }: ClaimResult): string {
  const headline = `${passed ? 'pass' : 'FAIL'}  ${claim.number}. ${claim.sentence} (${seconds.toFixed(1)} s)`
  if (passed) return headline
  const quoted = tail(output, 60).replace(/^/gm, '      | ')
  return [headline, `      ${claim.command}: ${reason}`, ...(output.trim() === '' ? [] : [quoted])].join('\n')
}
