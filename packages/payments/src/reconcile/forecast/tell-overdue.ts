import type { Notify } from '@exprsn/core/notify'
import { decimalText } from '../../money/decimal-text.ts'
import type { SettlementForecast } from './forecast-settlements.ts'

/**
 * Tells of every settlement that is overdue; notifications recognise what was told before.
 *
 * @returns how many there are
 * @example
 * ```ts
 * import { createNotify, type Channel } from '@exprsn/core/notify'
 * import { forecastSettlements, tellOverdue } from '@exprsn/payments/reconcile'
 *
 * const screen: Channel = { kind: 'console', send: async ({ title }) => console.log(title) }
 * await using notify = createNotify({ channels: { screen } })
 * console.log(await tellOverdue(forecastSettlements([], { asOf: '2026-11-30' }), notify)) // 0
 * ```
 */
export async function tellOverdue(
  { overdue, asOf }: SettlementForecast,
  notify: Pick<Notify, 'send'>,
  {
    signal,
  }: {
    /** Ends it between two of them. */
    readonly signal?: AbortSignal | undefined
  } = {},
): Promise<number> {
  for (const { gateway, kind, name, amount, latestOn } of overdue) {
    const value = `${decimalText(amount)} ${amount.currency}`
    await notify.send(
      {
        title: `${gateway}: ${kind} ${name} is overdue`,
        text: `${value} should have arrived by ${latestOn}; on ${asOf} it had not. Ask the gateway.`,
        severity: 'warning',
        key: `settlement:${gateway}:${kind}:${name}:${amount.currency}`,
        group: 'Settlements',
        labels: { gateway, kind },
      },
      { signal },
    )
  }
  return overdue.length
}
