import { decimalText } from '@exprsn/payments/money'
import type { LedgerAccount } from '@exprsn/payments/ledger'
import type { Books } from './books.ts'

const bankFees: LedgerAccount = { code: 'expenses:bank-fees:USD', currency: 'USD', kind: 'expense' }
const rent: LedgerAccount = { code: 'expenses:rent:USD', currency: 'USD', kind: 'expense' }
const bank: LedgerAccount = { code: 'assets:bank:USD', currency: 'USD', kind: 'asset' }

/** What people do about the exceptions, one line each: what no rule may decide by itself. */
export async function decide({ reconciliation, payments }: Books): Promise<readonly string[]> {
  const done: string[] = []
  await payments.ledger.openAccounts([bankFees, rent, bank])
  const open = await reconciliation.exceptions({ limit: 1_000 })
  const payouts = open.filter(({ item }) => item.startsWith('stripe:'))
  for (const { item, amount, reason } of open.filter((each) => each.item.startsWith('bank:'))) {
    if (amount.amount < 0n) {
      const paid = { amount: -amount.amount, currency: amount.currency }
      const lines = [{ debit: rent.code, credit: bank.code, amount: paid }]
      await reconciliation.writeOff(item, {
        by: 'ann',
        note: 'rent',
        entry: { id: 'rent/2026-10', lines, reference: item },
      })
      done.push(`ann booked ${decimalText(paid)} USD of rent (${reason})`)
      continue
    }
    // The payout that is worth as much, or 25 cents more: people may think what a rule must not.
    const payout = payouts.find((each) => [0n, 25n].includes(each.amount.amount - amount.amount))
    if (payout === undefined) continue
    const rest = payout.amount.amount - amount.amount
    const difference = { amount: rest, currency: 'USD' }
    const note = rest === 0n ? 'the bank lost the reference' : 'the bank kept its fee'
    const match = await reconciliation.match({ left: [payout.item], right: [item], difference }, { by: 'ann', note })
    await reconciliation.approve(match, { by: 'ben' })
    if (rest > 0n) {
      const lines = [{ debit: bankFees.code, credit: bank.code, amount: difference }]
      await payments.ledger.post({ id: `bank-fee/${item}`, lines, reference: item })
    }
    done.push(`ann matched ${decimalText(payout.amount)} USD by hand, ben approved: ${note} (${reason})`)
  }
  return done
}
