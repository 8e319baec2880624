import { createHash } from 'node:crypto'
import { currencyCode } from '../files/currencies.ts'
import { exceptionLine, matchLine, repeatedLine } from '../make-report.ts'
import { best } from '../match/match-leg.ts'
import { rowRules, type Decisions } from './decisions.ts'
import { rowReasons } from './line-constants.ts'
import { LinesKernel } from './lines-kernel.ts'
import type { RowsMatched } from './match-rows.ts'
import { differencesOf } from './row-differences.ts'
import { rowEvidence, type EvidenceSource } from './row-evidence.ts'
import type { ExtraLine } from './row-lines.ts'
import { spanAt } from './rest-rows.ts'
import { handedTable, textAt, type RestTable } from './rest-table.ts'

/** What became of rows, as columns. */
export interface PairColumns extends Pick<Decisions, 'partners' | 'rules' | 'words'> {
  /** Of rows without a partner: their reason's place among `rowReasons`, or {@link isTold}. */
  readonly states: Uint8Array
}

/** Of a row that has no line of its own, or one among the extra ones. */
const isTold = 255

/** What a report's hash covers, as plain data. */
export interface ReportLines extends PairColumns, Omit<EvidenceSource, 'numbers'> {
  readonly numbers: Pick<EvidenceSource['numbers'], 'starts' | 'ends'>
  readonly gateway: string
  readonly asOf: number
  /** Lines before all others. */
  readonly ground: readonly string[]
  /** Of matches that are no pairs, and of rows that are open with more to say. */
  readonly matches: readonly ExtraLine[]
  readonly open: readonly ExtraLine[]
  readonly repeated: readonly string[]
}

/** The ground of {@link ReportLines}. */
export type ReportLinesGround = Pick<ReportLines, 'gateway' | 'asOf' | 'ground' | 'repeated'>

/** Tells what became of rows as columns and lines; `stands` are lines of matches that are none of rows. */
export function reportLines(
  { table, numbers, decisions }: RowsMatched,
  states: Uint8Array,
  stands: readonly ExtraLine[],
  ground: ReportLinesGround,
): ReportLines {
  const { partners, rules, words, groups, open, passed } = decisions
  const idOf = (row: number): string => textAt(table, row, spanAt.id)
  const matches = [...stands]
  for (const [row, { rule, left, right, evidence }] of groups) {
    for (const each of [...left, ...right]) states[each] = isTold
    const differences = differencesOf(table, left, right)
    const match = { rule, left: left.map(idOf), right: right.map(idOf), evidence, differences }
    matches.push({ before: row, line: matchLine(match) })
  }
  const lines: ExtraLine[] = []
  for (const [row, { reason, candidates }] of open)
    if (candidates.length === 0 && rowReasons.includes(reason as 'missing'))
      states[row] = rowReasons.indexOf(reason as 'missing')
    else {
      states[row] = isTold
      lines.push({ before: row, line: exceptionLine({ ...openAt(table, row, ground.asOf), reason, candidates }) })
    }
  for (const [row, edges] of passed)
    if (partners[row]! < 0 && states[row] !== isTold && !open.has(row)) {
      states[row] = isTold
      const more = { reason: 'ambiguous', candidates: best(edges) } as const
      lines.push({ before: row, line: exceptionLine({ ...openAt(table, row, ground.asOf), ...more }) })
    }
  const inOrder = (extra: readonly ExtraLine[]) => extra.toSorted((a, b) => a.before - b.before)
  const texts = { starts: numbers.starts, ends: numbers.ends }
  return {
    ...{ table, numbers: texts, partners, rules, words, states },
    ...{ ...ground, matches: inOrder(matches), open: inOrder(lines) },
  }
}

function openAt(table: RestTable, row: number, asOf: number) {
  const amount = { amount: BigInt(table.amounts[row]!), currency: currencyCode(table.currencies[row]!) }
  return { item: textAt(table, row, spanAt.id), amount, age: asOf - table.days[row]! }
}

/** As the hash of `finishReport`: undefined where WebAssembly cannot run. */
export function digestReport(handed: ReportLines): string | undefined {
  const table = handedTable(handed.table)
  const lines = { ...handed, table }
  const { numbers, asOf, ground, repeated } = lines
  const hash = createHash('sha256')
  const kernel = LinesKernel.create(table, lines.gateway, hash)
  if (kernel === undefined) return undefined
  const put = (line: string) => {
    kernel.flush()
    hash.update(`${line}\n`)
  }
  ground.forEach(put)
  kernel.pairs(lines, numbers.starts, numbers.ends)
  const among = (extra: readonly ExtraLine[], write: (from: number, to: number) => void) => {
    let row = 0
    for (const { before, line } of extra) {
      write(row, before)
      put(line)
      row = before
    }
    write(row, table.count)
  }
  among(lines.matches, (from, to) => kernel.matches(from, to, (row) => put(pairLine(lines, row))))
  among(lines.open, (from, to) =>
    kernel.open(from, to, asOf, (row) => {
      const reason = rowReasons[lines.states[row]!]!
      put(exceptionLine({ ...openAt(table, row, asOf), reason, candidates: [] }))
    }),
  )
  for (const id of repeated) put(repeatedLine(id))
  kernel.flush()
  return hash.digest('hex')
}

function pairLine({ table, numbers, partners, rules, words }: ReportLines, row: number): string {
  const [rule, other] = [rowRules[rules[row]!]!, partners[row]!]
  const idOf = (each: number): string[] => [textAt(table, each, spanAt.id)]
  const evidence = rowEvidence({ table, numbers }, rule, row, other, words[row]!)
  const differences = differencesOf(table, [row], [other])
  return matchLine({ rule, left: idOf(row), right: idOf(other), evidence, differences })
}
