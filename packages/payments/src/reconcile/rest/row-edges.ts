import { chooseEdges } from '../match/choose-edges.ts'
import type { Edge } from '../match/edge.ts'
import type { Decisions, RowRule } from './decisions.ts'
import { rowEvidence, type EvidenceSource } from './row-evidence.ts'
import { spanAt } from './rest-rows.ts'
import { textAt } from './rest-table.ts'

/** Rows that may belong together, by one rule. */
export class RowEdges {
  readonly lefts: number[] = []
  readonly rights: number[] = []
  /** Numbers of the texts that both have. */
  readonly words: number[] = []
  /** What speaks against each: 0 is best. */
  readonly costs: number[] = []

  add(left: number, right: number, word: number, cost: number): void {
    this.lefts.push(left)
    this.rights.push(right)
    this.words.push(word)
    this.costs.push(cost)
  }
}

interface RowEdge extends Edge {
  readonly at: number
}

/** As `chooseEdges`: pairs rows that have one edge each, and lets it decide about the others. */
export function chooseRowEdges(edges: RowEdges, rule: RowRule, source: EvidenceSource, decisions: Decisions): void {
  const { lefts, rights, words, costs } = edges
  const degrees = new Uint32Array(source.table.count)
  for (const row of lefts) degrees[row]!++
  for (const row of rights) degrees[row]!++
  const others: RowEdge[] = []
  for (let at = 0; at < lefts.length; at++) {
    const [left, right, word] = [lefts[at]!, rights[at]!, words[at]!]
    if (degrees[left] === 1 && degrees[right] === 1) decisions.pair(rule, left, right, word)
    else
      others.push({
        ...{ at, rule, cost: costs[at]!, left: textAt(source.table, left, spanAt.id) },
        ...{ right: textAt(source.table, right, spanAt.id), evidence: rowEvidence(source, rule, left, right, word) },
      })
  }
  if (others.length === 0) return
  const { taken, ambiguous } = chooseEdges(others)
  for (const { at } of taken) decisions.pair(rule, lefts[at]!, rights[at]!, words[at]!)
  for (const { at, ...edge } of ambiguous)
    for (const row of [lefts[at]!, rights[at]!]) {
      const known = decisions.passed.get(row)
      if (known === undefined) decisions.passed.set(row, [edge])
      else known.push(edge)
      // What a surer rule could not decide, a less sure one must not.
      decisions.decided[row] = 1
    }
}
