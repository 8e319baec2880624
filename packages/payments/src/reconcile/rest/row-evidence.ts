import type { RowRule } from './decisions.ts'
import type { RestTable } from './rest-table.ts'
import type { RowNumbers } from './row-numbers.ts'

/** What evidence is told from. */
export interface EvidenceSource {
  readonly table: RestTable
  readonly numbers: Pick<RowNumbers, 'starts' | 'ends'>
}

/** What speaks for a pair of rows, in words; the same that the plain rules say. `word` is what both have, or -1. */
export function rowEvidence(
  { table, numbers }: EvidenceSource,
  rule: RowRule,
  left: number,
  right: number,
  word: number,
): string {
  const { amounts, days, bytes } = table
  const text = word < 0 ? 'a name through a third' : bytes.toString('utf8', numbers.starts[word], numbers.ends[word])
  const distance = (): bigint => {
    const rest = BigInt(amounts[left]!) - BigInt(amounts[right]!)
    return rest < 0n ? -rest : rest
  }
  const apart = (): string => {
    const count = Math.abs(days[right]! - days[left]!)
    return `the same amount, ${count} ${count === 1 ? 'day' : 'days'} apart`
  }
  switch (rule) {
    case 'reference':
      return `the reference ${text} in both, ${apart()}`
    case 'reference-part':
      return `a reference cut to ${text}, ${apart()}`
    case 'reference-tolerance':
      return `the reference ${text} in both, ${distance()} minor units apart`
    case 'key-tolerance':
      return `the same name; ${distance()} minor units apart`
    default:
      return `both have ${text}`
  }
}
