import type { RemoveMethodCommand, SaveMethodCommand } from '../../gateway/command.ts'
import type { OperationOutcome } from '../../gateway/outcome.ts'
import type { SavedMethodSnapshot } from '../../gateway/snapshot.ts'
import type { PaypalApi } from './paypal-api.ts'
import { savedMethod } from './paypal-order.ts'
import { referenceOf } from './paypal-snapshot.ts'

const path = '/v3/vault/payment-tokens'

type Saved = {
  readonly id: string
  readonly payment_source: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Turns a setup token that the buyer approved into a method that PayPal keeps. */
export async function saveInVault(
  api: PaypalApi,
  { key, customer, token: id }: SaveMethodCommand,
): Promise<OperationOutcome<SavedMethodSnapshot>> {
  const json = { payment_source: { token: { id, type: 'SETUP_TOKEN' } }, customer: { id: customer } }
  const saved = await api.request<Saved>('POST', path, { json, key: referenceOf(key) })
  const [type = 'card', details] = Object.entries(saved.payment_source)[0] ?? []
  const method = {
    type,
    brand: details?.['brand']?.toLowerCase(),
    last4: details?.['last_digits'],
    expires: details?.['expiry'],
  }
  const reference = `${type}:${saved.id}`
  return { status: 'succeeded', result: { kind: 'method', reference, customer, method, removed: false } }
}

/** Makes PayPal forget a method. */
export async function removeFromVault(
  api: PaypalApi,
  { customer, reference }: RemoveMethodCommand,
): Promise<OperationOutcome<SavedMethodSnapshot>> {
  const { type, id } = savedMethod(reference)
  await api.request('DELETE', `${path}/${encodeURIComponent(id)}`)
  return { status: 'succeeded', result: { kind: 'method', reference, customer, method: { type }, removed: true } }
}
