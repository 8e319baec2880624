import type { Finding } from './sensitive-kind.ts'

/** Findings in the order of the text. Of those that overlap the whole stays, so that nothing of a secret is left over. */
export function withoutOverlaps(findings: Finding[]): Finding[] {
  if (findings.length < 2) return findings
  findings.sort((left, right) => left.start - right.start || rank(left) - rank(right) || right.end - left.end)
  const kept: Finding[] = []
  let passwordEnd = 0
  for (const finding of findings) {
    const last = kept.at(-1)
    if (finding.kind === 'url-password') passwordEnd = finding.end
    // In `https://user:password@host` the password and the host look like an address.
    if (finding.kind === 'email' && finding.start < passwordEnd) continue
    if (last === undefined || finding.start >= last.end) kept.push(finding)
    else if (finding.end > last.end) kept.splice(-1, 1, merged(last, finding))
  }
  return kept
}

function rank({ kind }: Finding): number {
  return kind === 'url-password' ? 0 : 1
}

/** Both were right about their part: the whole is masked, under the name of the longer. */
function merged(left: Finding, right: Finding): Finding {
  const longer = right.end - right.start > left.end - left.start ? right : left
  return { kind: longer.kind, start: left.start, end: right.end }
}
