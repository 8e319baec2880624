import type { ChargeCommand } from '../../gateway/command.ts'
import { gatewayErrors } from '../../gateway/errors.ts'
import { toPaypalMoney } from './paypal-amount.ts'
import { referenceOf } from './paypal-snapshot.ts'

/** The order of a charge, in the names of the server SDK. @throws `PAYMENTS_GATEWAY_INPUT_INVALID` for a redirect without its way back */
export function orderOf(gateway: string, command: ChargeCommand): unknown {
  const { key, amount, method, order, description, returnUrl, cancelUrl = returnUrl } = command
  const { currency_code: currencyCode, value } = toPaypalMoney(amount)
  if (method.kind === 'redirect' && returnUrl === undefined)
    throw gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({
      gateway,
      field: 'returnUrl',
      reason: 'is needed for redirects',
    })
  const saved = method.kind === 'saved' ? savedMethod(method.reference) : undefined
  return {
    intent: (command.capture ?? 'now') === 'now' ? 'CAPTURE' : 'AUTHORIZE',
    purchaseUnits: [{ amount: { currencyCode, value }, customId: referenceOf(key), invoiceId: order, description }],
    paymentSource:
      method.kind === 'redirect'
        ? { paypal: { experienceContext: { returnUrl, cancelUrl, userAction: 'PAY_NOW' } } }
        : method.kind === 'token'
          ? { card: { singleUseToken: method.token } }
          : saved?.type === 'paypal'
            ? { paypal: { vaultId: saved.id } }
            : { card: { vaultId: saved?.id } },
  }
}

/** Saved methods are named `card:…` or `paypal:…`: the vault's identifier alone does not say which it is. */
export function savedMethod(reference: string): { readonly type: string; readonly id: string } {
  const [, type = 'card', id = reference] = /^(card|paypal):(.+)$/.exec(reference) ?? []
  return { type, id }
}
