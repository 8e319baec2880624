import { SeededRandom } from '@exprsn/core/testing'
import { formatMoney } from '@exprsn/payments'
import { checkProof, reconcile as compare } from '@exprsn/payments/reconcile'
import { readStatements } from '@exprsn/payments/statement'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { drawMonth } from './month.ts'

/** A month of three gateways and a bank, compared line by line. */
export const reconcile: Step = {
  name: 'reconcile',
  title:
    'Reconciliation: 10,000 orders, three gateways and a CAMT.053 statement; every planted error found, no cent lost',
  run: compareMonth,
}

const orders = 10_000

async function compareMonth({ say }: StepContext): Promise<StepOutcome> {
  const { ours, settlements, file, planted } = drawMonth(orders, new SeededRandom('month'))
  const statements = await readStatements(new TextEncoder().encode(file))
  const report = compare({ ours, settlements, statements })
  const faults = checkProof(report.proof)
  if (faults.length > 0) throw new Error(`The proof does not hold: ${faults[0]}`)
  for (const { what, item } of planted) {
    const { exception } = report.explain(item)
    if (exception === undefined) throw new Error(`${item} was not found: ${what}`)
  }
  const [first] = planted
  say(`for instance ${first!.item}, ${first!.what}: ${report.explain(first!.item).exception!.action}`)
  const totals = report.proof.totals[0]!
  const euros = (amount: string): string => formatMoney({ amount: BigInt(amount), currency: 'EUR' }, { locale: 'en' })
  say(`books ${euros(totals.ours)}, gateways ${euros(totals.gross)}, fees ${euros(totals.fees)}`)
  say(`paid out ${euros(totals.paidOut)}, bank ${euros(totals.bank)}, on the way ${euros(totals.openPayouts)}`)
  return {
    facts: [
      { label: 'matched', value: `${report.matches.length.toLocaleString('en')} groups, each with its evidence` },
      { label: 'planted errors', value: `${planted.length} of ${planted.length} found and explained` },
      { label: 'proof', value: `holds; an independent checker agrees` },
    ],
  }
}
