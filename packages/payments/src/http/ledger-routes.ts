import type { Rule } from '@exprsn/core/auth'
import { createRouter, type RouteContext, type Router, type RouterOptions } from '@exprsn/core/http'
import type { CurrencyTotals } from '../ledger/trial-balance.ts'
import type { Payments } from '../payments/payments.ts'
import { afterSchema, statementSchema, trialBalanceSchema, verificationSchema } from './schemas.ts'
import { shown } from '../money/shown.ts'

/** The books, to be read. */
export function ledgerRoutes(
  payments: Payments,
  {
    read,
    auth,
  }: {
    readonly read: Rule<RouteContext> | undefined
    readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  },
): Router {
  const tags = ['ledger']
  return createRouter({ auth: auth === false ? undefined : auth })
    .route({
      method: 'GET',
      path: '/ledger/trial-balance',
      summary: 'All balances by currency, whose sum is zero',
      tags,
      allow: read,
      responses: { 200: trialBalanceSchema },
      handler: async () => {
        const { balanced, currencies } = await payments.ledger.trialBalance()
        return { balanced, currencies: currencies.map(shownTotals) }
      },
    })
    .route({
      method: 'GET',
      path: '/ledger/accounts/:code/statement',
      summary: 'The lines of an account with its running balance',
      tags,
      allow: read,
      query: afterSchema,
      responses: { 200: statementSchema, 404: 'There is no such account.' },
      handler: async ({ params, query: { after, limit = 100 }, signal }) => {
        const lines: unknown[] = []
        let last: number | undefined
        for await (const { line, change, balance } of payments.ledger.statement(params.code, { after, signal })) {
          if (lines.length === limit) return { lines, next: last }
          last = line.sequence
          const { amount, currency } = line
          const inCurrency = (value: bigint) => ({ amount: value, currency })
          const shownLine = {
            ...line,
            amount: inCurrency(amount),
            change: inCurrency(change),
            balance: inCurrency(balance),
          }
          lines.push(shown(shownLine))
        }
        return { lines }
      },
    })
    .route({
      method: 'GET',
      path: '/ledger/verification',
      summary: 'Reads the whole journal and computes it again',
      tags,
      allow: read,
      responses: { 200: verificationSchema },
      handler: async ({ signal }) => {
        const { ok, lines, faults } = await payments.ledger.verify({ signal })
        return { ok, lines, faults: shown(faults) }
      },
    })
}

function shownTotals({ currency, debits, credits, accounts }: CurrencyTotals) {
  const inCurrency = (amount: bigint) => shown({ amount, currency })
  return {
    currency,
    debits: inCurrency(debits),
    credits: inCurrency(credits),
    accounts: accounts.map(({ code, kind, balance }) => ({ code, kind, balance: inCurrency(balance) })),
  }
}
