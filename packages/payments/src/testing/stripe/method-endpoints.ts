import { metadataOf, textOf } from './check-parameters.ts'
import type { StripeCall, StripeEndpoint } from './endpoint.ts'
import { renderCustomer, renderMethod } from './render.ts'
import type { StripeAccount } from './stripe-account.ts'
import type { CustomerRecord, MethodRecord } from './stripe-objects.ts'
import { missingObject, wrongState } from './stripe-refusal.ts'
import { testMethodOf } from './test-methods.ts'

/** `/v1/customers` and `/v1/payment_methods`. */
export const methodEndpoints: readonly StripeEndpoint[] = [
  {
    route: 'POST /v1/customers',
    parameters: { email: 'text', name: 'text', description: 'text' },
    run: ({ account, parameters }) => {
      const customer: CustomerRecord = {
        id: account.createId('cus'),
        createdAt: account.clock.now(),
        email: textOf(parameters, 'email'),
        name: textOf(parameters, 'name'),
        metadata: metadataOf(parameters),
      }
      account.customers.set(customer.id, customer)
      return renderCustomer(customer)
    },
  },
  {
    route: 'POST /v1/payment_methods/:id/attach',
    parameters: { 'customer!': 'text' },
    run: ({ account, ids, parameters }) => {
      const customer = textOf(parameters, 'customer')!
      if (!account.customers.has(customer)) throw missingObject('customer', customer, 'customer')
      const id = useMethod(account, ids[0]!, undefined)
      return renderMethod(account, attachMethod(account, id, customer))
    },
  },
  { route: 'POST /v1/payment_methods/:id/detach', parameters: {}, run: detach },
  {
    route: 'GET /v1/payment_methods/:id',
    parameters: {},
    run: ({ account, ids }) => renderMethod(account, methodOf(account, ids[0]!)),
  },
]

function detach({ account, ids }: StripeCall): unknown {
  const method = methodOf(account, ids[0]!)
  if (method.customer === undefined)
    throw wrongState('payment_method_not_attached', 'The payment method you provided is not attached to a customer.')
  method.customer = undefined
  account.emitMethod('payment_method.detached', method)
  return renderMethod(account, method)
}

/** The method that a token stands for. Test tokens make a new method each time. */
export function useMethod(account: StripeAccount, token: string, customer: string | undefined): string {
  const known = account.methods.get(token)
  if (known !== undefined) {
    if (known.customer !== undefined && known.customer !== customer && customer !== undefined)
      throw wrongState('payment_method_unexpected_state', 'The payment method belongs to another customer.')
    return known.id
  }
  if (testMethodOf(token) === undefined) throw missingObject('PaymentMethod', token, 'payment_method')
  const method: MethodRecord = {
    id: account.createId('pm'),
    createdAt: account.clock.now(),
    token,
    customer: undefined,
  }
  account.methods.set(method.id, method)
  return method.id
}

/** Keeps a method for a customer. */
export function attachMethod(account: StripeAccount, id: string, customer: string): MethodRecord {
  const method = methodOf(account, id)
  if (method.customer === customer) return method
  method.customer = customer
  account.emitMethod('payment_method.attached', method)
  return method
}

function methodOf(account: StripeAccount, id: string): MethodRecord {
  const method = account.methods.get(id)
  if (method === undefined) throw missingObject('PaymentMethod', id, 'payment_method')
  return method
}
