import { createCardGuard } from './card-guard.ts'
import { gatewayErrors } from './errors.ts'

interface CheckedCommand {
  readonly key: string
  readonly amount?: { readonly amount: bigint; readonly currency: string } | undefined
  readonly order?: string | undefined
}

const guard = createCardGuard()

/**
 * What every driver checks before it sends anything: the key, the amount, the order, and that no card number is in it.
 *
 * @throws `PAYMENTS_GATEWAY_INPUT_INVALID`, `PAYMENTS_CARD_NUMBER_REFUSED`
 * @example
 * ```ts
 * import { checkCommand } from '@exprsn/payments/gateway'
 *
 * checkCommand('mygateway', { key: 'order-1/charge', amount: { amount: 4990n, currency: 'EUR' } })
 * ```
 */
export function checkCommand(gateway: string, command: CheckedCommand): void {
  const { key, amount, order } = command
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw invalid(gateway, 'key', 'is not 1 to 200 characters of printable ASCII without blanks')
  if (order !== undefined && (typeof order !== 'string' || order.length === 0 || order.length > 100))
    throw invalid(gateway, 'order', 'is not 1 to 100 characters')
  if ('amount' in command) checkAmount(gateway, amount)
  guard.check(command)
}

function checkAmount(gateway: string, money: CheckedCommand['amount']): void {
  if (typeof money?.amount !== 'bigint')
    throw invalid(gateway, 'amount', 'is not money: pass { amount: bigint, currency }')
  if (money.amount <= 0n) throw invalid(gateway, 'amount', 'is not above zero')
  if (!/^[A-Z]{3}$/.test(money.currency)) throw invalid(gateway, 'amount.currency', 'is not an ISO 4217 code')
}

function invalid(gateway: string, field: string, reason: string) {
  return gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({ gateway, field, reason })
}
