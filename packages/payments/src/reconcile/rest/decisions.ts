import type { Edge, MatchRule, OpenItem } from '../match/edge.ts'

/** The rules that can match rows, by number. */
export const rowRules = [
  'key',
  'key-tolerance',
  'key-rate',
  'key-sum',
  'reference',
  'reference-part',
  'reference-tolerance',
] as const satisfies readonly MatchRule[]

/** A rule of {@link rowRules}. */
export type RowRule = (typeof rowRules)[number]

/** Rows that belong together and are more than one of each side. */
export interface RowGroup {
  readonly rule: RowRule
  /** Ascending. */
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly evidence: string
}

/** What became of rows. */
export class Decisions {
  /** The other row of a pair; -1 where there is none. */
  readonly partners: Int32Array
  /** Of a pair's left row: the rule in {@link rowRules}, and the number of the text that both have or -1. */
  readonly rules: Uint8Array
  readonly words: Int32Array
  /** 1 when it is known what becomes of a row. */
  readonly decided: Uint8Array
  /** By their first left row. */
  readonly groups = new Map<number, RowGroup>()
  /** Rows that are open for another reason than that they have no counterpart. */
  readonly open = new Map<number, Pick<OpenItem, 'reason' | 'candidates'>>()
  /** Edges that could not be decided, by row. */
  readonly passed = new Map<number, Edge[]>()

  /** @param columns of at least this length that are zero, for what others look at */
  constructor(count: number, columns?: Pick<Decisions, 'partners' | 'rules' | 'words'>) {
    this.partners = (columns?.partners ?? new Int32Array(count)).subarray(0, count).fill(-1)
    this.rules = (columns?.rules ?? new Uint8Array(count)).subarray(0, count)
    this.words = (columns?.words ?? new Int32Array(count)).subarray(0, count)
    this.decided = new Uint8Array(count)
  }

  pair(rule: RowRule, left: number, right: number, word: number): void {
    this.partners[left] = right
    this.partners[right] = left
    this.rules[left] = rowRules.indexOf(rule)
    this.words[left] = word
    this.decided[left] = 1
    this.decided[right] = 1
  }

  group(group: RowGroup): void {
    this.groups.set(group.left[0]!, group)
    for (const row of [...group.left, ...group.right]) this.decided[row] = 1
  }

  leave(row: number, reason: OpenItem['reason'], candidates: OpenItem['candidates']): void {
    this.open.set(row, { reason, candidates })
    this.decided[row] = 1
  }

  /** Those of which nothing is known yet, ascending. */
  rest(): Uint32Array {
    const rows = new Uint32Array(this.decided.length)
    let count = 0
    for (let row = 0; row < rows.length; row++) if (this.decided[row] === 0) rows[count++] = row
    return rows.subarray(0, count)
  }
}
