import { randomBelow, shuffled } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { createLedger, type JournalLine, type Ledger, type LedgerEntry, type LedgerLine } from '@exprsn/payments/ledger'
import { SimulatedProcess } from '../payments/simulated-process.ts'

/** A mistake in the ledger's statements, or in the transactions that they run in. */
export interface LedgerPlant {
  readonly sql?: ((text: string) => string) | undefined
  readonly database?: ((real: Database) => Database) | undefined
}

const accounts = [
  { code: 'a', currency: 'EUR', kind: 'asset', limit: 'none' },
  { code: 'b', currency: 'EUR', kind: 'income', limit: 'none' },
  { code: 'w', currency: 'EUR', kind: 'liability', limit: 'never-negative' },
  { code: 'v', currency: 'EUR', kind: 'asset', limit: 'never-negative' },
] as const

interface Command {
  readonly entry: LedgerEntry
  readonly reverses?: string | undefined
  answer?: string
}

/** Callers in two processes that end at every statement post, reserve, settle and reverse; then the journal is added up again. */
export async function simulateLedger(seed: number, plant: LedgerPlant = {}): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const clock = new SimulatedClock()
  const faults: Record<string, number> = {}
  const violations: string[] = []
  await using real = sqliteDatabase({ path: ':memory:' })
  const sound = createLedger({ database: real, clock })
  await migrate(real, [sound.migrations])
  await sound.openAccounts(accounts)
  const start = (): { readonly process: SimulatedProcess; readonly ledger: Ledger } => {
    const process = new SimulatedProcess({
      real: plant.database?.(real) ?? real,
      clock,
      skew: () => 0,
      random: random.fork(`process ${JSON.stringify(faults)}`),
      hit: (fault) => (faults[fault] = (faults[fault] ?? 0) + 1),
      calm: () => false,
      plant: plant.sql ?? ((text) => text),
    })
    return { process, ledger: createLedger({ database: process.database, clock, batch: 8 }) }
  }
  const processes = [start(), start()]
  const commands = commandsOf(random)

  async function carryOut(command: Command): Promise<void> {
    for (let patience = 0; patience < 40 && command.answer === undefined; patience++) {
      const which = randomBelow(random, 2)
      if (processes[which]!.process.dead) processes[which] = start()
      const { process, ledger } = processes[which]!
      const { entry, reverses } = command
      const work = reverses === undefined ? ledger.post(entry) : ledger.reverse(reverses, { id: entry.id })
      const outcome = await Promise.race([work, process.ended]).catch((error: unknown) => error)
      if (typeof outcome === 'object' && outcome !== null && !(outcome instanceof Error) && 'status' in outcome)
        command.answer = 'reason' in outcome ? `refused ${String(outcome.reason)}` : String(outcome.status)
      if (command.answer !== undefined && randomBelow(random, 4) === 0) {
        faults['answer/forgotten'] = (faults['answer/forgotten'] ?? 0) + 1
        if (command.answer === 'posted') delete command.answer
      }
    }
    if (command.answer === undefined) violations.push(`${command.entry.id} never got an answer.`)
  }

  for (let index = 0; index < commands.length; index += 6)
    await Promise.all(commands.slice(index, index + 6).map(carryOut))
  const lines: JournalLine[] = []
  for await (const line of sound.journal()) lines.push(line)
  violations.push(...judge(lines, commands), ...(await compare(sound, lines)))
  return { faults, violations }
}

/** Transfers of one to three lines, reservations, what settles them, and reversals; some are asked for twice. */
function commandsOf(random: SeededRandom): Command[] {
  const codes = accounts.map(({ code }) => code)
  const commands: Command[] = []
  const reserves: string[] = []
  for (let number = 0; number < 36; number++) {
    const id = `e${number}`
    const amount = { amount: BigInt(1 + randomBelow(random, 40)), currency: 'EUR' }
    const dice = randomBelow(random, 10)
    if (dice < 2 && reserves.length > 0) {
      const reserve = reserves[randomBelow(random, reserves.length)]!
      commands.push({ entry: { id, lines: [{ kind: dice === 0 ? 'post' : 'release', reserve }] } })
      continue
    }
    if (dice === 2 && number > 5) {
      commands.push({ entry: { id, lines: [] }, reverses: `e${randomBelow(random, number)}` })
      continue
    }
    const lines = Array.from({ length: 1 + randomBelow(random, 3) }, (): LedgerLine => {
      const [debit, credit] = shuffled(random, codes) as [string, string]
      return dice < 6 ? { debit, credit, amount } : { kind: 'reserve', debit, credit, amount }
    })
    if (dice >= 6) reserves.push(`${id}#1`)
    commands.push({ entry: { id, lines } })
  }
  const twice = commands.filter(() => randomBelow(random, 4) === 0).map(({ entry, reverses }) => ({ entry, reverses }))
  return [...commands, ...twice]
}

