import type { CreateCustomerCommand, RemoveMethodCommand, SaveMethodCommand } from '../../gateway/command.ts'
import type { OperationOutcome } from '../../gateway/outcome.ts'
import type { CustomerSnapshot, SavedMethodSnapshot } from '../../gateway/snapshot.ts'
import { invoiceNumberOf } from './authorize-net-amount.ts'
import { errorOf, throwError, type AuthorizeNetApi } from './authorize-net-api.ts'
import { refused } from './authorize-net-outcome.ts'
import { opaqueDataOf } from './opaque-data.ts'

/** Makes a customer known. */
export async function createCustomerProfile(
  api: AuthorizeNetApi,
  { id, email }: CreateCustomerCommand,
): Promise<OperationOutcome<CustomerSnapshot>> {
  const profile = { merchantCustomerId: invoiceNumberOf(id), description: id, email }
  const answer = await api.send<{ readonly customerProfileId?: string }>('createCustomerProfileRequest', {
    profile,
  })
  const error = errorOf(answer)
  // A profile of the same customer is there: its number stands in the message alone.
  const known = error?.code === 'E00039' ? /ID (\d+)/.exec(error.text)?.[1] : undefined
  const reference = answer.customerProfileId ?? known
  if (reference === undefined) throwError(error ?? { code: 'unknown', text: 'no customerProfileId' })
  return { status: 'succeeded', result: { kind: 'customer', reference, id } }
}

/** Keeps what a customer pays with. */
export async function savePaymentProfile(
  api: AuthorizeNetApi,
  { customer, token }: SaveMethodCommand,
): Promise<OperationOutcome<SavedMethodSnapshot>> {
  type Saved = { readonly customerPaymentProfileId?: string }
  const body = { customerProfileId: customer, paymentProfile: { payment: { opaqueData: opaqueDataOf(token) } } }
  const answer = await api.send<Saved>('createCustomerPaymentProfileRequest', body)
  const error = errorOf(answer)
  const { customerPaymentProfileId: id } = answer
  if (error?.code === 'E00040') return refused(error.code, error.text)
  if (id === undefined || error !== undefined)
    throwError(error ?? { code: 'unknown', text: 'no customerPaymentProfileId' })
  const result = { kind: 'method', reference: id, customer, method: { type: 'card' }, removed: false } as const
  return { status: 'succeeded', result }
}

/** Forgets what a customer paid with. */
export async function removePaymentProfile(
  api: AuthorizeNetApi,
  { customer, reference }: RemoveMethodCommand,
): Promise<OperationOutcome<SavedMethodSnapshot>> {
  const body = { customerProfileId: customer, customerPaymentProfileId: reference }
  const error = errorOf(await api.send('deleteCustomerPaymentProfileRequest', body))
  if (error?.code === 'E00040') return refused(error.code, error.text)
  if (error !== undefined) throwError(error)
  return {
    status: 'succeeded',
    result: { kind: 'method', reference, customer, method: { type: 'card' }, removed: true },
  }
}
