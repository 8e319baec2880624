import type { Finding } from './sensitive-kind.ts'

/**
 * Findings in the order of the text. Of those that overlap, the later one is what the earlier left of it, so that nothing of a
 * secret is left over, and what was decided about a text stays true however it goes on.
 */
export function withoutOverlaps(findings: Finding[]): Finding[] {
  if (findings.length < 2) return findings
  findings.sort((left, right) => left.start - right.start || rank(left) - rank(right) || right.end - left.end)
  const kept: Finding[] = []
  let coveredTo = 0
  let passwordEnd = 0
  for (const { kind, start, end } of findings) {
    if (kind === 'url-password') passwordEnd = end
    // In `https://user:password@host` the password and the host look like an address.
    if (kind === 'email' && start < passwordEnd) continue
    if (end <= coveredTo) continue
    kept.push({ kind, start: Math.max(start, coveredTo), end })
    coveredTo = end
  }
  return kept
}

function rank({ kind }: Finding): number {
  return kind === 'url-password' ? 0 : 1
}
