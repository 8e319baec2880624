import type { ParameterTable } from './check-parameters.ts'
import type { FormParameters } from './form-body.ts'
import type { Expansion } from './render.ts'
import type { StripeAccount } from './stripe-account.ts'

/** A request that passed the checks of its table. */
export interface StripeCall {
  readonly account: StripeAccount
  /** What stands for the `:name`s of the path. */
  readonly ids: readonly string[]
  readonly parameters: FormParameters
  readonly expand: Expansion
}

/** One method and path of the API. */
export interface StripeEndpoint {
  /** `POST /v1/payment_intents/:id/capture`. */
  readonly route: string
  readonly parameters: ParameterTable
  /** @throws StripeRefusal */
  readonly run: (call: StripeCall) => unknown
}
