import { outcomesPicture } from '@exprsn/payments/dispute'
import { formatMoney } from '@exprsn/payments/money'
import {
  agingPicture,
  auditFees,
  cashPicture,
  cashPosition,
  checkProof,
  exceptionsPage,
  forecastSettlements,
  readAging,
  readMovements,
  tellOverdue,
  type FeeRule,
} from '@exprsn/payments/reconcile'
import type { Books } from './books.ts'

/** What the contracts say. PayPal raised its fixed part without telling. */
const contracts: readonly FeeRule[] = [
  { gateway: 'stripe', currency: 'USD', rate: '0.029', fixed: 30n },
  { gateway: 'stripe', currency: 'USD', kind: 'dispute', fixed: 1_500n },
  { gateway: 'paypal', currency: 'USD', rate: '0.0349', fixed: 39n },
]

/** The files of the month, by name, and what they say in a few lines. */
export async function monthReport({ database, reconciliation, disputes, payments, notify }: Books, asOf: string) {
  const report = await reconciliation.report({ asOf: new Date(asOf) })
  const movements = await readMovements({ database })
  const fees = auditFees(movements, contracts)
  const forecast = forecastSettlements(movements, { asOf, manual: ['paypal'] })
  const [position] = cashPosition(movements, { opening: { USD: 500_000n }, until: asOf })
  const ages = await readAging({ database, asOf })
  const outcomes = await disputes.report()
  const [totals] = report.proof.totals
  const faults = checkProof(report.proof)
  const usd = (amount: string): string => formatMoney({ amount: BigInt(amount), currency: 'USD' }, { locale: 'en-US' })
  const pictures = {
    'aging.svg': agingPicture(ages),
    'cash.svg': position === undefined ? '' : cashPicture(position),
    'disputes.svg': outcomesPicture(outcomes),
  }
  const lines = [
    `${report.matches.length} matches, ${report.exceptions.length} open, books ${(await payments.ledger.verify()).ok ? 'in order' : 'broken'}`,
    `sold less refunds and disputes: ${usd(totals!.ours)} in our books, ${usd(totals!.gross)} at the gateways`,
    `paid out ${usd(totals!.paidOut)}, still held ${usd(totals!.held)}, at the bank ${usd(totals!.bank)}`,
    `the proof: ${faults.length === 0 ? 'no cent was lost' : faults.join('; ')} (${report.hash.slice(0, 16)}…)`,
    ...fees.totals
      .filter(({ difference }) => difference.amount !== 0n)
      .map(
        ({ gateway, difference, ruled }) =>
          `${gateway} charged ${usd(String(difference.amount))} more than its contract says, on ${ruled} payments`,
      ),
    `${forecast.expected.length} settlements are to come, ${await tellOverdue(forecast, notify)} are overdue`,
    `disputes: ${outcomes.all.won} won of ${outcomes.all.cases}`,
  ]
  const items = lines.map((line) => `<li>${line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</li>`).join('')
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>October 2026</title></head>
<body style="font:15px/1.5 system-ui;max-width:46rem;margin:2rem auto"><h1>October 2026</h1><ul>${items}</ul>
${Object.values(pictures).join('\n')}</body></html>
`
  const files: Readonly<Record<string, string>> = {
    ...pictures,
    'report.html': page,
    'proof.json': `${JSON.stringify(report.proof, undefined, 2)}\n`,
    'exceptions.html': exceptionsPage(await reconciliation.exceptions({ limit: 1_000 }), ages),
  }
  return { lines, files, faults, open: report.exceptions.length }
}
