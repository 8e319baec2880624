import { randomBelow, shuffled, type Random } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { checkProof, createReconciliation, reconcile, type ReconcileInputs } from '@exprsn/payments/reconcile'
import type { BankStatement } from '@exprsn/payments/statement'
import { generateBooks } from '../../reconcile/generate-books.ts'
import type { LedgerPlant } from '../ledger/simulate-ledger.ts'
import { SimulatedProcess } from '../payments/simulated-process.ts'

const rules = { tolerance: { EUR: 10n } }
const gateways = ['authorizenet', 'paypal', 'stripe']

/**
 * Adds a drawn month portion by portion, some twice, with a statement that the bank corrects, while people write off and
 * reopen. At the end everything must be as if it had come at once.
 */
export async function simulateReconcile(seed: number, plant: LedgerPlant = {}): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const clock = new SimulatedClock()
  const faults: Record<string, number> = {}
  const violations: string[] = []
  const hit = (fault: string): number => (faults[fault] = (faults[fault] ?? 0) + 1)
  await using real = sqliteDatabase({ path: ':memory:' })
  const sound = createReconciliation({ database: real, gateways, rules, clock })
  await migrate(real, [sound.migrations])
  const start = () => {
    const process = new SimulatedProcess({
      real: plant.database?.(real) ?? real,
      clock,
      skew: () => 0,
      random: random.fork(`process ${JSON.stringify(faults)}`),
      hit,
      calm: () => false,
      plant: plant.sql ?? ((text) => text),
    })
    return { process, reconciliation: createReconciliation({ database: process.database, gateways, rules, clock }) }
  }
  const processes = [start(), start()]

  /** Asks until an answer comes: a process that ends is started again. */
  async function carryOut(work: (on: typeof sound) => Promise<unknown>): Promise<void> {
    for (let patience = 0; patience < 60; patience++) {
      const which = randomBelow(random, 2)
      if (processes[which]!.process.dead) processes[which] = start()
      const { process, reconciliation } = processes[which]!
      const ended = process.ended.then(() => 'ended' as const)
      const outcome = await Promise.race([work(reconciliation).then(() => 'done' as const), ended]).catch(
        (error: unknown) => error,
      )
      if (outcome === 'done') {
        if (randomBelow(random, 8) > 0) return
        hit('answer/forgotten')
        continue
      }
      // Done before, by a process that ended before it could say so.
      if (/it is written off|neither matched by hand nor written off/.test(String(outcome))) return
    }
    violations.push(`seed ${seed}: no answer came after 60 tries`)
  }

  const books = await generateBooks(seed, 24)
  const statements = withCorrection(books.statements, random, hit)
  const inputs: ReconcileInputs = { ...books, statements }
  const portions = portionsOf(inputs, random)
  for (const portion of [...portions]) {
    if (randomBelow(random, 4) > 0) continue
    hit('portion/repeated')
    portions.splice(randomBelow(random, portions.length + 1), 0, portion)
  }
  for (const portion of portions) {
    await carryOut((on) => on.add(portion))
    const [open] = randomBelow(random, 3) === 0 ? await sound.exceptions({ reason: 'missing' }).catch(() => []) : []
    if (open === undefined) continue
    await carryOut((on) => on.writeOff(open.item, { by: 'ann' }))
    await carryOut((on) => on.reopen(open.item, { by: 'ben' }))
  }

  const expected = reconcile({ ...inputs, rules })
  const report = await sound.report()
  for (const fault of checkProof(report.proof)) violations.push(`seed ${seed}: ${fault}`)
  const text = (of: typeof report) =>
    JSON.stringify([of.matches, of.exceptions, of.proof], (_, each: unknown) =>
      typeof each === 'bigint' ? String(each) : each,
    )
  if (text(report) !== text(expected)) violations.push(`seed ${seed}: it is not what reconciling at once gives`)
  return { faults, violations }
}

/** Sometimes the bank sends a statement again with an entry that is another. */
function withCorrection(
  statements: readonly BankStatement[],
  random: Random,
  hit: (fault: string) => void,
): readonly BankStatement[] {
  const [first, ...others] = statements
  if (first === undefined || first.entries.length === 0 || randomBelow(random, 2) === 0) return statements
  hit('statement/corrected')
  const at = randomBelow(random, first.entries.length)
  const entries = first.entries.map((entry, index) =>
    index === at ? { ...entry, id: `${entry.id}x`, text: 'CORRECTED' } : entry,
  )
  return [first, { ...first, id: 'again', entries }, ...others]
}

function portionsOf({ ours, settlements, statements }: ReconcileInputs, random: Random): Partial<ReconcileInputs>[] {
  const parts = <Each>(items: readonly Each[]): Each[][] => {
    const mixed = shuffled(random, items)
    const middle = randomBelow(random, mixed.length + 1)
    return [mixed.slice(0, middle), mixed.slice(middle)]
  }
  return shuffled(random, [
    ...parts(ours).map((part) => ({ ours: part })),
    ...Object.entries(settlements).flatMap(([name, lines]) =>
      parts(lines).map((part) => ({ settlements: { [name]: part } })),
    ),
    ...statements.map((statement) => ({ statements: [statement] })),
  ])
}
