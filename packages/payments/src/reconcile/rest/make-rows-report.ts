import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import { currencyNumber } from '../files/currencies.ts'
import type { FilesReport } from '../files/files-report.ts'
import { standFor, type RowsFound } from '../files/make-files-report.ts'
import { itemLine } from '../items/item-line.ts'
import { finishReport, matchId, matchLine } from '../make-report.ts'
import { Decisions } from './decisions.ts'
import { nameReader, type PairNames } from './match-names.ts'
import { matchRows, type matchHandedRows, type MatchTask, type RowsMatched } from './match-rows.ts'
import { reportLines, type ReportLines } from './report-lines.ts'
import { spanAt, type RestRows } from './rest-rows.ts'
import { joinRows, restTable, textAt, type JoinedRows } from './rest-table.ts'
import { digestRows, type ExtraLine } from './row-lines.ts'
import { numberRows, numbersInOrder } from './row-numbers.ts'
import type { RowsWork } from './rows-work.ts'
import { TableKernel } from './table-kernel.ts'
import { tellItems, tellMatches, tellOpen, type RowsTold } from './tell-rows.ts'

/** What names decided about the rows of two files, and what they left. */
export interface RestFound extends Omit<RowsFound, 'items'> {
  readonly rest: { readonly ours: readonly RestRows[]; readonly gateway: readonly RestRows[] }
}

/** Another thread that does what needs not be done in this one; undefined when it could not. */
export interface RowsHelp {
  /** See `numberRows`. */
  number(rows: JoinedRows): Promise<number | undefined>
  match(task: MatchTask): Promise<ReturnType<typeof matchHandedRows> | undefined>
  digestReport(lines: ReportLines): Promise<string | undefined>
  namePairs(names: PairNames): Promise<number | undefined>
}

/**
 * As `makeFilesReport`, which is the plain form of it and gives the same.
 *
 * @throws `PAYMENTS_RECONCILE_CONFLICT`
 */
export async function makeRowsReport(found: RestFound, help?: RowsHelp): Promise<FilesReport> {
  const { gateway, rows, newestDay, rules } = found
  const asOf = found.asOf === undefined ? newestDay : Math.floor(found.asOf.getTime() / 86_400_000)
  const exact = found.exact.toSorted((a, b) => (a.sum.currency < b.sum.currency ? -1 : 1))
  const joined = joinRows(found.rest.ours, found.rest.gateway)
  const kernel = TableKernel.create(joined.memory)
  const numbering = help?.number(joined)
  const { table, order, repeated } = restTable(joined, kernel)
  const numbers = numbersInOrder(joined, (await numbering) ?? numberRows(joined, kernel), order, kernel)
  const pairs = pairsIn(joined.work, table.count)
  const matching = help?.match({ table, numbers, rules, pairs })
  // Meanwhile what does not depend on it.
  const ids = Array.from({ length: table.count }, (_, row) => textAt(table, row, spanAt.id))
  const stands = exact.map((each) => standFor(each, gateway, newestDay, found.fingerprint))
  const inputs = digestRows({ table, gateway, extra: linesAmong(ids, stands) })
  const told = tellItems(table, ids)
  const decided = (await matching) ?? matchRows(table, numbers, rules, new Decisions(table.count, pairs)).decisions
  const matched = { table, numbers, decisions: { ...decided, ...pairs } }
  const names = help && pairNames(help, matched, joined.work)
  const ground = { gateway, asOf, ground: [canonical(rules), inputs, String(asOf)], repeated }
  const hashing = help?.digestReport(reportLines(matched, joined.work.states, matchesAmong(ids, stands), ground))
  tellOpen(told, matched, { ids, asOf })
  tellMatches(told, matched, { ids, asOf }, await names)
  for (const stand of stands) addStand(told, stand)
  const proof = {
    ...({ version: 1, inputs, items: told.items, matches: told.proofs } as const),
    ...{ open: told.exceptions.map(({ item }) => item), totals: told.sums.totals() },
  }
  let known: ReadonlySet<string> | undefined
  const { payouts: _, ...report } = finishReport(
    { matches: told.matches, exceptions: told.exceptions, payouts: [], repeated, proof },
    {
      ...{ rules: canonical(rules), inputs, asOf },
      hash: await hashing,
      isKnown: (id) => (known ??= new Set(told.items.map(([item]) => item))).has(id),
    },
  )
  return { ...report, rows, exact }
}

/** Columns for what becomes of so many rows. */
function pairsIn({ partners, rules, words }: RowsWork, count: number): MatchTask['pairs'] {
  return { partners: partners.subarray(0, count), rules: rules.subarray(0, count), words: words.subarray(0, count) }
}

/** Reads the names of pairs that another thread makes. */
async function pairNames(help: RowsHelp, { table, decisions }: RowsMatched, { names, nameStage }: RowsWork) {
  const length = await help.namePairs({ table, partners: decisions.partners, names, nameStage })
  return length === undefined ? undefined : nameReader(names.subarray(0, length))
}

type Stand = ReturnType<typeof standFor>

/** Where the items that stand for pairs belong among the rows. */
function linesAmong(ids: readonly string[], stands: readonly Stand[]): ExtraLine[] {
  return stands
    .flatMap(({ pair }) => pair)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((item) => {
      const before = placeOf(item.id, ids.length, (at) => ids[at]!)
      if (ids[before] === item.id) throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id: item.id })
      return { before, line: itemLine(item) }
    })
}

/** Where the matches that stand for pairs belong. */
function matchesAmong(ids: readonly string[], stands: readonly Stand[]): ExtraLine[] {
  return stands.map(({ match }) => ({
    before: placeOf(match.left[0]!, ids.length, (at) => ids[at]!),
    line: matchLine({ ...match, differences: [] }),
  }))
}

function addStand({ items, matches, proofs, sums }: RowsTold, { pair, match }: Stand): void {
  for (const { id, side, kind, amount } of pair) {
    const at = placeOf(id, items.length, (place) => items[place]![0])
    items.splice(at, 0, [id, side, kind, amount.currency, String(amount.amount), '0'])
  }
  const at = placeOf(match.left[0]!, matches.length, (place) => matches[place]!.left[0]!)
  matches.splice(at, 0, { id: matchId(match), ...match, differences: [] })
  proofs.splice(at, 0, { left: match.left, right: match.right, differences: [] })
  const { amount, currency } = pair[0].amount
  for (const name of ['ours', 'gross'] as const) sums.addLarge(currencyNumber(currency), name, amount)
}

/** How many of some ascending texts come before this one. */
function placeOf(text: string, count: number, nameOf: (at: number) => string): number {
  let [from, to] = [0, count]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (nameOf(middle) < text) from = middle + 1
    else to = middle
  }
  return from
}
