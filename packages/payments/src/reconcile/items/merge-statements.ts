import type { BankEntry } from '../../statement/bank-entry.ts'
import type { BankStatement } from '../../statement/bank-statement.ts'
import { digest } from '../canonical.ts'

/** The booked entries of several statements, each once. */
export interface MergedStatements {
  readonly entries: readonly BankEntry[]
  /** Entries that stand in more than one statement. */
  readonly repeated: readonly string[]
  /** Entries that another statement has with the same name of the bank and other content. */
  readonly conflicts: readonly string[]
}

/**
 * Merges statements that may overlap, repeat or correct each other. An entry is the same when all of it is the same. Two
 * statements of which one begins where the other ends share nothing: what is alike in them happened twice.
 */
export function mergeStatements(statements: readonly BankStatement[]): MergedStatements {
  const entries = new Map<string, BankEntry>()
  const repeated = new Set<string>()
  const statementsOf = new Map<string, BankStatement[]>()
  const sorted = uniqueStatements(statements)
  for (const statement of sorted)
    for (const entry of statement.entries) {
      if (entry.status !== 'booked') continue
      const holders = statementsOf.get(entry.id) ?? []
      const isApart = holders.length > 0 && holders.every((holder) => isDisjoint(holder, statement))
      const id = isApart ? `${entry.id}/${holders.length + 1}` : entry.id
      if (entries.has(id)) repeated.add(id)
      else entries.set(id, { ...entry, id })
      statementsOf.set(entry.id, [...holders, statement])
    }
  for (const { statement, count } of repeatedStatements(statements))
    if (count > 1) for (const { id, status } of statement.entries) if (status === 'booked') repeated.add(id)
  return { entries: [...entries.values()], repeated: [...repeated].toSorted(), conflicts: conflictsOf(sorted) }
}

function uniqueStatements(statements: readonly BankStatement[]): BankStatement[] {
  return repeatedStatements(statements)
    .map(({ statement }) => statement)
    .toSorted((a, b) => (statementName(a) < statementName(b) ? -1 : 1))
}

function repeatedStatements(statements: readonly BankStatement[]) {
  return [...Map.groupBy(statements, statementName).values()].map((same) => ({
    statement: same[0]!,
    count: same.length,
  }))
}

/** All that tells a statement from others; of two with the same name the content decides. */
export function statementName({ account, number, id, createdAt, opening, closing, entries }: BankStatement): string {
  const balances = [opening?.amount, closing?.amount]
  const content = entries.map((entry) => entry.id).toSorted()
  const parts = [account, createdAt, number, id, ...balances, ...content].map((part) => String(part ?? ''))
  return digest(parts)
}

function isDisjoint(one: BankStatement, other: BankStatement): boolean {
  if (one.balances !== 'hold' || other.balances !== 'hold') return false
  const [{ opening, closing }, { opening: begin, closing: end }] = [one, other]
  if (opening!.amount === begin!.amount) return false
  return closing!.amount === begin!.amount || end!.amount === opening!.amount
}

function conflictsOf(statements: readonly BankStatement[]): string[] {
  const conflicts = new Set<string>()
  const versions = new Map<string, Map<string, Set<string>>>()
  for (const statement of statements)
    for (const { id, account, bankReference, status } of statement.entries) {
      if (bankReference === undefined || status !== 'booked') continue
      const name = `${account}\u0000${bankReference}`
      const ofName = versions.get(name) ?? new Map<string, Set<string>>()
      versions.set(name, ofName)
      const holder = statementName(statement)
      ofName.set(holder, (ofName.get(holder) ?? new Set()).add(id))
    }
  for (const ofName of versions.values()) {
    const sets = [...ofName.values()].map((ids) => [...ids].toSorted())
    const isSame = sets.every((ids) => ids.join(' ') === sets[0]!.join(' '))
    if (!isSame) for (const id of sets.flat()) conflicts.add(id)
  }
  return [...conflicts].toSorted()
}