/** What the journal says, line by line, against the rules of bookkeeping and what callers were told. */
function* judge(lines: readonly JournalLine[], commands: readonly Command[]): Iterable<string> {
  const settled = new Set<number>()
  const reversed = new Map<string, string>()
  const balances = new Map<string, { open: bigint; grown: bigint }>(
    accounts.map(({ code }) => [code, { open: 0n, grown: 0n }]),
  )
  const byEntry = new Map<string, JournalLine[]>()
  for (const line of lines) byEntry.set(line.entry, [...(byEntry.get(line.entry) ?? []), line])
  // Refused at first for want of money, and posted later, is posted.
  const done = new Set(
    commands.filter(({ answer }) => answer === 'posted' || answer === 'exists').map(({ entry }) => entry.id),
  )
  for (const [index, line] of lines.entries()) {
    if (line.sequence !== index + 1) yield `Line ${index + 1} has the number ${line.sequence}.`
    if (line.reserve !== undefined && settled.size === settled.add(line.reserve).size)
      yield `The reservation of line ${line.reserve} was settled twice.`
    if (line.reverses !== undefined && (reversed.get(line.reverses) ?? line.entry) !== line.entry)
      yield `${line.reverses} was reversed twice.`
    if (line.reverses !== undefined) reversed.set(line.reverses, line.entry)
    move(balances, line)
    for (const { code, limit, kind } of accounts) {
      const { grown, open } = balances.get(code)!
      const worth = kind === 'asset' ? grown : -grown
      if (limit === 'never-negative' && worth - open < 0n) yield `${code} is below zero after line ${line.sequence}.`
    }
  }
  for (const { entry, reverses, answer } of commands) {
    const posted = byEntry.get(entry.id)
    const told = done.has(entry.id)
    if (told !== (posted !== undefined))
      yield `${entry.id} was told ${answer}, and ${told ? 'is not' : 'is'} in the journal.`
    if (posted === undefined || reverses !== undefined) continue
    const says = entry.lines.map((line) =>
      'amount' in line && line.amount ? [('debit' in line && line.debit) || '', line.amount.amount] : ['', 0n],
    )
    const stands = posted.map(({ debit, amount }) => [debit, amount])
    if (says.length !== stands.length) yield `${entry.id} has ${stands.length} lines instead of ${says.length}.`
    for (const [index, [debit, amount]] of says.entries())
      if (debit !== '' && (stands[index]?.[0] !== debit || stands[index]?.[1] !== amount))
        yield `Line ${index + 1} of ${entry.id} is not what was asked for.`
  }
}

function move(
  balances: Map<string, { open: bigint; grown: bigint }>,
  { kind, debit, credit, amount }: JournalLine,
): void {
  const [to, from] = [balances.get(debit)!, balances.get(credit)!]
  if (kind === 'transfer' || kind === 'post') {
    to.grown += amount
    from.grown -= amount
  }
  // What a reservation may still take: of a liability by its debit, of an asset by its credit.
  const held = kind === 'reserve' ? amount : kind === 'transfer' ? 0n : -amount
  if (debit === 'w') to.open += held
  if (credit === 'v') from.open += held
}

async function compare(ledger: Ledger, lines: readonly JournalLine[]): Promise<string[]> {
  const violations: string[] = []
  for (const { code } of accounts) {
    const moved = lines.filter(({ kind }) => kind === 'transfer' || kind === 'post')
    const sum = (side: 'debit' | 'credit'): bigint =>
      moved.filter((line) => line[side] === code).reduce((total, { amount }) => total + amount, 0n)
    const { debits, credits } = await ledger.account(code)
    if (debits !== sum('debit') || credits !== sum('credit'))
      violations.push(`${code} has ${debits} − ${credits}, its lines say ${sum('debit')} − ${sum('credit')}.`)
  }
  for (const { message } of (await ledger.verify()).faults) violations.push(`The books are wrong: ${message}`)
  if (!(await ledger.trialBalance()).balanced) violations.push('The books do not balance.')
  return violations
}
